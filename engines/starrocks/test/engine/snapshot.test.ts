import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { SnapshotManifest } from '../../src/engine/snapshot.ts'
import {
  connect,
  identity,
  testClient,
  testDirectory,
  testEngine,
  letsIn,
} from '../support/open-engine.ts'
import type { Client, OpenEngine } from '../support/open-engine.ts'

async function taken(engine: OpenEngine, name: string): Promise<void> {
  engine.snapshots.begin(name)
  while (engine.snapshots.state(name).phase === 'taking') await pause(2)
  const { phase, reason } = engine.snapshots.state(name)
  assert.equal(phase, 'taken', reason)
}

/** An engine of its own that begins with the files of a snapshot. */
async function begunWith(
  t: TestContext,
  { directory, name }: { directory: string; name: string },
  verifier = new Uint8Array(),
): Promise<Client> {
  const own = await testDirectory(t)
  const from = join(directory, 'snapshot', name)
  for (const { path } of manifestOf(directory, name).files)
    copyFileSync(join(from, path), join(own, path))
  const engine = await testEngine(t, {
    directory: own,
    identity: { ...identity, instance: 'c-other', adminVerifier: verifier },
  })
  return connect(engine, 'admin', 'd')
}

function manifestOf(directory: string, name: string): SnapshotManifest {
  const text = readFileSync(join(directory, 'snapshot', name, 'manifest.json'), 'utf8')
  return JSON.parse(text) as SnapshotManifest
}

const TABLES = `
  CREATE TABLE dup (k INT, v VARCHAR(20)) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k);
  CREATE TABLE pri (k INT, v VARCHAR(20)) PRIMARY KEY(k) DISTRIBUTED BY HASH(k);
  CREATE TABLE uni (k INT, v VARCHAR(20)) UNIQUE KEY(k) DISTRIBUTED BY HASH(k);
  CREATE TABLE agg (k INT, v BIGINT SUM) AGGREGATE KEY(k) DISTRIBUTED BY HASH(k);
  CREATE TABLE par (day DATE, v INT) DUPLICATE KEY(day) PARTITION BY date_trunc('day', day) DISTRIBUTED BY HASH(day);
  INSERT INTO dup VALUES (1, 'a'), (1, 'b'), (2, NULL);
  INSERT INTO pri VALUES (1, 'a'), (2, 'b'); INSERT INTO pri VALUES (1, 'c');
  INSERT INTO uni VALUES (1, 'a'); INSERT INTO uni VALUES (1, 'd');
  INSERT INTO agg VALUES (1, 5), (2, 1); INSERT INTO agg VALUES (1, 6);
  INSERT INTO par VALUES ('2024-01-01', 1), ('2024-01-02', 2);
  CREATE VIEW seen AS SELECT k, v FROM pri WHERE k > 1;
  CREATE MATERIALIZED VIEW sums DISTRIBUTED BY HASH(k) REFRESH MANUAL AS SELECT k, sum(v) AS s FROM agg GROUP BY k;
  REFRESH MATERIALIZED VIEW sums WITH SYNC MODE;
  CREATE USER reader IDENTIFIED BY 'r'; GRANT SELECT ON TABLE d.pri TO USER reader;`
const NAMES = ['dup', 'pri', 'uni', 'agg', 'par', 'seen', 'sums']

async function contentOf(client: Client): Promise<Readonly<Record<string, unknown>>> {
  const content: Record<string, unknown> = { grants: await client.rows('SHOW GRANTS FOR reader') }
  for (const name of NAMES) {
    const rows = await client.rows(`SELECT * FROM ${name} ORDER BY 1, 2`)
    assert.ok(rows.length > 0, name)
    content[name] = [rows, await client.rows(`SHOW CREATE TABLE ${name}`)]
  }
  return content
}

test('what begins with a snapshot has every table as it was, whatever was written since', async (t) => {
  const directory = await testDirectory(t)
  const { engine, client } = await testClient(t, { directory })
  await client.run(TABLES)
  const before = await contentOf(client)
  await taken(engine, 'bt-1')
  await client.run(`INSERT INTO dup VALUES (9, 'later'); DROP TABLE agg FORCE; DELETE FROM pri WHERE k = 1;
    CREATE TABLE more (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)`)
  const restored = await begunWith(t, { directory, name: 'bt-1' })
  assert.deepEqual(await contentOf(restored), before)
  await restored.run("INSERT INTO agg VALUES (2, 4); INSERT INTO pri VALUES (3, 'x')")
  assert.deepEqual(await restored.rows('SELECT v FROM agg WHERE k = 2'), [[5]])
  assert.match((await restored.refusal('SELECT * FROM more')).message, /Unknown table/)
})

