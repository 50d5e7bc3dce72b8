/** Another version of an instance that really runs on this machine: new processes on the same data, which say what they are. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise'
import { startInstance, untilRunning } from '../support/fixture/alibaba-instance.ts'
import { runsVersion } from '../support/fixture/alibaba-version.ts'
import { DAY_MS, HOUR_MS, money } from '../support/fixture/money.ts'
import { ADMIN_PASSWORD, enginesOf, localDataDirectory } from '../support/engine/local-instances.ts'

const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in'
const OLD = '3.2.11-1.79-1.6.5'
const OLD_MINOR = '3.3.2-1.77-1.6.4'
const NEW = '3.3.13-1.0-1.7.12'

const group = { cu: 8, storageSize: 200, residentNodeNumber: 1 }
const share = { threadsPerCpu: 0.125, memoryMibPerCpu: 64 }

async function start(t: TestContext, Version: string) {
  const dataDir = localDataDirectory(t)
  const instance = await startInstance(t, {
    body: {
      Version,
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
  return { ...instance, connect, engines: () => enginesOf(dataDir) }
}

async function versions(client: Connection): Promise<readonly unknown[]> {
  const found: unknown[] = []
  for (const sql of ['SHOW FRONTENDS', 'SHOW BACKENDS']) {
    const [rows] = await client.query<RowDataPacket[]>(sql)
    found.push(...rows.map((row) => row['Version']))
  }
  return found
}

test('every node of the engine shows the new version', { skip, timeout: 180_000 }, async (t) => {
  const instance = await start(t, '3.2')
  const before = await instance.connect()
  assert.deepEqual(await versions(before), [OLD, OLD])
  await before.query('CREATE DATABASE shop')
  await before.query('CREATE TABLE shop.o (id INT) DUPLICATE KEY(id) DISTRIBUTED BY HASH(id)')
  await before.query('INSERT INTO shop.o VALUES (1), (2)')
  const [process] = instance.engines()

  await instance.send('UpgradeVersion', { TargetVersion: '3.3', Minor: false })
  assert.equal((await instance.describe()).InstanceStatus, 'upgrading')
  await untilRunning(instance)

  const [latest] = await instance.history()
  assert.deepEqual([latest.OperationType, latest.OperationStatus], ['upgrade_version', 'COMPLETED'])
  const [now, ...others] = instance.engines()
  assert.deepEqual(others, [])
  assert.notEqual(now?.pid, process?.pid)
  const after = await instance.connect()
  assert.deepEqual(await versions(after), [NEW, NEW])
  const [rows] = await after.query<RowDataPacket[]>('SELECT sum(id) AS s FROM shop.o')
  assert.equal(Number(rows[0]?.['s']), 3)
})

test('an engine gets the newest minor version by itself', { skip, timeout: 180_000 }, async (t) => {
  const instance = await start(t, '3.3')
  const { cloud, send, connect, describe, history } = instance
  await runsVersion(instance, OLD_MINOR)
  await untilRunning(instance)
  assert.deepEqual(await versions(await connect()), [OLD_MINOR, OLD_MINOR])
  const { pass } = money(cloud)
  // 08:00 in UTC+8: its hours are over, and begin again at midnight.
  await pass(DAY_MS - (cloud.clock.now() % DAY_MS))
  await send('ToggleAutoMinorVersionUpgrade', { AutoUpgrade: true })
  await cloud.loop.drain()
  assert.deepEqual(await versions(await connect()), [OLD_MINOR, OLD_MINOR])
  const [process] = instance.engines()
  await pass(16 * HOUR_MS)
  assert.equal((await history())[0]?.OperationType, 'upgrade_version')
  await untilRunning(instance)
  assert.equal((await describe()).MinorVersion, NEW)
  assert.notEqual(instance.engines()[0]?.pid, process?.pid)
  assert.deepEqual(await versions(await connect()), [NEW, NEW])
})
