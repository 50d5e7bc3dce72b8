import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { connect, testClient, testDirectory, testEngine } from '../../support/open-engine.ts'

const TABLE =
  'CREATE TABLE t (k1 INT, k2 VARCHAR(8), v INT, w DOUBLE) DUPLICATE KEY (k1, k2) DISTRIBUTED BY HASH (k1); INSERT INTO t VALUES (1, "a", 10, 1.5), (1, "a", 5, 2.5), (2, "b", 7, NULL)'
const SUMS =
  'CREATE MATERIALIZED VIEW m AS SELECT k1, sum(v), count(w), max(v + 1) AS top FROM t GROUP BY k1'

describe('synchronous materialized views', () => {
  test('one is read by its hint, is always in step, and is no table', async (t) => {
    const { client } = await testClient(t)
    await client.run(`${TABLE}; ${SUMS}`)
    const read = 'SELECT * FROM m [_SYNC_MV_] ORDER BY k1'
    const answer = await client.run(read)
    assert.deepEqual(answer.columns, ['k1', 'mv_sum_v', 'mv_count_w', 'mv_top'])
    assert.deepEqual(await client.rows(read), [
      [1, 15, 2, 11],
      [2, 7, 0, 8],
    ])
    await client.run('INSERT INTO t VALUES (2, "c", 1, 9.5); DELETE FROM t WHERE k1 = 1')
    assert.deepEqual(await client.rows('SELECT x.mv_sum_v FROM m AS x [_SYNC_MV_]'), [[8]])
    assert.equal((await client.refusal('SELECT * FROM m')).errno, 1146)
    assert.equal((await client.refusal('SELECT * FROM t [_SYNC_MV_]')).errno, 1146)
    assert.deepEqual(await client.rows('SHOW TABLES'), [['t']])
    await client.run('ALTER TABLE t RENAME u')
    assert.deepEqual(await client.rows(read), [[2, 8, 1, 8]])
    await client.run('DROP MATERIALIZED VIEW m; DROP MATERIALIZED VIEW IF EXISTS m')
    assert.equal((await client.refusal(read)).errno, 1146)
    assert.equal(
      (await client.refusal('DROP MATERIALIZED VIEW m')).message,
      'Materialized view m is not found',
    )
  })

  test('it is listed, described and shown, and its making is finished', async (t) => {
    const { client } = await testClient(t)
    await client.run(`${TABLE}; ${SUMS}`)
    assert.deepEqual(
      await client.rows(
        'SELECT TABLE_NAME, REFRESH_TYPE, IS_ACTIVE, MATERIALIZED_VIEW_DEFINITION FROM information_schema.materialized_views',
      ),
      [['m', 'ROLLUP', 'true', SUMS]],
    )
    assert.deepEqual(await client.rows('SHOW CREATE MATERIALIZED VIEW m'), [['m', SUMS]])
    assert.deepEqual(await client.rows('DESC m'), [
      ['k1', 'int', 'YES', 'true', null, ''],
      ['mv_sum_v', 'bigint', 'YES', 'false', null, 'SUM'],
      ['mv_count_w', 'bigint', 'YES', 'false', null, 'SUM'],
      ['mv_top', 'bigint', 'YES', 'false', null, 'MAX'],
    ])
    assert.deepEqual((await client.rows('DESC t ALL')).slice(3, 6), [
      ['', '', 'w', 'double', 'YES', 'false', null, 'NONE'],
      ['', '', '', '', '', '', '', ''],
      ['m', 'AGG_KEYS', 'k1', 'int', 'YES', 'true', null, ''],
    ])
    const jobs = await client.run('SHOW ALTER MATERIALIZED VIEW')
    const at = (name: string) => jobs.rows[0]?.[jobs.columns.indexOf(name)]
    assert.equal(jobs.rows.length, 1)
    assert.deepEqual(
      ['TableName', 'BaseIndexName', 'RollupIndexName', 'State', 'Timeout'].map(at),
      ['t', 't', 'm', 'FINISHED', 86_400],
    )
  })

  test('what StarRocks takes no synchronous view of is refused with its words', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `${TABLE}; CREATE TABLE p (k INT NOT NULL, v INT) PRIMARY KEY (k) DISTRIBUTED BY HASH (k); CREATE TABLE a (k INT, v INT SUM) AGGREGATE KEY (k) DISTRIBUTED BY HASH (k); CREATE VIEW w AS SELECT k1 FROM t`,
    )
    const async = '. Please use Asynchronous Materialized View instead'
    const cases: readonly (readonly [string, string])[] = [
      ['SELECT * FROM t', `currently does not support * in select statement${async}`],
      ['SELECT k1 FROM t JOIN p ON k1 = k', `only supports one table in from clause${async}`],
      ['SELECT k1 FROM (SELECT k1 FROM t) x', `only support direct query from table${async}`],
      ['SELECT k1, sum(v) FROM t GROUP BY k1 HAVING sum(v) > 1', `expr:sum(v) > 1${async}`],
      ['SELECT k1 FROM t LIMIT 1', `expr: limit 1${async}`],
      ['SELECT k1, 1 FROM t', `does not support const expr in select statement: {}${async}`],
      ['SELECT sum(v), k1 FROM t GROUP BY k1', `Column k1 at wrong location${async}`],
      ['SELECT sum(v) FROM t', `at least one group by column in the select list${async}`],
      ['SELECT k1, avg(v) FROM t GROUP BY k1', 'does not support function:avg(v)'],
      ['SELECT k1, count(DISTINCT v) FROM t GROUP BY k1', 'does not support distinct function'],
      ['SELECT k1 + 1 FROM t', 'non-slot ref expression should have an alias:k1 + 1.'],
      ['SELECT k1, k1 FROM t', "Duplicate column name 'k1'"],
      ['SELECT w, k1 FROM t', 'Data type of first column cannot be double.'],
      ['SELECT k, sum(v) FROM p GROUP BY k', 'rollup) on PRIMARY_KEYS table[p]'],
      ['SELECT k FROM a', 'aggregation or unique table must has grouping columns'],
      ['SELECT k, max(v) FROM a GROUP BY k', 'The aggregation type of column[mv_max_v]'],
      ['SELECT k1 FROM w', 'Do not support alter non-OLAP table[w].'],
    ]
    for (const [query, message] of cases) {
      const refusal = await client.refusal(`CREATE MATERIALIZED VIEW m AS ${query}`)
      assert.ok(refusal.message.includes(message), `${query}: ${refusal.message}`)
    }
    await client.run('CREATE MATERIALIZED VIEW m AS SELECT k1 FROM t')
    assert.match(
      (await client.refusal('CREATE MATERIALIZED VIEW m AS SELECT k2 FROM t')).message,
      /^Materialized view\[m\] already exists in the table t$/,
    )
    assert.match(
      (await client.refusal('CREATE MATERIALIZED VIEW p AS SELECT k2 FROM t')).message,
      /^Table \[p\] already exists in the db d$/,
    )
  })

  test('columns that it needs stay; it goes with its table and outlives a restart', async (t) => {
    const directory = await testDirectory(t)
    const { engine, client } = await testClient(t, { directory })
    await client.run(`${TABLE}; ${SUMS}; CREATE MATERIALIZED VIEW l AS SELECT k2, v, w FROM t`)
    assert.match(
      (await client.refusal('ALTER TABLE t DROP COLUMN v')).message,
      /^Can not drop\/modify the column v, because the column is used in the related rollup m/,
    )
    await client.run('DROP MATERIALIZED VIEW m; ALTER TABLE t DROP COLUMN v')
    assert.deepEqual((await client.run('SELECT * FROM l [_SYNC_MV_]')).columns, ['k2', 'w'])
    await engine.close()
    const again = await connect(await testEngine(t, { directory }))
    await again.session.use('d')
    assert.deepEqual(await again.rows('SELECT * FROM l [_SYNC_MV_] WHERE w = 1.5'), [['a', 1.5]])
    await again.run('DROP TABLE t')
    assert.equal((await again.refusal('DROP MATERIALIZED VIEW l')).errno, 1064)
  })
})

