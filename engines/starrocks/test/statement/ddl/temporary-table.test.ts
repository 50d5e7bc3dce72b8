import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { connect, testClient, testDirectory, testEngine } from '../../support/open-engine.ts'
import type { OpenEngine } from '../../support/open-engine.ts'

const COLUMNS = '(k INT, v INT) PRIMARY KEY (k) DISTRIBUTED BY HASH (k) BUCKETS 3'
const TEMPORARY = `CREATE TEMPORARY TABLE t ${COLUMNS}; INSERT INTO t VALUES (1, 1), (2, 2)`

async function another(engine: OpenEngine) {
  const client = await connect(engine)
  await client.session.use('d')
  return client
}

describe('temporary tables', () => {
  test('one is the session’s own and stands before a table of its name', async (t) => {
    const { engine, client } = await testClient(t)
    const other = await another(engine)
    await client.run(`CREATE TABLE t ${COLUMNS}; INSERT INTO t VALUES (7, 7); ${TEMPORARY}`)
    await client.run('UPDATE t SET v = v + 1 WHERE k = 1; DELETE FROM t WHERE k = 2')
    assert.deepEqual(await client.rows('SELECT * FROM t'), [[1, 2]])
    assert.deepEqual(await client.rows('SELECT t.v FROM d.t JOIN t AS x ON x.k = t.k'), [[2]])
    assert.deepEqual(await other.rows('SELECT * FROM t'), [[7, 7]])
    assert.match(
      String((await client.rows('SHOW CREATE TABLE t'))[0]?.[1]),
      /^CREATE TEMPORARY TABLE `t` \(/,
    )
    assert.deepEqual(await client.rows('SHOW TABLES'), [['t']])
    assert.deepEqual(await client.rows('SHOW TEMPORARY TABLES'), [['t']])
    assert.deepEqual(await other.rows('SHOW TEMPORARY TABLES'), [])
    await client.run('TRUNCATE TABLE t')
    assert.deepEqual(await client.rows('SELECT * FROM t'), [])
    await client.run('DROP TABLE t')
    assert.deepEqual(await client.rows('SELECT * FROM t'), [[7, 7]])
    assert.equal((await client.refusal('DROP TEMPORARY TABLE t')).errno, 5502)
    await client.run('DROP TEMPORARY TABLE IF EXISTS t')
  })

  test('sessions may each have one of the same name, made in all three ways', async (t) => {
    const { engine, client } = await testClient(t)
    const other = await another(engine)
    await client.run(`CREATE TABLE b ${COLUMNS}; INSERT INTO b VALUES (1, 1)`)
    await client.run('CREATE TEMPORARY TABLE x AS SELECT k, v + 10 AS w FROM b')
    await other.run('CREATE TEMPORARY TABLE x LIKE b; INSERT INTO x SELECT k, 5 FROM b')
    assert.deepEqual(await client.rows('SELECT * FROM x'), [[1, 11]])
    assert.deepEqual(await other.rows('SELECT * FROM x'), [[1, 5]])
    assert.equal(
      (await client.refusal('CREATE TEMPORARY TABLE x LIKE b')).message,
      "Table 'x' already exists",
    )
    await client.run('CREATE TEMPORARY TABLE IF NOT EXISTS x AS SELECT 1 AS a')
    await client.run(`CREATE TABLE x ${COLUMNS}; INSERT INTO x SELECT w, w FROM x`)
    assert.deepEqual(await client.rows('SELECT w FROM x ORDER BY w'), [[11], [11]])
    await client.run('DROP TEMPORARY TABLE d.x')
    assert.deepEqual(await client.rows('SELECT * FROM x'), [])
  })

  test('it goes with its session, and with the engine', async (t) => {
    const directory = await testDirectory(t)
    const { engine, client } = await testClient(t, { directory })
    const short = await another(engine)
    await short.run(TEMPORARY)
    await client.run(TEMPORARY)
    const count = "SELECT count(*) FROM information_schema.temp_tables WHERE TABLE_NAME = 't'"
    assert.deepEqual(await client.rows(count), [[2]])
    await short.session.close()
    assert.deepEqual(await client.rows(count), [[1]])
    await engine.close()
    const again = await testEngine(t, { directory })
    const later = await another(again)
    assert.deepEqual(await later.rows(count), [[0]])
    assert.equal((await later.refusal('SELECT * FROM t')).errno, 1146)
  })

  test('CLEAN TEMPORARY TABLE ON SESSION drops those of a session that it names', async (t) => {
    const { engine, client } = await testClient(t)
    const other = await another(engine)
    await other.run(TEMPORARY)
    const [row] = await client.rows('SELECT SESSION FROM information_schema.temp_tables')
    await client.run('CREATE USER poor')
    const poor = await connect(engine, 'poor')
    assert.deepEqual(await poor.rows('SELECT * FROM information_schema.temp_tables'), [])
    assert.equal(
      (await poor.refusal(`CLEAN TEMPORARY TABLE ON SESSION '${String(row?.[0])}'`)).errno,
      5203,
    )
    await client.run(`CLEAN TEMPORARY TABLE ON SESSION '${String(row?.[0])}'`)
    assert.equal((await other.refusal('SELECT * FROM t')).errno, 1146)
  })

  test('what may not be made of one is refused with StarRocks’ words', async (t) => {
    const { client } = await testClient(t)
    await client.run(`CREATE TABLE b ${COLUMNS}; CREATE VIEW w AS SELECT k FROM b; ${TEMPORARY}`)
    const cases: readonly (readonly [string, string])[] = [
      ['ALTER TABLE t ADD COLUMN x INT', "temporary table doesn't support alter table statement."],
      ['CREATE VIEW w2 AS SELECT * FROM t', "View can't base on temporary table."],
      ['ALTER VIEW w AS SELECT * FROM t', "View can't base on temporary table."],
      [
        'CREATE MATERIALIZED VIEW m AS SELECT k FROM t',
        "Materialized view can't base on temporary table.",
      ],
      [
        'CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT k FROM t',
        "Materialized view can't base on temporary table.",
      ],
      [
        'SUBMIT TASK AS INSERT INTO t SELECT * FROM b',
        'Cannot submit task based on temporary table.',
      ],
      [
        'DROP TEMPORARY TABLE a.b.c',
        'drop temporary table can only be execute under default catalog.',
      ],
      ['DROP TEMPORARY TABLE nowhere.c', "Unknown database 'nowhere'."],
    ]
    for (const [sql, message] of cases) {
      const refusal = await client.refusal(sql)
      assert.equal(refusal.message, `Getting analyzing error. Detail message: ${message}`, sql)
    }
    assert.match((await client.refusal('DROP DATABASE d')).message, /still some temporary tables/)
    await client.run('DROP DATABASE d FORCE')
  })

  test('a view means the table that all sessions have', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `CREATE TABLE t ${COLUMNS}; INSERT INTO t VALUES (7, 7); CREATE VIEW w AS SELECT k FROM t; ${TEMPORARY}`,
    )
    assert.deepEqual(await client.rows('SELECT * FROM w'), [[7]])
  })
})
