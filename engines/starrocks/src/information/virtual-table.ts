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
  const rows =
    table.rows.length > 0
      ? `(VALUES ${table.rows.map((row) => `(${row.map(cellSql).join(', ')})`).join(', ')})`
      : `(SELECT ${table.columns.map(() => 'NULL').join(', ')} WHERE false)`
  return `(SELECT ${casts.join(', ')} FROM ${rows} AS v(${names}))`
}

/** Everything as text, so that a column of mixed literals has one type before the cast. */
function cellSql(cell: Cell): string {
  if (cell === null) return 'NULL'
  return literal(typeof cell === 'boolean' ? (cell ? '1' : '0') : String(cell))
}

/** `YYYY-MM-DD hh:mm:ss` in a time zone, as StarRocks prints catalog times. */
export function momentText(ms: number, timeZone: string): string {
  return wallTimeText(ms, timeZone || 'UTC')
}
