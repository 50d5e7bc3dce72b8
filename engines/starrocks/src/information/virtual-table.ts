/**
 * Tables that are not stored: information_schema and what SHOW shows. Rows are made from the catalog and handed to DuckDB
 * as a VALUES list when a condition or a query has to look at them, so that they can be joined and filtered like any table.
 */
import { wallTimeText } from '../../../../src/kernel/time-zone.ts'
import type { ScopeTable } from '../sql/scope.ts'
import { duckType } from '../sql/type.ts'
import type { SqlType } from '../sql/type.ts'
import { literal, quoted } from '../sql/quote.ts'

export type Cell = string | number | bigint | boolean | null

export interface VirtualColumn {
  readonly name: string
  readonly type: SqlType
}

export interface VirtualTable {
  readonly database: string
  readonly name: string
  readonly columns: readonly VirtualColumn[]
  readonly rows: readonly (readonly Cell[])[]
  /** DuckDB's SQL for columns that only the data can answer, over the row `v`; their cells above are placeholders. */
  readonly computed?: Readonly<Record<string, string>>
}

export const text: SqlType = { kind: 'varchar', length: 65_533 }
export const long: SqlType = { kind: 'bigint' }
export const moment: SqlType = { kind: 'datetime' }

/** Columns of one type each: `columns({ Name: text, Rows: long })`. */
export function virtualColumns(types: Readonly<Record<string, SqlType>>): VirtualColumn[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }))
}

export function scopeTableOf(table: VirtualTable): ScopeTable {
  return {
    source: relationSql(table),
    database: table.database,
    table: table.name,
    columns: table.columns.map(({ name, type }) => ({ name, type })),
  }
}

function relationSql(table: VirtualTable): string {
  const casts = table.columns.map(({ name, type }, index) => {
    const sql = table.computed?.[name] ?? `c${index}`
    return `CAST(${sql} AS ${duckType(type)}) AS ${quoted(name)}`
  })
  const names = table.columns.map((_, index) => `c${index}`).join(', ')
  return `(SELECT ${casts.join(', ')} FROM ${rowsSql(table)} AS v(${names}))`
}

/** From so many rows on they are one text: DuckDB plans each cell of VALUES in about 30 µs, those of thousands of columns for seconds. */
const ROWS_MANY = 256
/** What stands between rows and cells, and for NULL. */
const [NULL_CODE, ROW_CODE, CELL_CODE] = [29, 30, 31]
const [nullMark, rowEnd, cellEnd] = [NULL_CODE, ROW_CODE, CELL_CODE].map((code) =>
  String.fromCharCode(code),
) as [string, string, string]

function rowsSql({ columns, rows }: VirtualTable): string {
  if (rows.length === 0) return `(SELECT ${columns.map(() => 'NULL').join(', ')} WHERE false)`
  return (
    (rows.length < ROWS_MANY ? undefined : splitRows(rows)) ??
    `(VALUES ${rows.map((row) => `(${row.map(cellSql).join(', ')})`).join(', ')})`
  )
}

/** Undefined where a cell holds what stands between cells. */
function splitRows(rows: VirtualTable['rows']): string | undefined {
  const [{ length } = []] = rows
  const all = rows.map((row) => row.map(cellText).join(cellEnd)).join(rowEnd)
  let parts = 0
  for (let at = 0; at < all.length; at += 1) {
    const code = all.charCodeAt(at)
    if (code >= NULL_CODE && code <= CELL_CODE) parts += 1
  }
  const marks = rows.reduce((sum, row) => sum + row.filter((cell) => cell === null).length, 0)
  if (parts !== marks + rows.length * length - 1) return undefined
  const cells = Array.from(
    { length },
    (_, index) => `nullif(r[${index + 1}], chr(${NULL_CODE}))`,
  ).join(', ')
  const row = `unnest(string_split(${literal(all)}, chr(${ROW_CODE})))`
  return `(SELECT ${cells} FROM (SELECT string_split(${row}, chr(${CELL_CODE})) AS r))`
}

const cellText = (cell: Cell): string => {
  if (cell === null) return nullMark
  return typeof cell === 'boolean' ? (cell ? '1' : '0') : String(cell)
}

/** Everything as text, so that a column of mixed literals has one type before the cast. */
function cellSql(cell: Cell): string {
  if (cell === null) return 'NULL'
  return literal(cellText(cell))
}

/** `YYYY-MM-DD hh:mm:ss` in a time zone, as StarRocks prints catalog times. */
export function momentText(ms: number, timeZone: string): string {
  return wallTimeText(ms, timeZone || 'UTC')
}
