/**
 * The Star Schema Benchmark's data, made by DuckDB from nothing but row numbers: the same rows every time. Two nations and two
 * digits of cities are more frequent than in the benchmark, so that the narrowest queries find rows in small tables.
 */
import type { DuckDBConnection } from '@duckdb/node-api'
import { ssbTables } from './corpus.ts'

/** Nations with their regions, of this benchmark and of TPC-H. */
export const nations: readonly (readonly string[])[] = [
  ...['ALGERIA', 'ETHIOPIA', 'KENYA', 'MOROCCO', 'MOZAMBIQUE'].map((name) => [name, 'AFRICA']),
  ...['ARGENTINA', 'BRAZIL', 'CANADA', 'PERU', 'UNITED STATES'].map((name) => [name, 'AMERICA']),
  ...['CHINA', 'INDIA', 'INDONESIA', 'JAPAN', 'VIETNAM'].map((name) => [name, 'ASIA']),
  ...['FRANCE', 'GERMANY', 'ROMANIA', 'RUSSIA', 'UNITED KINGDOM'].map((name) => [name, 'EUROPE']),
  ...['EGYPT', 'IRAN', 'IRAQ', 'JORDAN', 'SAUDI ARABIA'].map((name) => [name, 'MIDDLE EAST']),
]
const [UNITED_STATES, UNITED_KINGDOM] = [9, 19]
const DAYS = 2556

export interface SsbSize {
  readonly orders: number
  readonly customers: number
  readonly suppliers: number
  readonly parts: number
}

/** The tables' definitions in StarRocks’ words. */
export const ssbDefinitions: readonly string[] = Object.entries(ssbTables).map(
  ([table, columns]) => {
    const written = Object.entries(columns).map(
      ([name, type]) => `${name} ${type === 'varchar' ? 'VARCHAR(32)' : type.toUpperCase()}`,
    )
    const [key = ''] = Object.keys(columns)
    return `CREATE TABLE ${table} (${written.join(', ')}) DUPLICATE KEY (${key}) DISTRIBUTED BY HASH (${key})`
  },
)

/** Fills tables of the benchmark's names in a database of DuckDB's own. */
export async function fillSsb(connection: DuckDBConnection, size: SsbSize): Promise<void> {
  const rows = nations.map(([name, region], at) => `(${at}, '${name}', '${region}')`)
  await connection.run(
    `CREATE TEMP TABLE nation AS SELECT * FROM (VALUES ${rows.join(', ')}) n (k, nation, region)`,
  )
  for (const [table, query] of Object.entries(sources(size)))
    await connection.run(`CREATE TABLE ${table} AS ${query}`)
}

function sources(size: SsbSize): Readonly<Record<keyof typeof ssbTables, string>> {
  return {
    dates: `SELECT strftime(d, '%Y%m%d')::INT AS d_datekey, year(d)::INT AS d_year, strftime(d, '%Y%m')::INT AS d_yearmonthnum,
      strftime(d, '%b%Y') AS d_yearmonth, ((dayofyear(d) - 1) // 7 + 1)::INT AS d_weeknuminyear
      FROM (SELECT DATE '1992-01-01' + i::INT AS d FROM range(${DAYS}) r (i))`,
    customer: placed('c', size.customers, 1),
    supplier: placed('s', size.suppliers, 2),
    part: `SELECT (i + 1)::INT AS p_partkey, 'MFGR#' || m || c AS p_category, 'MFGR#' || m AS p_mfgr,
      'MFGR#' || m || c || (${random(5)} % 40 + 1) AS p_brand
      FROM (SELECT i, ${random(3)} % 5 + 1 AS m, ${random(4)} % 5 + 1 AS c FROM range(${size.parts}) r (i))`,
    lineorder: `SELECT (${random(6)} % ${size.customers} + 1)::INT AS lo_custkey, (${random(7)} % ${size.parts} + 1)::INT AS lo_partkey,
      (${random(8)} % ${size.suppliers} + 1)::INT AS lo_suppkey,
      strftime(DATE '1992-01-01' + (${random(9)} % ${DAYS})::INT, '%Y%m%d')::INT AS lo_orderdate,
      (${random(10)} % 50 + 1)::INT AS lo_quantity, (${random(11)} % 100000 + 100)::INT AS lo_extendedprice,
      (${random(12)} % 11)::INT AS lo_discount, (${random(13)} % 90000 + 100)::INT AS lo_revenue,
      (${random(14)} % 50000 + 100)::INT AS lo_supplycost FROM range(${size.orders}) r (i)`,
  }
}

/** A customer or supplier: nation, region, and the benchmark's ten cities of each nation. */
function placed(prefix: string, count: number, salt: number): string {
  return `SELECT (i + 1)::INT AS ${prefix}_${prefix === 'c' ? 'cust' : 'supp'}key, region AS ${prefix}_region, nation AS ${prefix}_nation,
    rpad(left(nation, 9), 9, ' ') || digit AS ${prefix}_city
    FROM (SELECT i, CASE ${random(salt)} % 3 WHEN 0 THEN ${UNITED_KINGDOM} WHEN 1 THEN ${UNITED_STATES} ELSE ${random(salt + 20)} % 25 END AS n,
      [1, 5, 1, 5, 0, 2, 3, 4, 6, 7, 8, 9][(${random(salt + 30)} % 12 + 1)::INT] AS digit FROM range(${count}) r (i))
    JOIN nation ON n = k`
}

/** A number that looks random, of the row number `i`: the same on every machine. */
export function random(salt: number): string {
  return `((i * 2654435761 + ${salt} * 40503 + (i * i * ${salt * 2 + 1}) % 1000003 * 7919) % 1000000007 // 13)`
}
