/** A NUL ends a C text. None that a client sends ends one of the engine's statements to DuckDB. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openEngine } from '../../src/engine/engine.ts'
import {
  connect,
  identity,
  limits,
  testClient,
  testDirectory,
  testEngine,
} from '../support/open-engine.ts'
import { openDuck } from '../../src/storage/duck.ts'
import { systemClock } from '../../../../src/kernel/clock.ts'
import { silentLogger } from '../../../../src/kernel/log.ts'

const readings = [
  "SELECT table_name, table_comment FROM information_schema.tables WHERE table_schema = 'd'",
  "SELECT column_name, column_comment FROM information_schema.columns WHERE table_schema = 'd'",
  'SELECT count(*) FROM information_schema.partitions_meta',
  'SHOW TABLE STATUS',
  'SHOW FULL COLUMNS FROM t',
  'SHOW CREATE TABLE t',
  'SHOW PARTITIONS FROM t',
]

test('a NUL in comments and partition values is kept, and everyone keeps reading the catalog', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    String.raw`CREATE TABLE t (k INT COMMENT 'c\0d', s VARCHAR(10) NOT NULL) COMMENT 'a\0''b'
      PARTITION BY LIST (s) (PARTITION p1 VALUES IN ('x\0y'), PARTITION p2 VALUES IN ('z')) DISTRIBUTED BY HASH(k)`,
  )
  for (const sql of readings) await client.run(sql)
  const [[, comment] = []] = await client.rows(readings[0] ?? '')
  assert.equal(comment, "a\0'b")
  await client.run(String.raw`INSERT INTO t VALUES (1, 'x\0y'), (2, 'z')`)
  assert.deepEqual(await client.rows('SELECT k FROM t PARTITION (p1)'), [[1]])
})

test('a NUL in variables and parameters is a character like others', async (t) => {
  const { client } = await testClient(t)
  await client.run(String.raw`SET @a = 'x\0y'`)
  assert.deepEqual(await client.rows('SELECT @a, length(@a)'), [['x\0y', 3]])
  const prepared = await client.session.prepare('SELECT length(?)')
  const result = await prepared.execute(['a\0b\0'])
  assert.equal(result.kind, 'rows')
  if (result.kind !== 'rows') return
  for await (const rows of result.chunks) assert.deepEqual(rows.map(String), ['4'])
})

test('no object takes a name with a NUL', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE good (a INT) DISTRIBUTED BY HASH(a)')
  const statements = [
    'CREATE TABLE `a\0b` (a INT) DISTRIBUTED BY HASH(a)',
    'CREATE TABLE x (`a\0b` INT) DISTRIBUTED BY HASH(`a\0b`)',
    'CREATE TABLE x (b INT, a STRUCT<`f\0g` INT>) DUPLICATE KEY(b) DISTRIBUTED BY HASH(b)',
    "CREATE TABLE x (a INT NOT NULL) PARTITION BY LIST (a) (PARTITION `p\0q` VALUES IN ('1')) DISTRIBUTED BY HASH(a)",
    'CREATE TABLE x AS SELECT 1 AS `a\0b`',
    'CREATE VIEW `a\0b` AS SELECT 1 AS c',
    'CREATE DATABASE `a\0b`',
    'CREATE ROLE `a\0b`',
    'CREATE USER `a\0b`',
    'ALTER TABLE good RENAME `a\0b`',
  ]
  for (const sql of statements) {
    const { message } = await client.refusal(sql)
    assert.doesNotMatch(message, /unterminated|Unknown error/, sql)
  }
  assert.deepEqual(await client.rows('SHOW TABLES'), [['good']])
})

test('a NUL in names of one statement never reaches the database as the end of its text', async (t) => {
  const { client } = await testClient(t)
  const statements = [
    'SELECT x.`a\0b` FROM (SELECT 1 AS `a\0b`) x',
    'SELECT `a\0b`.c FROM (SELECT 1 AS c) AS `a\0b`',
    'WITH `a\0b` AS (SELECT 1 AS c) SELECT * FROM `a\0b`',
    'SELECT max(`a\0b`) FROM (SELECT 1 AS `a\0b` UNION ALL SELECT 2) x',
    String.raw`SELECT named_struct('a\0b', 1)`,
    String.raw`SELECT 'a\0b' LIKE 'a\0%', regexp('a\0b', 'a.b'), get_json_string('{}', 'a\0b'), cast('a\0b' AS JSON)`,
  ]
  for (const sql of statements) {
    const message = await client.run(sql).then(
      () => '',
      (error: Error) => error.message,
    )
    assert.doesNotMatch(message, /unterminated|Unknown error|syntax error at or near/, sql)
  }
})

test('a catalog that an earlier version wrote with a NUL in names is read, and its objects can be dropped', async (t) => {
  const directory = await testDirectory(t)
  const first = await openEngine({
    clock: systemClock(),
    log: silentLogger(),
    limits,
    identity,
    directory,
  })
  const writer = await connect(first)
  await writer.run(
    "CREATE DATABASE d; CREATE TABLE d.t (a INT COMMENT 'plain') DISTRIBUTED BY HASH(a)",
  )
  await first.close()
  const duck = await openDuck(directory, limits)
  const link = await duck.connect()
  // As such a version left them: the name and a comment hold what JSON writes as \u0000.
  await link.run(
    String.raw`UPDATE emrys.object SET document = replace(replace(document, '"name":"t"', '"name":"t\u0000t"'), 'plain', 'c\u0000d')`,
  )
  await link.close()
  await duck.close()
  const engine = await testEngine(t, { directory })
  const client = await connect(engine, 'admin', 'd')
  assert.deepEqual(await client.rows(readings[0] ?? ''), [['t\0t', '']])
  assert.deepEqual(await client.rows(readings[1] ?? ''), [['a', 'c\0d']])
  await client.run('SHOW TABLE STATUS')
  await client.run('ALTER TABLE `t\0t` RENAME mended')
  assert.deepEqual(await client.rows('SELECT count(*) FROM mended'), [[0]])
})