test('the manifest names the files with their digests, and the tables inside', async (t) => {
  const directory = await testDirectory(t)
  const { engine, client } = await testClient(t, { directory })
  await client.run(TABLES)
  await taken(engine, 'bt-1')
  const { files, tables, instance, version } = manifestOf(directory, 'bt-1')
  assert.deepEqual([instance, version], [identity.instance, identity.version])
  const from = join(directory, 'snapshot', 'bt-1')
  assert.deepEqual(readdirSync(from).sort(), ['instance.duckdb', 'manifest.json'])
  for (const { path, bytes, sha256 } of files) {
    const text = readFileSync(join(from, path))
    assert.deepEqual(
      [text.length, createHash('sha256').update(text).digest('hex')],
      [bytes, sha256],
    )
    assert.equal(statSync(join(from, path)).mode & 0o777, 0o600)
  }
  assert.ok(tables.every(({ bytes }) => bytes > 0 && bytes % 262_144 === 0))
  assert.deepEqual(
    tables.map(({ database, table, rows }) => [database, table, rows]),
    [
      ['d', 'agg', 2],
      ['d', 'dup', 3],
      ['d', 'par', 2],
      ['d', 'pri', 2],
      ['d', 'sums', 2],
      ['d', 'uni', 1],
    ],
  )
})

test('what begins with a snapshot takes the password that it is given, and users keep theirs', async (t) => {
  const directory = await testDirectory(t)
  const given = Buffer.alloc(20, 7)
  const { engine, client } = await testClient(t, {
    directory,
    identity: { ...identity, adminVerifier: given },
  })
  await client.run(TABLES)
  await client.run("SET PASSWORD = PASSWORD('mine')")
  await taken(engine, 'bt-1')
  assert.equal(await letsIn(engine, 'admin', 'mine'), true)
  const own = await testDirectory(t)
  copyFileSync(join(directory, 'snapshot/bt-1/instance.duckdb'), join(own, 'instance.duckdb'))
  // The same one that the first instance was given, which its admin has changed since.
  const restored = await testEngine(t, {
    directory: own,
    identity: { ...identity, adminVerifier: given },
  })
  assert.deepEqual((await restored.findUser('admin', '127.0.0.1'))?.verifier, given)
  assert.equal(await letsIn(restored, 'admin', 'mine'), false)
  assert.equal(await letsIn(restored, 'reader', 'r'), true)
})

test('snapshots that are taken under load hold one moment: no statement is in it by half', async (t) => {
  const directory = await testDirectory(t)
  const { engine, client } = await testClient(t, { directory })
  await client.run(`CREATE TABLE a (batch INT, n INT, s VARCHAR(100)) DUPLICATE KEY(batch) DISTRIBUTED BY HASH(n);
    CREATE TABLE b (batch INT, n INT) PRIMARY KEY(batch, n) DISTRIBUTED BY HASH(n)`)
  const over = new AbortController()
  let acknowledged = -1
  const rows = 3000
  const writer = async () => {
    for (let batch = 0; !over.signal.aborted; batch++) {
      const source = `TABLE(generate_series(1, ${rows})) g`
      await client.run(
        `INSERT INTO a SELECT ${batch}, g.generate_series, repeat('x', 50) FROM ${source};
         INSERT INTO b SELECT ${batch}, g.generate_series FROM ${source}`,
      )
      acknowledged = batch
      if (batch % 7 === 6) await client.run(`DELETE FROM b WHERE batch = ${batch - 3}`)
      if (batch % 11 === 10)
        await client.run(
          'DROP TABLE IF EXISTS c FORCE; CREATE TABLE c DISTRIBUTED BY HASH(n) AS SELECT * FROM a',
        )
    }
  }
  const writing = writer()
  for (let round = 0; round < 4; round++) {
    await pause(150)
    const least = acknowledged
    await taken(engine, `bt-${round}`)
    const restored = await begunWith(t, { directory, name: `bt-${round}` })
    const counts = await restored.rows(
      'SELECT batch, count(*) FROM a GROUP BY batch ORDER BY batch',
    )
    assert.ok(counts.length > least, `${counts.length} batches, and ${least + 1} were acknowledged`)
    for (const [at, [batch, count]] of counts.entries())
      assert.deepEqual([batch, count], [at, rows])
    const second = await restored.rows('SELECT batch, count(*) FROM b GROUP BY batch')
    for (const [, count] of second) assert.equal(count, rows)
    assert.equal(
      (await restored.rows('SELECT sum(length(s)) FROM a'))[0]?.[0],
      counts.length * rows * 50,
    )
  }
  over.abort()
  await writing
  t.diagnostic(`${acknowledged + 1} batches were written meanwhile`)
})

