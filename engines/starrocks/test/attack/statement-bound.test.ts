/** What one statement may hold: it is refused before the database plans it, and soon. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { ordinaryMsSince } from '../../../../test/support/process/machine-speed.ts'
import { testClient } from '../support/open-engine.ts'
import type { Client } from '../support/open-engine.ts'

const list = (count: number, item: (index: number) => string, separator = ',') =>
  Array.from({ length: count }, (_, index) => item(index)).join(separator)

const joins = (count: number, table: string) =>
  list(count, (index) => `JOIN ${table} t${index + 1} ON t${index + 1}.a = t${index}.a`, ' ')

/** Of processor time, which a loaded machine does not lengthen; the slowest took minutes before. */
const SOON_MS = 2_000

async function clientOfTables(t: TestContext): Promise<Client> {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE one (a INT) DISTRIBUTED BY HASH(a)')
  return client
}

async function refusedSoon(client: Client, sql: string, message: RegExp): Promise<void> {
  const before = process.cpuUsage()
  const error = await client.refusal(sql)
  assert.match(error.message, message)
  assert.ok([1064, 1117].includes(error.errno))
  const took = ordinaryMsSince(before)
  assert.ok(took < SOON_MS, `refused after ${took} ms`)
}

const refused: readonly (readonly [string, string, RegExp])[] = [
  [
    'two hundred and fifty joined subqueries',
    `SELECT count(*) FROM (SELECT 1 a) t0 ${joins(249, '(SELECT 1 a UNION ALL SELECT 2)')}`,
    /joins more than 50 tables/,
  ],
  [
    'a table joined with itself 300 times',
    `SELECT 1 FROM one t0 ${joins(299, 'one')}`,
    /joins more than 50/,
  ],
  [
    'a table listed 300 times',
    `SELECT 1 FROM ${list(300, (index) => `one t${index}`)}`,
    /joins more than 50/,
  ],
  [
    'joins in parentheses',
    `SELECT 1 FROM (one t0 ${joins(30, 'one')}) JOIN (one u0 ${joins(30, 'one').replaceAll('t', 'u')}) ON t0.a = u0.a`,
    /joins more than 50|relations/,
  ],
  [
    'many joins of fewer tables each',
    `SELECT 1 FROM ${list(40, (index) => `(SELECT t0.a FROM one t0 ${joins(40, 'one')}) v${index}`)}`,
    /more than 512 relations/,
  ],
  [
    '1.5 million select items',
    `SELECT ${list(1_500_000, () => '1')}`,
    /Expression child number 10001 exceeded the maximum 10000/,
  ],
  [
    '300 000 items of IN',
    `SELECT 1 FROM one WHERE a IN (${list(300_000, String)})`,
    /Expression child number 10001/,
  ],
  [
    '10 001 rows of VALUES',
    `INSERT INTO one VALUES ${list(10_001, (index) => `(${index})`)}`,
    /Expression child number 10001/,
  ],
  [
    '10 001 arguments',
    `SELECT concat(${list(10_001, () => "'a'")})`,
    /Expression child number 10001/,
  ],
  [
    '5001 branches of CASE',
    `SELECT CASE a ${list(5001, () => 'WHEN 1 THEN 2', ' ')} END FROM one`,
    /Expression child number 10002/,
  ],
  [
    '20 000 columns',
    `CREATE TABLE x (${list(20_000, (index) => `c${index} INT`)})`,
    /number of columns in a table must be less than or equal to 10000/,
  ],
  [
    '2000 common tables',
    `WITH ${list(2000, (index) => `c${index} AS (SELECT 1 a)`)} SELECT * FROM c0`,
    /more than 500 common tables/,
  ],
  [
    '251 levels of parentheses',
    `SELECT ${'('.repeat(251)}1${')'.repeat(251)}`,
    /deeper than 250 levels/,
  ],
]

test('what is more than a statement may hold is refused', async (t) => {
  const client = await clientOfTables(t)
  for (const [name, sql, message] of refused)
    await t.test(name, () => refusedSoon(client, sql, message))
})

