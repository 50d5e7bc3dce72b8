import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'
import type { Client } from '../../support/open-engine.ts'

const TABLES = `
  CREATE TABLE t (k INT NOT NULL, v INT, d DATE NOT NULL, p DECIMAL(10, 2) NOT NULL, s VARCHAR(9) NOT NULL)
    DUPLICATE KEY(k) DISTRIBUTED BY HASH(k);
  INSERT INTO t VALUES (1, NULL, '2024-01-02', 1.5, 'x');
  CREATE TABLE u (k INT NOT NULL, w INT NOT NULL) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k);
  CREATE VIEW w AS SELECT k + 1 AS k, v FROM t`

/** The columns that are NOT NULL. */
const notNull = async (client: Client, table: string): Promise<unknown[]> =>
  (await client.rows(`DESC ${table}`)).filter((row) => row[2] === 'NO').map((row) => row[0])

// reference: StarRocks 3.3.7, CTASAnalyzerTest.testCTASPrimaryKey, CreateMaterializedViewTest.testMvNullable and testMvOnUnion.
describe('a column that StarRocks takes for never NULL is NOT NULL', () => {
  const cases: readonly (readonly [query: string, table: string[], view: string[]])[] = [
    ['SELECT k, v, d FROM t', ['k', 'd'], ['k', 'd']],
    ['SELECT * FROM t', [], ['k', 'd', 'p', 's']],
    ['SELECT t.k AS a, u.w AS b FROM t LEFT JOIN u ON t.k = u.k', ['a'], ['a']],
    ['SELECT t.k AS a, u.w AS b FROM t RIGHT JOIN u ON t.k = u.k', ['b'], ['b']],
    ['SELECT t.k AS a, u.w AS b FROM t FULL JOIN u ON t.k = u.k', [], []],
    ['SELECT t.k AS a, u.w AS b FROM t JOIN u ON t.k = u.k', ['a', 'b'], ['a', 'b']],
    ['SELECT k, w FROM t LEFT JOIN u USING (k)', ['k'], ['k']],
    [
      "SELECT 1 AS a, 'x' AS b, NULL AS c, -1 AS e, k FROM t",
      ['a', 'b', 'e', 'k'],
      ['a', 'b', 'e', 'k'],
    ],
    [
      'SELECT k + 1 AS a, -k AS b, k / 2 AS c, k + v AS e, p * 2 AS f, ~k AS g FROM t',
      ['a', 'b', 'g'],
      ['a', 'b', 'g'],
    ],
    [
      'SELECT s + 1 AS a, upper(s) AS b, coalesce(v, 1) AS c, d + INTERVAL 1 DAY AS e, year(d) AS f FROM t',
      ['f'],
      ['f'],
    ],
    [
      'SELECT k = 1 AS a, v = 1 AS b, v <=> 1 AS c, v IS NULL AS e, NOT k AS f FROM t',
      ['a', 'c', 'e'],
      ['a', 'c', 'e'],
    ],
    [
      'SELECT CAST(k AS BIGINT) AS a, CAST(k AS TINYINT) AS b, CAST(k AS STRING) AS c, CAST(p AS DECIMAL(12, 2)) AS e FROM t',
      ['a', 'c', 'e'],
      ['a', 'c', 'e'],
    ],
    [
      'SELECT k, count(v) AS c, sum(k) AS s, max(k) AS m, ndv(v) AS n FROM t GROUP BY k',
      ['k', 'c', 'n'],
      ['k', 'c', 'n'],
    ],
    ['SELECT k, d, count(*) AS c FROM t GROUP BY ROLLUP(k, d)', [], []],
    ['SELECT k, count(*) OVER (PARTITION BY k) AS c FROM t', ['k'], ['k']],
    ['SELECT a FROM (SELECT k AS a FROM t) x', [], []],
    ['SELECT * FROM (SELECT k AS a, v AS b FROM t) x', ['a'], []],
    ['WITH x AS (SELECT k AS a FROM t) SELECT * FROM x', ['a'], []],
    ['SELECT * FROM w', ['k'], []],
    ['SELECT k AS a, v AS b, 0 AS c FROM t UNION ALL SELECT k, k, NULL FROM t', ['a'], ['a']],
  ]
  for (const [query, table, view] of cases)
    test(query, async (t) => {
      const { client } = await testClient(t)
      await client.run(TABLES)
      await client.run(`CREATE TABLE c AS ${query}`)
      assert.deepEqual(await notNull(client, 'c'), table, 'CREATE TABLE AS')
      await client.run(`CREATE MATERIALIZED VIEW m REFRESH MANUAL AS ${query}`)
      assert.deepEqual(
        new Set(await notNull(client, 'm')),
        new Set(view),
        'CREATE MATERIALIZED VIEW',
      )
    })
})

test('columns of lists of values and of a primary key take no NULL in CREATE TABLE AS', async (t) => {
  const { client } = await testClient(t)
  await client.run(TABLES)
  await client.run(
    'CREATE TABLE c PARTITION BY (v) AS SELECT v, sum(k) AS s FROM u JOIN t USING (k) GROUP BY v',
  )
  assert.deepEqual(await notNull(client, 'c'), ['v'])
  assert.match(
    (await client.refusal('CREATE TABLE e PARTITION BY (v) AS SELECT v FROM t')).message,
    /NULL/,
  )
})
