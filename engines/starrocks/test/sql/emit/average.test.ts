/** Averages of decimals, and what is computed of decimals and dates before it is read by an outer query: the same as by whole numbers. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

const LARGEST_UNITS = 2n ** 127n - 1n

/** Digits behind the point of a quotient: StarRocks, six more than the dividend has, at least twelve at most. */
const wantedScale = (scale: number): number => (scale <= 6 ? scale + 6 : Math.max(scale, 12))

function textOf(units: bigint, scale: number): string {
  if (scale === 0) return String(units)
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

function average(units: readonly bigint[], scale: number): string | null {
  const count = BigInt(units.length)
  if (count === 0n) return null
  const wanted = wantedScale(scale)
  const dividend = units.reduce((one, other) => one + other) * 10n ** BigInt(wanted - scale)
  const size = dividend < 0n ? -dividend : dividend
  if (size > LARGEST_UNITS) return null
  const rounded = (size + count / 2n) / count
  return textOf(dividend < 0n ? -rounded : rounded, wanted)
}

/** Those around which 64 bits end, and whose averages are halves of the last digit. */
const unitsOf = (precision: number): readonly (readonly bigint[])[] => {
  // Sums have no more than 38 digits.
  const most = 10n ** BigInt(Math.min(precision, 37)) - 1n
  return [
    [],
    [0n],
    [1n, 2n],
    [-1n, 0n, 0n],
    [-2n, -3n, -2n],
    Array.from({ length: 128 }, (_, at) => (at === 0 ? 1n : 0n)),
    Array.from({ length: 64 }, (_, at) => (at === 0 ? -1n : 0n)),
    [most],
    [-most, -most, 1n],
    [most, most, most, most, most, most, most],
    [10n ** 12n - 1n, 0n],
    [10n ** 12n, 1n, 0n],
    [-(10n ** 12n) + 1n, 0n, 0n],
  ].map((units) => units.filter((each) => each <= most && each >= -most))
}

test('An average is rounded half away from zero, in 64 bits as in 128', async (t) => {
  const { client } = await testClient(t)
  for (const [precision, scale] of [
    [9, 0],
    [15, 2],
    [18, 5],
    [18, 6],
    [18, 9],
    [38, 18],
    [38, 2],
  ] as const) {
    const sets = unitsOf(precision)
    await client.run(`DROP TABLE IF EXISTS t;
      CREATE TABLE t (k INT, v DECIMAL(${precision}, ${scale})) DUPLICATE KEY(k)`)
    for (const [k, units] of sets.entries()) {
      const rows = [...units.map((each) => textOf(each, scale)), 'NULL']
      await client.run(`INSERT INTO t VALUES ${rows.map((text) => `(${k}, ${text})`).join(', ')}`)
    }
    const expected = sets.map((units) => average(units, scale))
    const asked = [
      'SELECT avg(v) FROM t GROUP BY k ORDER BY k',
      'SELECT max(a) FROM (SELECT k, avg(v) OVER (PARTITION BY k) AS a FROM t) w GROUP BY k ORDER BY k',
    ]
    for (const sql of asked) {
      const rows = await client.rows(sql)
      assert.deepEqual(
        rows.map(([value]) => value),
        expected,
        `DECIMAL(${precision}, ${scale}): ${sql}`,
      )
    }
  }
  await client.run("SET sql_mode = 'ERROR_IF_OVERFLOW'")
  assert.match(
    (await client.refusal('SELECT avg(v) FROM t WHERE k = 7')).message,
    /'div' operation involving decimal values overflows/,
  )
  assert.deepEqual(await client.rows('SELECT avg(v) FROM t WHERE v IS NULL'), [[null]])
})

test('A product that an outer query reads is exact, however large', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE t (k INT, a DECIMAL(15, 2), b DECIMAL(15, 2)) DUPLICATE KEY(k)')
  const rows = [
    [1n, 1n],
    [999_999_999_999_999n, 999_999_999_999_999n],
    [-999_999_999_999_999n, 999_999_999_999_999n],
    [-12_345n, 678n],
    [3_037_000_500n, 3_037_000_500n],
    [0n, -5n],
  ] as const
  const values = rows.map(([a, b], k) => `(${k}, ${textOf(a, 2)}, ${textOf(b, 2)})`)
  await client.run(`INSERT INTO t VALUES ${values.join(', ')}, (6, NULL, 1), (7, 1, NULL)`)
  const answer = await client.rows(
    'SELECT p, p - a * 2, q FROM (SELECT k, a, a * b AS p, a * (1 - b) * (1 + b) AS q FROM t) d ORDER BY k',
  )
  const held = (units: bigint, scale: number) =>
    units < -LARGEST_UNITS || units > LARGEST_UNITS ? null : textOf(units, scale)
  const expected = rows.map(([a, b]) => [
    textOf(a * b, 4),
    textOf(a * b - a * 200n, 4),
    held(a * (100n - b) * (100n + b), 6),
  ])
  const nothing = [null, null, null]
  assert.deepEqual(answer, [...expected, nothing, nothing])
})

test('A constant date that is moved keeps within the month and within the years', async (t) => {
  const { client } = await testClient(t)
  for (const [sql, value] of [
    ["DATE '2024-01-31' + INTERVAL 1 MONTH", '2024-02-29 00:00:00'],
    ["DATE '2024-02-29' - INTERVAL 1 YEAR", '2023-02-28 00:00:00'],
    ["DATE '2024-02-29' + INTERVAL 25 HOUR", '2024-03-01 01:00:00'],
    ["DATE '9999-12-31' + INTERVAL 1 DAY", null],
    ["DATE '9999-12-31' + INTERVAL 23 HOUR", '9999-12-31 23:00:00'],
    ["DATE '0000-01-01' - INTERVAL 1 DAY", null],
    ["DATE '2024-01-01' + INTERVAL -1 DAY", '2023-12-31 00:00:00'],
    ["DATE '2024-01-01' + INTERVAL 2000000000 YEAR", null],
  ] as const)
    assert.deepEqual(await client.rows(`SELECT ${sql}`), [[value]], sql)
  await client.run(
    "CREATE TABLE t (d DATE) DUPLICATE KEY(d); INSERT INTO t VALUES ('1998-09-01'), ('1998-09-02'), ('1998-09-03')",
  )
  for (const [condition, count] of [
    ["d <= DATE '1998-12-01' - INTERVAL 90 DAY", 2],
    ["d < DATE '1998-09-01' + INTERVAL 30 HOUR", 2],
    ["d = DATE '1998-08-02' + INTERVAL 1 MONTH", 1],
    ["d < DATE '9999-12-31' + INTERVAL 1 YEAR", 0],
  ] as const)
    assert.deepEqual(await client.rows(`SELECT count(*) FROM t WHERE ${condition}`), [[count]])
})