test('views that name each other twice are refused at a bound, not planned for ever', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE v0 (a INT) DISTRIBUTED BY HASH(a)')
  for (let level = 1; level <= 9; level += 1) {
    const below = `v${level - 1}`
    const sql = `CREATE VIEW v${level} AS SELECT x.a FROM ${below} x JOIN ${below} y ON x.a = y.a`
    if (level < 9) await client.run(sql)
    else assert.match((await client.refusal(sql)).message, /reads more than 512 relations/)
  }
})

test('what stands at the bounds is answered', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE one (a INT) DISTRIBUTED BY HASH(a)')
  await client.run(`INSERT INTO one VALUES ${list(10_000, (index) => `(${index})`)}`)
  assert.deepEqual(
    await client.rows(`SELECT count(*) FROM one WHERE a IN (${list(10_000, String)})`),
    [[10_000]],
  )
  const { columns } = await client.run(`SELECT ${list(10_000, String)}`)
  assert.equal(columns.length, 10_000)
  assert.deepEqual(
    await client.rows(`SELECT count(*) FROM (SELECT 1 a) t0 ${joins(29, '(SELECT 1 a)')}`),
    [[1]],
  )
})

test('a string of millions of escapes holds nobody up for long', async (t) => {
  const { client } = await testClient(t)
  const before = process.cpuUsage()
  assert.deepEqual(await client.rows(`SELECT length('${'\\\\'.repeat(3_000_000)}')`), [[3_000_000]])
  const took = ordinaryMsSince(before)
  assert.ok(took < 4_000, `answered after ${took} ms`)
})

test('a pattern of many wildcards is matched in time that its text bounds', async (t) => {
  const { client } = await testClient(t)
  const pattern = `${'%_'.repeat(12)}0`
  const text = 'x'.repeat(300)
  const before = process.cpuUsage()
  for (const condition of [
    `'${text}' LIKE '${pattern}'`,
    `'${text}' LIKE concat('${pattern}', '')`,
    `like('${text}', concat('${pattern}', ''))`,
    `'${text}' LIKE '${pattern.replaceAll('_', String.raw`\_x`)}'`,
    `'${text}' LIKE concat('${'%x'.repeat(12)}', 'y')`,
  ])
    assert.deepEqual(await client.rows(`SELECT ${condition}`), [[0]])
  const took = ordinaryMsSince(before)
  assert.ok(took < SOON_MS, `answered after ${took} ms`)
})

test('a pattern of a thousand wildcards, or a long one, is matched in time that its text bounds', async (t) => {
  const { client } = await testClient(t)
  const texts = "SELECT repeat('ab', 5000) s FROM TABLE(generate_series(1, 200))"
  const before = process.cpuUsage()
  for (const pattern of [`${'%a_'.repeat(1_000)}zz`, `%${'ab'.repeat(1_000)}_z`])
    assert.deepEqual(
      await client.rows(`SELECT count(*) FROM (${texts}) t WHERE s LIKE '${pattern}'`),
      [[0]],
    )
  const took = ordinaryMsSince(before)
  assert.ok(took < SOON_MS, `answered after ${took} ms`)
})

test('ten thousand alternatives are as deep as they are long, and are answered', async (t) => {
  const { client } = await testClient(t)
  const chain = list(9_999, (index) => `1 = ${index}`, ' OR ')
  assert.deepEqual(await client.rows(`SELECT 1 WHERE ${chain}`), [[1]])
})

test('a table of thousands of columns is read in time that their number bounds', async (t) => {
  const { client } = await testClient(t)
  await client.run(`CREATE TABLE wide (${list(6_000, (index) => `c${index} INT`)})`)
  const before = process.cpuUsage()
  const { columns } = await client.run('SELECT * FROM wide WHERE c0 = 1 LIMIT 1')
  assert.equal(columns.length, 6_000)
  const took = ordinaryMsSince(before)
  assert.ok(took < SOON_MS, `answered after ${took} ms`)
})
