/** Another version of an instance that really runs on this machine: new processes on the same data, which say what they are. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise'
import { startInstance, untilRunning } from '../support/fixture/alibaba-instance.ts'
import { ADMIN_PASSWORD, enginesOf, localDataDirectory } from '../support/engine/local-instances.ts'

const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in'
const OLD = '3.2.11-1.79-1.6.5'
const NEW = '3.3.13-1.0-1.7.12'

test('every node of the engine shows the new version', { skip, timeout: 180_000 }, async (t) => {
  const group = { cu: 8, storageSize: 200, residentNodeNumber: 1 }
  const dataDir = localDataDirectory(t)
  const share = { threadsPerCpu: 0.125, memoryMibPerCpu: 64 }
  const instance = await startInstance(t, {
    body: {
      Version: '3.2',
      RunMode: 'shared_nothing',
      FrontendNodeGroups: [group],
      BackendNodeGroups: [group],
    },
    cloud: {
      dataDir,
      config: {
        substrates: { default: 'simulation', starrocks: 'local' },
        local: { ...share, advertisedHost: '', keepRunning: false },
      },
    },
  })
  const connect = async (): Promise<Connection> => {
    const { endpoints } = (await instance.document()).status
    const endpoint = endpoints?.find(({ name }) => name === 'mysql')
    assert.ok(endpoint)
    const { host, port } = endpoint
    const client = await createConnection({ host, port, user: 'admin', password: ADMIN_PASSWORD })
    t.after(() => client.destroy())
    return client
  }
  const versions = async (client: Connection) => {
    const found: unknown[] = []
    for (const sql of ['SHOW FRONTENDS', 'SHOW BACKENDS']) {
      const [rows] = await client.query<RowDataPacket[]>(sql)
      found.push(...rows.map((row) => row['Version']))
    }
    return found
  }
  const before = await connect()
  assert.deepEqual(await versions(before), [OLD, OLD])
  await before.query('CREATE DATABASE shop')
  await before.query('CREATE TABLE shop.o (id INT) DUPLICATE KEY(id) DISTRIBUTED BY HASH(id)')
  await before.query('INSERT INTO shop.o VALUES (1), (2)')
  const [process] = enginesOf(dataDir)

  await instance.send('UpgradeVersion', { TargetVersion: '3.3', Minor: false })
  assert.equal((await instance.describe()).InstanceStatus, 'upgrading')
  await untilRunning(instance)

  const [latest] = await instance.history()
  assert.deepEqual([latest.OperationType, latest.OperationStatus], ['upgrade_version', 'COMPLETED'])
  const [now, ...others] = enginesOf(dataDir)
  assert.deepEqual(others, [])
  assert.notEqual(now?.pid, process?.pid)
  const after = await connect()
  assert.deepEqual(await versions(after), [NEW, NEW])
  const [rows] = await after.query<RowDataPacket[]>('SELECT sum(id) AS s FROM shop.o')
  assert.equal(Number(rows[0]?.['s']), 3)
})
