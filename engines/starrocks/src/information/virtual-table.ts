/**
 * Tables that are not stored: information_schema and what SHOW shows. Rows are made from the catalog and handed to DuckDB
 * as a VALUES list when a condition or a query has to look at them, so that they can be joined and filtered like any table.
 */
import { wallTimeText } from '../../../../src/kernel/time-zone.ts'
import type { ScopeTable } from '../sql/scope.ts'
import { duckType } from '../sql/type.ts'
import type { SqlType } from '../sql/type.ts'
import { literal, quoted } from '../sql/quote.ts'
import { atOnce, mapInSteps } from './step.ts'
import type { Steps } from './step.ts'

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

export const scopeTableOf = (table: VirtualTable): ScopeTable => atOnce(scopeTableSteps(table))

export function* scopeTableSteps(table: VirtualTable): Steps<ScopeTable> {
  return {
    source: yield* relationSql(table),
    database: table.database,
    table: table.name,
    columns: table.columns.map(({ name, type }) => ({ name, type })),
  }
}

function* relationSql(table: VirtualTable): Steps<string> {
  const casts = table.columns.map(({ name, type }, index) => {
    const sql = table.computed?.[name] ?? `c${index}`
    return `CAST(${sql} AS ${duckType(type)}) AS ${quoted(name)}`
  })
  const names = table.columns.map((_, index) => `c${index}`).join(', ')
  const rows = yield* rowsSql(table)
  return `(SELECT ${casts.join(', ')} FROM ${rows} AS v(${names}))`
}

/** From so many rows on each column is one text: DuckDB plans each cell of VALUES in about 30 µs, those of thousands of columns for seconds. */
const ROWS_MANY = 256
/** What stands between cells, and for NULL. */
const [NULL_CODE, CELL_CODE] = [29, 31]
const [nullMark, cellEnd] = [NULL_CODE, CELL_CODE].map((code) => String.fromCharCode(code)) as [
  string,
  string,
]

function* rowsSql({ columns, rows }: VirtualTable): Steps<string> {
  if (rows.length === 0) return `(SELECT ${columns.map(() => 'NULL').join(', ')} WHERE false)`
  const split = rows.length < ROWS_MANY ? undefined : yield* splitColumns(rows)
  return split ?? `(VALUES ${rows.map((row) => `(${row.map(cellSql).join(', ')})`).join(', ')})`
}

/** Undefined where a cell holds what stands between cells. */
function* splitColumns(rows: VirtualTable['rows']): Steps<string | undefined> {
  const columns: string[] = []
  let isVaried = false
  for (const [at, cell] of (rows[0] ?? []).entries()) {
    const isSame = rows.every((row) => row[at] === cell)
    const column = isSame ? cellSql(cell) : yield* splitColumn(rows, at)
    if (column === undefined) return undefined
    columns.push(column)
    isVaried ||= !isSame
    yield
  }
  return `(SELECT ${columns.join(', ')}${isVaried ? '' : ` FROM range(${rows.length})`})`
}

function* splitColumn(rows: VirtualTable['rows'], at: number): Steps<string | undefined> {
  const cells = yield* mapInSteps(rows, (row) => cellText(row[at] ?? null))
  const all = cells.join(cellEnd)
  yield
  let parts = 1
  for (let place = 0; place < all.length; place += 1)
    if (all.charCodeAt(place) === CELL_CODE) parts += 1
  if (parts !== rows.length || rows.some((row) => row[at] === nullMark)) return undefined
  const column = `unnest(string_split(${literal(all)}, chr(${CELL_CODE})))`
  return cells.includes(nullMark) ? `nullif(${column}, chr(${NULL_CODE}))` : column
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
