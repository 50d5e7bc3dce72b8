import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { simpleType, stringType } from '../../src/sql/type.ts'
import type { SqlType } from '../../src/sql/type.ts'
import { ssbQueries, ssbTables } from '../support/corpus.ts'
import { column, openDuck, scopeOf, table, textOf } from '../support/translated-duck.ts'
import type { Duck } from '../support/translated-duck.ts'

const int = simpleType('int')
const types: Readonly<Record<string, SqlType>> = { int, varchar: stringType }
const ssb = Object.entries(ssbTables).map(([name, columns]) =>
  table(
    'db',
    name,
    Object.entries(columns).map(([field, kind]) => column(field, types[kind] ?? int)),
  ),
)
const scope = scopeOf(ssb)

let duck: Duck
before(async () => {
  duck = await openDuck()
  await duck.connection.run('CREATE SCHEMA db')
  await fillStarSchema(duck)
})
after(() => duck.close())

/** Rows by hashing: the same in every run, and every query of the benchmark finds some. */
const fillStarSchema = async (target: Duck): Promise<void> => {
  const pick = (values: readonly string[], by: string): string =>
    `list_extract([${values.map((value) => `'${value}'`).join(', ')}], CAST(${by} % ${values.length} + 1 AS INTEGER))`
  const number = (salt: number, below: number): string =>
    `CAST(hash(i * 10 + ${salt}) % ${below} AS INTEGER)`
  const regions = ['ASIA', 'AMERICA', 'EUROPE']
  const nations = ['CHINA', 'UNITED STATES', 'UNITED KINGDOM']
  const cities = ['CHINA 1', 'UNITED ST1', 'UNITED KI1', 'CHINA 2', 'UNITED ST2', 'UNITED KI5']
  const place = (prefix: string): string =>
    `${pick(regions, 'i')} AS ${prefix}_region, ${pick(nations, 'i')} AS ${prefix}_nation, ${pick(cities, 'i')} AS ${prefix}_city`
  const tables: readonly string[] = [
    `dates AS SELECT CAST(strftime(d, '%Y%m%d') AS INTEGER) AS d_datekey, CAST(year(d) AS INTEGER) AS d_year, CAST(strftime(d, '%Y%m') AS INTEGER) AS d_yearmonthnum,
     strftime(d, '%b%Y') AS d_yearmonth, CAST(dayofyear(d) // 7 + 1 AS INTEGER) AS d_weeknuminyear FROM (SELECT DATE '1992-01-01' + CAST(i AS INTEGER) AS d FROM range(2555) r(i))`,
    `customer AS SELECT CAST(i AS INTEGER) AS c_custkey, ${place('c')} FROM range(60) r(i)`,
    `supplier AS SELECT CAST(i AS INTEGER) AS s_suppkey, ${place('s')} FROM range(30) r(i)`,
    `part AS SELECT CAST(i AS INTEGER) AS p_partkey, ${pick(['MFGR#12', 'MFGR#14', 'MFGR#22'], 'i')} AS p_category, ${pick(['MFGR#1', 'MFGR#2', 'MFGR#3'], 'i')} AS p_mfgr,
     ${pick(['MFGR#2221', 'MFGR#2225', 'MFGR#2239', 'MFGR#1201'], 'i')} AS p_brand FROM range(40) r(i)`,
    `lineorder AS SELECT ${number(1, 60)} AS lo_custkey, ${number(2, 40)} AS lo_partkey, ${number(3, 30)} AS lo_suppkey,
     CAST(strftime(DATE '1992-01-01' + ${number(4, 2555)}, '%Y%m%d') AS INTEGER) AS lo_orderdate, ${number(5, 50)} AS lo_quantity,
     ${number(6, 10_000)} AS lo_extendedprice, ${number(7, 11)} AS lo_discount, ${number(8, 9000)} AS lo_revenue,
     ${number(9, 4000)} AS lo_supplycost FROM range(60000) r(i)`,
  ]
  for (const definition of tables) await target.connection.run(`CREATE TABLE db.${definition}`)
}

test('the Star Schema Benchmark answers as DuckDB does on the same rows', async () => {
  await duck.connection.run('SET schema = db')
  for (const text of ssbQueries) {
    const answer = await duck.ask(text, scope)
    const reader = await duck.connection.runAndReadAll(text)
    const expected = reader.getRowsJson().map((row) => row.map((cell) => textOf(cell)))
    // Equal revenues may come in any order, in both.
    const sorted = (all: readonly (readonly (string | null)[])[]): readonly string[] =>
      all.map((row) => row.join('|')).toSorted()
    assert.deepEqual(sorted(answer.rows), sorted(expected), text)
    assert.ok(expected.length > 0 && expected[0]?.[0] !== null, `${text} finds something`)
  }
})
