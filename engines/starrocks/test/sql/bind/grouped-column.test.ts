/** Columns of GROUP BY in what may overflow, which DuckDB's TRY does not find where it groups. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

const answers: readonly (readonly [string, readonly (readonly (string | null)[])[]])[] = [
  ['SELECT k + 1 FROM t GROUP BY k ORDER BY 1', [['2'], ['5']]],
  [
    'SELECT k + 1, k FROM t GROUP BY k + 1, k ORDER BY 1',
    [
      ['2', '1'],
      ['5', '4'],
    ],
  ],
  ['SELECT k + 1 FROM t GROUP BY k + 1 ORDER BY 1', [['2'], ['5']]],
  ['SELECT d * d FROM t GROUP BY d ORDER BY 1', [['2.2500'], ['6.2500']]],
  ['SELECT CAST(44 AS DECIMAL) * n FROM t GROUP BY n ORDER BY 1', [['44'], ['88']]],
  ['SELECT l + 1 FROM t GROUP BY l', [['4']]],
  [
    'SELECT at + INTERVAL n DAY FROM t GROUP BY at, n ORDER BY 1',
    [['2024-01-02 00:00:00'], ['2024-01-03 00:00:00']],
  ],
  ['SELECT k FROM t GROUP BY k ORDER BY k * 2 DESC', [['4'], ['1']]],
  ['SELECT k AS x FROM t GROUP BY k ORDER BY x * 2 DESC', [['4'], ['1']]],
  ['SELECT k FROM t GROUP BY k HAVING k * 2 > 2', [['4']]],
  ['SELECT rank() OVER (ORDER BY k * 2) FROM t GROUP BY k ORDER BY 1', [['1'], ['2']]],
  [
    'SELECT k * 2, grouping(k) FROM t GROUP BY ROLLUP(k) ORDER BY 1',
    [
      [null, '1'],
      ['2', '0'],
      ['8', '0'],
    ],
  ],
  ['SELECT sum(k * 2) * k FROM t GROUP BY k ORDER BY 1', [['2'], ['32']]],
  ['SELECT array_map(x -> x + k, [1]) FROM t GROUP BY k ORDER BY k', [['[2]'], ['[5]']]],
  [
    'SELECT (SELECT max(y.n) FROM t y WHERE y.k * 2 > x.k * 2) FROM t x GROUP BY x.k ORDER BY x.k',
    [['2'], [null]],
  ],
  ['SELECT k FROM t GROUP BY k QUALIFY row_number() OVER (ORDER BY k * 3 DESC) = 1', [['4']]],
]

test('columns of GROUP BY are computed with', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    'CREATE TABLE t (k BIGINT, d DECIMAL(10, 2), l LARGEINT, at DATETIME, n INT) DUPLICATE KEY(k)',
  )
  await client.run(
    "INSERT INTO t VALUES (1, 2.5, 3, '2024-01-01 00:00:00', 1), (4, 1.5, 3, '2024-01-01 00:00:00', 2)",
  )
  for (const [sql, rows] of answers)
    await t.test(sql, async () => {
      const found = (await client.run(sql)).rows
      assert.deepEqual(
        found.map((row) => row.map((value) => (value === null ? null : String(value)))),
        rows,
      )
    })
})
