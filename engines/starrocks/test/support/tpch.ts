/**
 * Tables of TPC-H with data made by DuckDB from nothing but row numbers: the same rows every time, in the benchmark's proportions
 * and value ranges (TPC Benchmark H, clause 4.2), with shorter texts. Each of its queries finds rows from a hundredth of scale 1 on.
 */
import type { DuckDBConnection } from '@duckdb/node-api'
import { nations, random } from './ssb.ts'

const ENGINE_TYPES = {
  key: 'INT NOT NULL',
  int: 'INT',
  money: 'DECIMAL(15, 2)',
  text: 'VARCHAR(64)',
  date: 'DATE',
} as const
type Kind = keyof typeof ENGINE_TYPES

/** Columns in their order; the first ones that are keys are those of the table. */
export const tpchTables: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  region: { r_regionkey: 'key', r_name: 'text' },
  nation: { n_nationkey: 'key', n_name: 'text', n_regionkey: 'int' },
  supplier: {
    s_suppkey: 'key',
    s_name: 'text',
    s_address: 'text',
    s_nationkey: 'int',
    s_phone: 'text',
    s_acctbal: 'money',
    s_comment: 'text',
  },
  part: {
    p_partkey: 'key',
    p_name: 'text',
    p_mfgr: 'text',
    p_brand: 'text',
    p_type: 'text',
    p_size: 'int',
    p_container: 'text',
    p_retailprice: 'money',
  },
  partsupp: { ps_partkey: 'key', ps_suppkey: 'key', ps_availqty: 'int', ps_supplycost: 'money' },
  customer: {
    c_custkey: 'key',
    c_name: 'text',
    c_address: 'text',
    c_nationkey: 'int',
    c_phone: 'text',
    c_acctbal: 'money',
    c_mktsegment: 'text',
    c_comment: 'text',
  },
  orders: {
    o_orderkey: 'key',
    o_custkey: 'int',
    o_orderstatus: 'text',
    o_totalprice: 'money',
    o_orderdate: 'date',
    o_orderpriority: 'text',
    o_shippriority: 'int',
    o_comment: 'text',
  },
  lineitem: {
    l_orderkey: 'key',
    l_linenumber: 'key',
    l_partkey: 'int',
    l_suppkey: 'int',
    l_quantity: 'money',
    l_extendedprice: 'money',
    l_discount: 'money',
    l_tax: 'money',
    l_returnflag: 'text',
    l_linestatus: 'text',
    l_shipdate: 'date',
    l_commitdate: 'date',
    l_receiptdate: 'date',
    l_shipinstruct: 'text',
    l_shipmode: 'text',
  },
}

/** The tables' definitions in StarRocks’ words. */
export const tpchDefinitions: readonly string[] = Object.entries(tpchTables).map(
  ([table, columns]) => {
    const written = Object.entries(columns).map(([name, kind]) => `${name} ${ENGINE_TYPES[kind]}`)
    const keys = Object.keys(columns).filter((name) => columns[name] === 'key')
    const [first = ''] = keys
    return `CREATE TABLE ${table} (${written.join(', ')}) DUPLICATE KEY (${keys.join(', ')}) DISTRIBUTED BY HASH (${first})`
  },
)

/** Fills tables of the benchmark's names in a database of DuckDB's own. A scale of 1 has 1 500 000 orders. */
export async function fillTpch(connection: DuckDBConnection, scale: number): Promise<void> {
  for (const [table, query] of Object.entries(sources(scale)))
    await connection.run(`CREATE TABLE ${table} AS ${query}`)
}

