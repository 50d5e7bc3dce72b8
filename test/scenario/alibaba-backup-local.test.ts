/**
 * Backups of an instance that really runs on this machine: taken while its clients write, and restored into an instance of its own,
 * row by row what was there at that moment, whatever became of the old one.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise'
import { startInstance, untilRunning } from '../support/fixture/alibaba-instance.ts'
import { backedUp, daily, restoreBody, type BackedUp } from '../support/fixture/alibaba-backup.ts'
import {
  ADMIN_PASSWORD,
  directoriesOf,
  localDataDirectory,
  smallEngines,
} from '../support/engine/local-instances.ts'

const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in'
const NEW_PASSWORD = 'Restored#1234'

const DATA = `
  CREATE DATABASE d; USE d;
  CREATE TABLE dup (k INT, v VARCHAR(20)) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k);
  CREATE TABLE pri (k INT, v VARCHAR(20)) PRIMARY KEY(k) DISTRIBUTED BY HASH(k);
  CREATE TABLE uni (k INT, v VARCHAR(20)) UNIQUE KEY(k) DISTRIBUTED BY HASH(k);
  CREATE TABLE agg (k INT, v BIGINT SUM) AGGREGATE KEY(k) DISTRIBUTED BY HASH(k);
  CREATE TABLE log (n INT) DUPLICATE KEY(n) DISTRIBUTED BY HASH(n);
  INSERT INTO dup VALUES (1, 'a'), (1, 'b'), (2, NULL);
  INSERT INTO pri VALUES (1, 'a'), (2, 'b'); INSERT INTO pri VALUES (1, 'c');
  INSERT INTO uni VALUES (1, 'a'); INSERT INTO uni VALUES (1, 'd');
  INSERT INTO agg VALUES (1, 5), (2, 1); INSERT INTO agg VALUES (1, 6);
  CREATE VIEW seen AS SELECT k, v FROM pri WHERE k > 1;
  CREATE USER reader IDENTIFIED BY 'r'; GRANT SELECT ON TABLE d.pri TO USER reader;`
const NAMES = ['dup', 'pri', 'uni', 'agg', 'seen']

interface Login {
  readonly id: string
  readonly password: string
  readonly user?: string
}

async function connectTo(
  t: TestContext,
  { cloud }: BackedUp,
  { id, password, user = 'admin' }: Login,
) {
  const found = await cloud.store.read((tx) => tx.findById('cluster', id))
  const endpoint = found?.document.status.endpoints?.find(({ name }) => name === 'mysql')
  assert.ok(endpoint)
  const { host, port } = endpoint
  const more = { multipleStatements: true, rowsAsArray: true } as const
  const connection = await createConnection({ host, port, user, password, ...more })
  t.after(() => connection.destroy())
  return connection
}

async function rowsOf(connection: Connection, sql: string): Promise<readonly unknown[][]> {
  const [rows] = await connection.query<RowDataPacket[][]>(sql)
  return rows
}

async function contentOf(connection: Connection): Promise<unknown> {
  const content: unknown[] = []
  for (const name of NAMES) {
    const rows = await rowsOf(connection, `SELECT * FROM d.${name} ORDER BY 1, 2`)
    assert.ok(rows.length > 0, name)
    content.push([name, rows, await rowsOf(connection, `SHOW CREATE TABLE d.${name}`)])
  }
  return content
}

/** Looks until nothing is being taken. */
async function taken(it: BackedUp) {
  await it.untilDue()
  for (;;) {
    const [newest] = await it.backups()
    if (newest !== undefined && newest.Status !== 'RUNNING') return newest
    await pause(50)
  }
}

async function stage(t: TestContext) {
  const group = { cu: 8, storageSize: 200, residentNodeNumber: 1 }
  const dataDir = localDataDirectory(t)
  const instance = await startInstance(t, {
    body: { RunMode: 'shared_nothing', FrontendNodeGroups: [group], BackendNodeGroups: [group] },
    cloud: {
      dataDir,
      config: smallEngines,
    },
  })
  const it = backedUp(instance)
  const describe = async (id: string) =>
    (await it.call('DescribeInstances', { query: { InstanceId: id } })).body.Data[0]
  return { it, dataDir, describe }
}

test('what is restored is what was there at that moment, row by row', { skip }, async (t) => {
  const { it, dataDir, describe } = await stage(t)
  const old = await connectTo(t, it, { id: it.id, password: ADMIN_PASSWORD })
  await old.query(DATA)
  await old.query("SET PASSWORD = PASSWORD('Changed#1234')")
  const before = await contentOf(old)
  await it.ask('AddBackupPolicy', daily)
  const writer = await connectTo(t, it, { id: it.id, password: 'Changed#1234' })
  const over = new AbortController()
  const progress = { written: 0 }
  const writing = (async () => {
    for (let n = 1; !over.signal.aborted; n++) {
      await writer.query(`INSERT INTO d.log VALUES (${n})`)
      progress.written = n
    }
  })()
  while (progress.written < 20) await pause(5)
  const least = progress.written
  const backup = await taken(it)
  const most = progress.written + 1
  over.abort()
  await writing
  assert.equal(backup.Status, 'COMPLETED')
  assert.ok(backup.Size > 0)
  assert.deepEqual(
    backup.SubTasks.map(
      (each: { DataBase: string; Table: string }) => `${each.DataBase}.${each.Table}`,
    ),
    ['d.agg', 'd.dup', 'd.log', 'd.pri', 'd.uni'],
  )
  await old.query(
    "INSERT INTO d.dup VALUES (9, 'later'); DROP TABLE d.agg FORCE; DELETE FROM d.pri WHERE k = 1",
  )
  const restored = { AdminPassword: NEW_PASSWORD }
  const { body } = await it.call('RestoreInstance', {
    body: restoreBody(backup.BackupTaskId, restored),
  })
  const id = String(body.Data.InstanceId)
  await untilRunning({ describe: () => describe(id) })
  const mine = await connectTo(t, it, { id: id, password: NEW_PASSWORD })
  assert.deepEqual(await contentOf(mine), before)
  const [found = []] = await rowsOf(mine, 'SELECT count(*), max(n) FROM d.log')
  const [count = 0, last] = found.map(Number)
  assert.equal(count, last, 'no row of one client is missing before another one')
  assert.ok(count >= least && count <= most, `${least} <= ${count} <= ${most}`)
  await assert.rejects(connectTo(t, it, { id: id, password: 'Changed#1234' }), /Access denied/)
  const reader = await connectTo(t, it, { id: id, password: 'r', user: 'reader' })
  assert.deepEqual(await rowsOf(reader, 'SELECT count(*) FROM d.pri'), [[2]])
  await mine.query("INSERT INTO d.agg VALUES (2, 4); INSERT INTO d.pri VALUES (7, 'new')")
  assert.deepEqual(await rowsOf(mine, 'SELECT v FROM d.agg WHERE k = 2'), [[5]])
  assert.equal((await rowsOf(old, 'SELECT k FROM d.pri WHERE k = 7')).length, 0)

  // The old one goes with its backups, and the new one continues.
  await it.send('ReleaseInstance')
  const snapshots = join(dataDir, 'local', '.snapshots')
  while (directoriesOf(dataDir).includes(it.id) || readdirSync(snapshots).length > 0) {
    it.cloud.clock.advance(5_000)
    await pause(50)
  }
  assert.deepEqual(await rowsOf(mine, 'SELECT k FROM d.pri ORDER BY k'), [[1], [2], [7]])
  assert.equal((await it.call('DescribeBackups')).body.Total, 0)
})