describe('rollups', () => {
  test('one is added, renamed and dropped', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `${TABLE}; CREATE TABLE a (k INT, l INT, v INT SUM) AGGREGATE KEY (k, l) DISTRIBUTED BY HASH (k) ROLLUP (r (l, v)); INSERT INTO a VALUES (1, 7, 1), (2, 7, 2); ALTER TABLE t ADD ROLLUP r1 (k2, v)`,
    )
    assert.deepEqual(await client.rows('SELECT * FROM r [_SYNC_MV_]'), [[7, 3]])
    assert.deepEqual(await client.rows('DESC r1'), [
      ['k2', 'varchar(8)', 'YES', 'true', null, ''],
      ['v', 'int', 'YES', 'false', null, 'NONE'],
    ])
    assert.equal((await client.rows('SHOW ALTER TABLE ROLLUP WHERE State = "FINISHED"')).length, 1)
    await client.run('ALTER TABLE t RENAME ROLLUP r1 r2')
    assert.deepEqual(await client.rows('SELECT count(*) FROM r2 [_SYNC_MV_]'), [[3]])
    assert.match(
      (await client.refusal('ALTER TABLE t ADD ROLLUP r2 (k1)')).message,
      /already exists$/,
    )
    assert.match(
      (await client.refusal('ALTER TABLE t ADD ROLLUP r3 (zz)')).message,
      /^Column\[zz\] does not exist in base index$/,
    )
    assert.match(
      (await client.refusal('ALTER TABLE a ADD ROLLUP r3 (v, k)')).message,
      /^Invalid column order/,
    )
    await client.run('ALTER TABLE t DROP ROLLUP r2')
    assert.match(
      (await client.refusal('ALTER TABLE t DROP ROLLUP r2')).message,
      /^Materialized view \[r2\] does not exist in table \[t\]$/,
    )
  })
})

test('SHOW ALTER TABLE COLUMN lists changes of columns, oldest first', async (t) => {
  const { client } = await testClient(t)
  await client.run(`${TABLE}; ALTER TABLE t ADD COLUMN x INT; ALTER TABLE t DROP COLUMN x`)
  const jobs = await client.rows('SHOW ALTER TABLE COLUMN')
  assert.deepEqual(
    jobs.map((row) => [row[1], row[4], row[9]]),
    [
      ['t', 't', 'FINISHED'],
      ['t', 't', 'FINISHED'],
    ],
  )
  assert.equal(
    (await client.rows('SHOW ALTER TABLE COLUMN ORDER BY CreateTime DESC LIMIT 1')).length,
    1,
  )
})
