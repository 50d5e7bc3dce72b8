/** The configuration of an instance that really runs on this machine: each change is in force in its engine when it is `running` again. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { test } from 'node:test'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { startInstance, untilRunning } from '../support/fixture/alibaba-instance.ts'
import {
  ADMIN_PASSWORD,
  enginesOf,
  localDataDirectory,
  smallEngines,
} from '../support/engine/local-instances.ts'

const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in'

test(
  'settings are in force in the engine, some of them after a restart, and are taken back',
  { skip },
  async (t) => {
    const group = { cu: 8, storageSize: 200, residentNodeNumber: 1 }
    const dataDir = localDataDirectory(t)
    const it = await startInstance(t, {
      body: { RunMode: 'shared_nothing', FrontendNodeGroups: [group], BackendNodeGroups: [group] },
      cloud: {
        dataDir,
        config: smallEngines,
      },
    })
    const query = async (sql: string) => {
      const place = (await it.document()).status.endpoints?.find(({ name }) => name === 'mysql')
      assert.ok(place)
      const { host, port } = place
      const stream = () => connect({ host, port, localAddress: host })
      const client = await createConnection({ user: 'admin', password: ADMIN_PASSWORD, stream })
      try {
        return (await client.query<RowDataPacket[]>(sql))[0]
      } finally {
        client.destroy()
      }
    }
    const inForce = async (key: string) =>
      (await query(`ADMIN SHOW FRONTEND CONFIG LIKE '${key}'`))[0]?.['Value'] as unknown
    const modify = async (configKey: string, configValue: string) => {
      const item = { configType: 'FE', configKey, configValue }
      await it.call('ModifyInstanceConfig', {
        query: { InstanceId: it.id, Reason: 'test' },
        body: { configsToUpdate: [item] },
      })
      await untilRunning(it)
    }
    const [before] = enginesOf(dataDir)
    await query('CREATE DATABASE d')
    await modify('max_column_number_per_table', '2')
    assert.equal(await inForce('max_column_number_per_table'), '2')
    const wide = 'CREATE TABLE d.t (a INT, b INT, c INT) DISTRIBUTED BY HASH(a)'
    await assert.rejects(query(wide), /must be less than or equal to 2,/)
    assert.deepEqual(enginesOf(dataDir), [before], 'the same process')
    const { ConfigHistoryId } = (await it.send('DescribeConfigHistory')).body.Data[0]

    await modify('qe_max_connection', '7')
    assert.equal(await inForce('qe_max_connection'), '7')
    assert.notDeepEqual(enginesOf(dataDir), [before], 'another process')
    assert.equal(await inForce('max_column_number_per_table'), '2')

    await it.send('RollbackConfigModification', { ConfigHistoryId })
    await untilRunning(it)
    await query(wide)
    assert.equal((await it.document()).spec.configuration.length, 1)
  },
)
