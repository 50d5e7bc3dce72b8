/**
 * From a query's rows to a table's rows: converted, completed with defaults and generated columns, and judged.
 *
 * Each row gets a reason when the table cannot take it: a value that has no conversion (strict only; otherwise it becomes NULL),
 * NULL where none may be, text over its length in bytes, a date outside of years 0 to 9999, no partition for it. Who asked
 * decides whether a reason fails the statement or filters the row. The result is one SQL text: nothing is read here.
 */
import type { Scope, ScopeNames, TypedSql } from '../sql/scope.ts'
import { convert, translateExpression } from '../sql/translate.ts'
import { isInteger, isNumeric } from '../sql/common-type.ts'
import { hasMap } from '../sql/map-key.ts'
import type { SqlType } from '../sql/type.ts'
import { literal, quoted } from '../sql/quote.ts'
import type { PartitionEntry, TableColumn, TableEntry } from '../catalog/catalog.ts'
import { anyPartitionCondition, partitionCondition } from '../catalog/partition.ts'

/** One column of the table and where its value comes from: an expression over the input. */
export interface MappedColumn {
  readonly column: TableColumn
  readonly value: TypedSql
  /** What `value` was converted from, when it is converted already: NULL out of something is a failed conversion. */
  readonly raw?: string
  /** A computed value that fails to convert is NULL even in strict mode (reference: Stream Load, strict mode). */
  readonly lenient?: boolean
}

export interface RowRequest {
  readonly table: TableEntry
  /** A FROM item; `MappedColumn.value` names its columns. */
  readonly input: string
  readonly mapped: readonly MappedColumn[]
  readonly strict: boolean
  /** Only rows of these partitions are taken; empty: any. */
  readonly partitions: readonly PartitionEntry[]
  readonly scope: Scope
  /** DuckDB's SQL over the input: a number that grows from row to row. Without it, rows are numbered as they come, on one thread. */
  readonly order?: string
  /** DuckDB's SQL over the input: why a row could not be read; NULL for one that could. Comes before all other reasons. */
  readonly unread?: string | undefined
  /** Further columns of the input to carry along, by the name they get. */
  readonly extras?: Readonly<Record<string, string>>
}

/** Names of helper columns: no StarRocks column name may hold a `$` at this place, so they never meet one. */
export const orderColumn = 'emrys$order'
export const reasonColumn = 'emrys$reason'
export const deleteColumn = 'emrys$delete'
const unreadColumn = 'emrys$unread'
const rawName = (index: number): string => `emrys$raw${index}`

/** SELECT of the mapped and generated columns under their own names, then order, extras and reason. */
export function judgedRows(request: RowRequest): string {
  const { mapped, table } = request
  const values = mapped.map(
    ({ column, value }) => `${convert(value, column.type)} AS ${quoted(column.name)}`,
  )
  const raws = mapped.flatMap((entry, index) => rawColumn(request, entry, index))
  const extras = Object.entries(request.extras ?? {}).map(
    ([name, sql]) => `${sql} AS ${quoted(name)}`,
  )
  const unread =
    request.unread === undefined ? [] : [`${request.unread} AS ${quoted(unreadColumn)}`]
  const base = [
    ...values,
    ...raws,
    ...extras,
    ...unread,
    `${request.order ?? 'row_number() OVER ()'} AS ${quoted(orderColumn)}`,
  ]
  const converted = `SELECT ${base.join(', ')} FROM ${request.input}`
  const generated = generatedColumns(request)
  const full =
    generated.length > 0 ? `SELECT *, ${generated.join(', ')} FROM (${converted}) AS b` : converted
  const kept = [
    ...writtenColumns(table, mapped).map((column) => quoted(column.name)),
    quoted(orderColumn),
    ...Object.keys(request.extras ?? {}).map(quoted),
  ]
  return `SELECT ${kept.join(', ')}, ${reasonSql(request)} AS ${quoted(reasonColumn)} FROM (${full})`
}

/** The columns that `judgedRows` answers, in table order. */
export function writtenColumns(table: TableEntry, mapped: readonly MappedColumn[]): TableColumn[] {
  const named = new Set(mapped.map(({ column }) => column.name))
  return table.columns.filter((column) => named.has(column.name) || column.generated)
}

/** The value as it came, beside the converted one, where a conversion can fail. */
function rawColumn(
  request: RowRequest,
  { column, value, raw, lenient }: MappedColumn,
  index: number,
): string[] {
  if (!request.strict || lenient === true) return []
  if (raw === undefined && !mayFail(value.type, column.type)) return []
  return [`${raw ?? value.sql} AS ${quoted(rawName(index))}`]
}

/**
 * StarRocks keeps NULL for a number that an integer column has no room for, and for what is lost inside of arrays, maps and structs; its suite
 * records both (test_jit_cast, test_join_struct), and for a text that is no BOOLEAN (test_automatic_partition/test_insert_overwrite).
 */