const REGIONS = ['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST']
const COLOURS = [
  'almond',
  'forest',
  'green',
  'ivory',
  'lemon',
  'navy',
  'olive',
  'plum',
  'red',
  'tan',
]
const SIZES = ['STANDARD', 'SMALL', 'MEDIUM', 'LARGE', 'ECONOMY', 'PROMO']
const COATS = ['ANODIZED', 'BURNISHED', 'PLATED', 'POLISHED', 'BRUSHED']
const METALS = ['TIN', 'NICKEL', 'BRASS', 'STEEL', 'COPPER']
const BOXES = ['SM', 'LG', 'MED', 'JUMBO', 'WRAP']
const KINDS = ['CASE', 'BOX', 'BAG', 'PKG', 'PACK']
const SEGMENTS = ['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'MACHINERY', 'HOUSEHOLD']
const PRIORITIES = ['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW']
const INSTRUCTIONS = ['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN']
const MODES = ['REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB']
const CURRENT = "DATE '1995-06-17'"
/** Days on which something is ordered, from 1992-01-01 on. */
const DAYS = 2406
const SUPPLIERS_OF_PART = 4

function sources(scale: number): Readonly<Record<string, string>> {
  const suppliers = Math.max(20, Math.round(10_000 * scale))
  const parts = Math.max(400, Math.round(200_000 * scale))
  const customers = Math.max(150, Math.round(150_000 * scale))
  const orders = Math.max(1500, Math.round(1_500_000 * scale))
  const lists = [REGIONS.map((name, at) => `(${at}, '${name}')`), nationRows()]
  const [regionRows = '', nationText = ''] = lists.map((rows) => rows.join(', '))
  return {
    region: `SELECT k::INT AS r_regionkey, n AS r_name FROM (VALUES ${regionRows}) v (k, n)`,
    nation: `SELECT k::INT AS n_nationkey, n AS n_name, r::INT AS n_regionkey FROM (VALUES ${nationText}) v (k, n, r)`,
    supplier: `SELECT (i + 1)::INT AS s_suppkey, 'Supplier#' || lpad((i + 1)::VARCHAR, 9, '0') AS s_name, 'street ' || i AS s_address,
      n::INT AS s_nationkey, (n + 10) || '-555-' || i AS s_phone, ${money(2, 1_100_000, 100_000)} AS s_acctbal,
      CASE WHEN ${random(3)} % 20 = 0 THEN 'Customer some Complaints' ELSE 'carefully' END AS s_comment
      FROM (SELECT i, ${random(1)} % 25 AS n FROM range(${suppliers}) r (i))`,
    part: `SELECT (i + 1)::INT AS p_partkey, ${one(COLOURS, 4)} || ' ' || ${one(COLOURS, 5)} AS p_name, 'Manufacturer#' || m AS p_mfgr,
      'Brand#' || m || (${random(7)} % 5 + 1) AS p_brand, ${one(SIZES, 8)} || ' ' || ${one(COATS, 9)} || ' ' || ${one(METALS, 10)} AS p_type,
      (${random(11)} % 50 + 1)::INT AS p_size, ${one(BOXES, 12)} || ' ' || ${one(KINDS, 13)} AS p_container, ${money(14, 120_000, -90_000)} AS p_retailprice
      FROM (SELECT i, ${random(6)} % 5 + 1 AS m FROM range(${parts}) r (i))`,
    partsupp: `SELECT p_partkey AS ps_partkey, ${supplierOf('p_partkey', 'j', suppliers)} AS ps_suppkey,
      (${random(15)} % 9999 + 1)::INT AS ps_availqty, ${money(16, 100_000, -100)} AS ps_supplycost
      FROM (SELECT p_partkey, j, p_partkey * ${SUPPLIERS_OF_PART} + j AS i FROM part, range(${SUPPLIERS_OF_PART}) s (j))`,
    customer: `SELECT (i + 1)::INT AS c_custkey, 'Customer#' || lpad((i + 1)::VARCHAR, 9, '0') AS c_name, 'road ' || i AS c_address,
      n::INT AS c_nationkey, (n + 10) || '-555-' || i AS c_phone, ${money(18, 1_100_000, 100_000)} AS c_acctbal, ${one(SEGMENTS, 19)} AS c_mktsegment, 'blithely' AS c_comment
      FROM (SELECT i, ${random(17)} % 25 AS n FROM range(${customers}) r (i))`,
    // A third of the customers never order.
    orders: `SELECT (i + 1)::INT AS o_orderkey, (c - c % 3 + 1 + ${random(21)} % 2)::INT AS o_custkey,
      CASE WHEN d > ${CURRENT} THEN 'O' WHEN d < ${CURRENT} - 150 THEN 'F' ELSE 'P' END AS o_orderstatus, ${money(22, 40_000_000, -100_000)} AS o_totalprice,
      d AS o_orderdate, ${one(PRIORITIES, 24)} AS o_orderpriority, 0::INT AS o_shippriority,
      CASE WHEN ${random(25)} % 50 = 0 THEN 'special odd requests' ELSE 'quickly' END AS o_comment
      FROM (SELECT i, ${random(20)} % ${customers - 3} AS c, DATE '1992-01-01' + (${random(23)} % ${DAYS})::INT AS d FROM range(${orders}) r (i))`,
    lineitem: lineitem(parts, suppliers),
  }
}

/** One to seven of an order; every hundredth order is a large one. */
function lineitem(parts: number, suppliers: number): string {
  const lines = `SELECT o_orderkey, o_orderdate, j, o_orderkey * 7 + j AS i FROM orders, range(7) s (j)
    WHERE j <= (o_orderkey::BIGINT * 40503) % 7 OR o_orderkey % 100 = 0`
  const drawn = `SELECT *, (${random(26)} % ${parts} + 1)::INT AS p,
    (CASE WHEN o_orderkey % 100 = 0 THEN 44 + ${random(27)} % 7 ELSE ${random(27)} % 50 + 1 END)::INT AS q,
    o_orderdate + (${random(28)} % 121 + 1)::INT AS shipped FROM (${lines})`
  const received = `SELECT *, shipped + (${random(29)} % 30 + 1)::INT AS received FROM (${drawn})`
  return `SELECT o_orderkey AS l_orderkey, (j + 1)::INT AS l_linenumber, p AS l_partkey, ${supplierOf('p', `${random(30)} % ${SUPPLIERS_OF_PART}`, suppliers)} AS l_suppkey,
    q::DECIMAL(15, 2) AS l_quantity, (q * (90000 + p % 20001) / 100.0)::DECIMAL(15, 2) AS l_extendedprice,
    ((${random(31)} % 11) / 100.0)::DECIMAL(15, 2) AS l_discount, ((${random(32)} % 9) / 100.0)::DECIMAL(15, 2) AS l_tax,
    CASE WHEN received > ${CURRENT} THEN 'N' WHEN ${random(33)} % 2 = 0 THEN 'R' ELSE 'A' END AS l_returnflag,
    CASE WHEN shipped > ${CURRENT} THEN 'O' ELSE 'F' END AS l_linestatus, shipped AS l_shipdate,
    o_orderdate + (${random(34)} % 61 + 30)::INT AS l_commitdate, received AS l_receiptdate, ${one(INSTRUCTIONS, 35)} AS l_shipinstruct, ${one(MODES, 36)} AS l_shipmode
    FROM (${received})`
}

function nationRows(): readonly string[] {
  return nations.map(
    ([name = '', region = ''], at) => `(${at}, '${name}', ${REGIONS.indexOf(region)})`,
  )
}

/** One of the texts, by the row number `i`. */
function one(texts: readonly string[], salt: number): string {
  return `[${texts.map((text) => `'${text}'`).join(', ')}][(${random(salt)} % ${texts.length} + 1)::INT]`
}

/** Cents below a bound, less `off`. */
function money(salt: number, below: number, off: number): string {
  return `((${random(salt)} % ${below} - ${off}) / 100.0)::DECIMAL(15, 2)`
}

/** Every part has the same four suppliers wherever it is asked. */
function supplierOf(part: string, which: string, suppliers: number): string {
  return `((${part} + (${which}) * ${Math.floor(suppliers / SUPPLIERS_OF_PART)}) % ${suppliers} + 1)::INT`
}
