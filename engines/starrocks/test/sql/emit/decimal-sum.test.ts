/** Sums of computed decimals: in 64 bits where those hold a value, and the same as by whole numbers of any size. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

type Row = readonly [a: bigint | null, b: bigint | null, c: bigint | null]

/** DECIMAL(15, 2), DECIMAL(18, 4) and INT, each as a count of its last digit. */
const SMALL: Row = [12_345n, -67_890n, 3n]
const LARGEST: Row = [999_999_999_999_999n, 999_999_999_999_999_999n, 2_147_483_647n]
const LEAST: Row = [-999_999_999_999_999n, 999_999_999_999_999_999n, -2_147_483_648n]
const EDGE: Row = [10n ** 10n, 10n ** 8n, 1n]

const sets: Readonly<Record<string, readonly Row[]>> = {
  'no rows': [],
  'NULL only': [
    [null, null, null],
    [1n, null, null],
  ],
  small: [SMALL, SMALL, [0n, 0n, 0n], [null, 5n, 1n]],
  large: [LARGEST, LARGEST],
  mixed: [SMALL, LARGEST, LEAST, EDGE, SMALL, [null, null, null], [-(10n ** 10n), 10n ** 8n, 1n]],
}

type Value = (row: { readonly a: bigint; readonly b: bigint; readonly c: bigint }) => bigint

/** What each sums up, in units of the last digit of its scale. */
const sums: readonly (readonly [sql: string, scale: number, value: Value])[] = [
  ['a * b', 6, ({ a, b }) => a * b],
  ['a * (1 - a)', 4, ({ a }) => a * (100n - a)],
  ['a * a - b * c', 4, ({ a, b, c }) => a * a - b * c],
  ['a * 0.01 + b', 4, ({ a, b }) => a + b],
  ['-(a * c)', 2, ({ a, c }) => -(a * c)],
  ['a + b', 4, ({ a, b }) => a * 100n + b],
  ['a * c * 1.5', 3, ({ a, c }) => a * c * 15n],
]

function textOf(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

const written = (units: bigint | null, scale: number): string =>
  units === null ? 'NULL' : scale === 0 ? String(units) : textOf(units, scale)

test('A sum of products and differences is exact, however large its values are', async (t) => {
  const { client } = await testClient(t)
  for (const [name, rows] of Object.entries(sets)) {
    await client.run(`DROP TABLE IF EXISTS t;
      CREATE TABLE t (a DECIMAL(15, 2), b DECIMAL(18, 4), c INT) DUPLICATE KEY(a)`)
    const values = rows.map(([a, b, c]) => `(${written(a, 2)}, ${written(b, 4)}, ${written(c, 0)})`)
    if (rows.length > 0) await client.run(`INSERT INTO t VALUES ${values.join(', ')}`)
    for (const [sql, scale, value] of sums) {
      const all = rows.flatMap(([a, b, c]) => {
        const uses = [
          [a, 'a'],
          [b, 'b'],
          [c, 'c'],
        ] as const
        if (uses.some(([each, letter]) => each === null && sql.includes(letter))) return []
        return [value({ a: a ?? 0n, b: b ?? 0n, c: c ?? 0n })]
      })
      const sum = (list: readonly bigint[]) =>
        list.length === 0
          ? null
          : textOf(
              list.reduce((one, other) => one + other),
              scale,
            )
      const [[plain, distinct, running] = []] = await client.rows(
        `SELECT sum(${sql}), sum(DISTINCT ${sql}), (SELECT max(s) FROM (SELECT sum(${sql}) OVER () AS s FROM t) w) FROM t`,
      )
      assert.equal(plain, sum(all), `${name}: ${sql}`)
      assert.equal(distinct, sum([...new Set(all)]), `${name}: DISTINCT ${sql}`)
      assert.equal(running, sum(all), `${name}: ${sql} OVER ()`)
    }
  }
})

test('Sums that share a product stay exact', async (t) => {
  const { client } = await testClient(t)
  await client.run(`CREATE TABLE t (a DECIMAL(15, 2), c INT) DUPLICATE KEY(a);
    INSERT INTO t VALUES (9999999999999.99, 2), (1.50, -3)`)
  const [a, c] = [999_999_999_999_999n, 2n]
  const expected = [
    textOf(a * a + 150n * 150n, 4),
    textOf(a * a * c - 150n * 150n * 3n, 4),
    textOf(a * a - a * 100n + 150n * 150n - 150n * 100n, 4),
  ]
  const asked = 'SELECT sum(a * a), sum(a * a * c), sum(a * a - a) FROM t'
  assert.deepEqual(await client.rows(asked), [expected])
})

test('What is more than columns and literals is summed as it is, and grouped sums are found again by their text', async (t) => {
  const { client } = await testClient(t)
  await client.run(`CREATE TABLE t (k INT, a DECIMAL(15, 2), b DECIMAL(15, 2)) DUPLICATE KEY(k);
    INSERT INTO t VALUES (1, 1.25, 2), (1, 9999999999999.99, 9999999999999.99), (2, 0.5, 4)`)
  assert.deepEqual(
    await client.rows(
      'SELECT sum(a * (SELECT max(b) FROM t WHERE k = 2)), sum(CASE WHEN k = 2 THEN a * b END) FROM t',
    ),
    [['40000000000006.9600', '2.0000']],
  )
  assert.deepEqual(
    await client.rows(
      'SELECT k, sum(a * b) s FROM t GROUP BY k HAVING sum(a * b) > 2.4 ORDER BY sum(a * b) DESC',
    ),
    [[1, '99999999999999800000000002.5001']],
  )
  assert.deepEqual(await client.rows('SELECT avg(a * b) FROM t WHERE k = 2'), [['2.0000000000']])
  // Whatever rand() says, both sides of one row see the same: the sum of 0 * x is 0.
  assert.deepEqual(
    await client.rows('SELECT sum(a * 0 * CAST(rand() AS DECIMAL(9, 3))) = 0 FROM t'),
    [[1]],
  )
})