function mayFail(from: SqlType, to: SqlType): boolean {
  if (from.kind === 'null' || ['varchar', 'char', 'boolean'].includes(to.kind)) return false
  if (from.kind === 'date' && to.kind === 'datetime') return false
  if ((from.kind === 'boolean' || isNumeric(from)) && isInteger(to)) return false
  if (from.kind === 'array' || from.kind === 'map' || from.kind === 'struct') return false
  return from.kind !== to.kind || from.kind === 'decimal'
}

function generatedColumns({ table, mapped, scope }: RowRequest): string[] {
  const source: ScopeNames = {
    database: '',
    table: table.name,
    columns: mapped.map(({ column }) => ({
      name: column.name,
      type: column.type,
      sql: quoted(column.name),
    })),
  }
  return table.columns.flatMap((column) => {
    if (!column.generated) return []
    const value = translateExpression(column.generated, scope, [{ alias: 'b', table: source }])
    return [`${convert(value, column.type)} AS ${quoted(column.name)}`]
  })
}

function reasonSql(request: RowRequest): string {
  const { table, mapped } = request
  const isDelete = request.extras?.[deleteColumn] === undefined ? undefined : quoted(deleteColumn)
  const casesOf = (wanted: boolean) => [
    ...mapped.flatMap((entry, index) =>
      entry.column.key === wanted ? mappedCases(request, entry, index) : [],
    ),
    ...table.columns.flatMap((column) =>
      column.generated && column.key === wanted ? columnCases(column) : [],
    ),
  ]
  const fits =
    request.partitions.length > 0
      ? request.partitions.map((entry) => `(${partitionCondition(table, entry)})`).join(' OR ')
      : anyPartitionCondition(table)
  const cases = [
    ...(request.unread === undefined
      ? []
      : [`WHEN ${quoted(unreadColumn)} IS NOT NULL THEN ${quoted(unreadColumn)}`]),
    ...casesOf(true),
    // A row that deletes needs its key only.
    ...(isDelete === undefined ? [] : [`WHEN ${isDelete} THEN NULL`]),
    ...casesOf(false),
    ...(fits === undefined
      ? []
      : [
          `WHEN NOT coalesce(${fits}, false) THEN 'Error: The row is out of partition ranges. Please add a new partition..'`,
        ]),
  ]
  return cases.length > 0 ? `CASE ${cases.join(' ')} END` : 'CAST(NULL AS VARCHAR)'
}

function mappedCases(request: RowRequest, entry: MappedColumn, index: number): string[] {
  const { column } = entry
  if (rawColumn(request, entry, index).length === 0) return columnCases(column)
  const raw = quoted(rawName(index))
  const shown = `left(${rawText(raw, entry.value.type)}, 128)`
  const text = `'Error: Value ''' || ${shown} || ''' is out of range. The type of ''${inText(column.name)}'' is ${column.type.kind.toUpperCase()}.'`
  const failed = `${quoted(column.name)} IS NULL AND ${raw} IS NOT NULL`
  return [`WHEN ${failed} THEN ${text}`, ...columnCases(column)]
}

/** Without the structs that keys of maps stand in. */
const rawText = (raw: string, type: SqlType): string =>
  hasMap(type)
    ? `regexp_replace(CAST(${raw} AS VARCHAR), '\\{''?k''?: ([^}]*)\\}', '\\1', 'g')`
    : `CAST(${raw} AS VARCHAR)`

/** A name inside a quoted SQL text. */
const inText = (name: string): string => literal(name).slice(1, -1)

function columnCases(column: TableColumn): string[] {
  const name = inText(column.name)
  const value = quoted(column.name)
  const cases: string[] = []
  if (!column.nullable) {
    cases.push(`WHEN ${value} IS NULL THEN 'Error: NULL value in non-nullable column ''${name}''.'`)
  }
  const { type } = column
  if (type.kind === 'char' || type.kind === 'varchar') {
    cases.push(
      `WHEN strlen(${value}) > ${type.length} THEN 'Error: String (length=' || strlen(${value}) || ') is too long. The max length of ''${name}'' is ${type.length}.'`,
    )
  }
  if (type.kind === 'varbinary' && type.length > 0) {
    cases.push(
      `WHEN octet_length(${value}) > ${type.length} THEN 'Error: Binary (length=' || octet_length(${value}) || ') is too long. The max length of ''${name}'' is ${type.length}.'`,
    )
  }
  if (type.kind === 'date' || type.kind === 'datetime') {
    const sort = type.kind === 'date' ? 'DATE' : 'TIMESTAMP'
    const last = type.kind === 'date' ? '9999-12-31' : '9999-12-31 23:59:59.999999'
    cases.push(
      `WHEN ${value} NOT BETWEEN ${sort} '0000-01-01' AND ${sort} '${last}' THEN 'Error: Value of ''${name}'' is outside of years 0 to 9999.'`,
    )
  }
  return cases
}
