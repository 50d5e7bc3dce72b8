/** A second zone for an instance that runs on this machine, and the way into it: its engine shows where its nodes are. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { startInstance, untilRunning } from '../support/fixture/alibaba-instance.ts'
import {
  ADMIN_PASSWORD,
  localDataDirectory,
  smallEngines,
} from '../support/engine/local-instances.ts'

const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in'
const HERE = 'cn-hangzhou-i'
const THERE = 'cn-hangzhou-h'

test(
  'an engine shows its observer in the other zone, and its nodes there once they have moved',
  { skip },
  async (t) => {
    const group = { cu: 8, storageSize: 200, residentNodeNumber: 1 }
    const dataDir = localDataDirectory(t)
    const it = await startInstance(t, {
      body: { RunMode: 'shared_data', FrontendNodeGroups: [group], BackendNodeGroups: [group] },
      cloud: {
        dataDir,
        config: smallEngines,
      },
    })
    const connect = async () => {
      const { endpoints } = (await it.document()).status
      const { host, port } = endpoints!.find(({ name }) => name === 'mysql')!
      const connection = await createConnection({
        host,
        port,
        user: 'admin',
        password: ADMIN_PASSWORD,
      })
      t.after(() => connection.destroy())
      return connection
    }
    const shown = async () => {
      const connection = await connect()
      const [rows] = await connection.query<RowDataPacket[]>('SHOW FRONTENDS')
      return rows.map((row) => [row['Role'], row['Zone']])
    }
    const { endpoints } = (await it.document()).status
    assert.deepEqual(await shown(), [['LEADER', HERE]])
    const first = await connect()
    await first.query('CREATE DATABASE shop')
    const observers = [{ vswId: 'vsw-second', zoneId: THERE }]
    await it.call('EnableMultiAz', { body: { instanceId: it.id, observers } })
    await untilRunning(it)
    assert.deepEqual(await shown(), [
      ['LEADER', HERE],
      ['OBSERVER', THERE],
    ])
    await it.send('SwitchActiveStandbyZones', { TargetZoneId: THERE })
    await untilRunning(it)
    assert.deepEqual(await shown(), [
      ['LEADER', THERE],
      ['OBSERVER', HERE],
    ])
    assert.deepEqual((await it.document()).status.endpoints, endpoints)
    const [databases] = await (await connect()).query<RowDataPacket[]>("SHOW DATABASES LIKE 'shop'")
    assert.equal(databases.length, 1)
  },
)