test('checkpoints are held back no longer than a snapshot is taken', async (t) => {
  const directory = await testDirectory(t)
  const { engine, client } = await testClient(t, { directory })
  await client.run('CREATE TABLE a (n INT, s VARCHAR(100)) DUPLICATE KEY(n) DISTRIBUTED BY HASH(n)')
  await taken(engine, 'bt-1')
  for (let batch = 0; batch < 6; batch++)
    await client.run(
      `INSERT INTO a SELECT g.generate_series, repeat('${batch}', 90) FROM TABLE(generate_series(1, 40000)) g; DELETE FROM a WHERE n > 0`,
    )
  const log = join(directory, 'instance.duckdb.wal')
  assert.ok(!existsSync(log) || statSync(log).size < 17 * 1024 * 1024)
})

test('one is taken at a time; what is forgotten leaves nothing, also while it is taken', async (t) => {
  const directory = await testDirectory(t)
  const { engine, client } = await testClient(t, { directory })
  await client.run(TABLES)
  assert.deepEqual(engine.snapshots.state('bt-1'), { phase: 'absent' })
  engine.snapshots.begin('bt-1')
  engine.snapshots.begin('bt-1')
  assert.throws(() => engine.snapshots.begin('bt-2'), /bt-1 is being taken/)
  await engine.snapshots.forget('bt-1')
  assert.deepEqual(engine.snapshots.state('bt-1'), { phase: 'absent' })
  assert.deepEqual(readdirSync(join(directory, 'snapshot')), [])
  await taken(engine, 'bt-2')
  await engine.snapshots.forget('bt-2')
  assert.deepEqual(readdirSync(join(directory, 'snapshot')), [])
  await client.run("INSERT INTO dup VALUES (3, 'still')")
})

test('one that cannot be written fails with its reason, without a path of the host, and leaves nothing', async (t) => {
  const directory = await testDirectory(t)
  const { engine } = await testClient(t, { directory })
  // A directory of the name of the file that it wants to make.
  mkdirSync(join(directory, 'snapshot', 'bt-1.part', 'instance.duckdb'), { recursive: true })
  engine.snapshots.begin('bt-1')
  while (engine.snapshots.state('bt-1').phase === 'taking') await pause(2)
  const { phase, reason = '' } = engine.snapshots.state('bt-1')
  assert.equal(phase, 'failed')
  assert.match(reason, /EEXIST/)
  assert.ok(!reason.includes(directory), reason)
  assert.deepEqual(readdirSync(join(directory, 'snapshot')), [])
})

test('one that does not fit on the disk fails with its reason, and leaves nothing', async (t) => {
  const directory = await testDirectory(t)
  const disk = { freeBytes: 64 * 1024 * 1024 + 1000 }
  const { engine, client } = await testClient(t, {
    directory,
    freeBytes: async () => disk.freeBytes,
  })
  await client.run(TABLES)
  engine.snapshots.begin('bt-1')
  while (engine.snapshots.state('bt-1').phase === 'taking') await pause(2)
  const { phase, reason = '' } = engine.snapshots.state('bt-1')
  assert.equal(phase, 'failed')
  assert.match(reason, /^\d+ bytes are needed, and the disk has 1000 to spare$/)
  assert.deepEqual(readdirSync(join(directory, 'snapshot')), [])
  await client.run("INSERT INTO dup VALUES (3, 'still')")
  disk.freeBytes *= 100
  await taken(engine, 'bt-2')
})

test('what an engine that was killed left of one goes with its next start', async (t) => {
  const directory = await testDirectory(t)
  const first = await testClient(t, { directory })
  await taken(first.engine, 'bt-1')
  await first.engine.close()
  mkdirSync(join(directory, 'snapshot', 'bt-2.part'))
  const { engine } = await testClient(t, { directory })
  assert.deepEqual(readdirSync(join(directory, 'snapshot')), ['bt-1'])
  assert.equal(engine.snapshots.state('bt-1').phase, 'taken')
  assert.equal(engine.snapshots.state('bt-2').phase, 'absent')
})

test('what begins with a snapshot has no temporary tables of sessions that it never had', async (t) => {
  const directory = await testDirectory(t)
  const { engine, client } = await testClient(t, { directory })
  await client.run('CREATE TEMPORARY TABLE passing (k INT) DISTRIBUTED BY HASH(k)')
  await taken(engine, 'one')
  const begun = await begunWith(t, { directory, name: 'one' })
  assert.deepEqual(await begun.rows('SELECT * FROM information_schema.temp_tables'), [])
  assert.deepEqual(await client.rows('SELECT count(*) FROM passing'), [[0]])
})
