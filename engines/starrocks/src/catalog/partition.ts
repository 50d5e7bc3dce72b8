/**
 * Partitions are rules about rows, kept in the catalog; the rows of a table lie together in one DuckDB table.
 * A partition's rows are found by its condition; a row that fits no partition is refused on write.
 * In a range the NULL of a column counts as less than every value (reference: StarRocks documentation, "Data distribution").
 */
import { SqlError } from '../session.ts'
import type { Expression } from '../sql/ast.ts'
import { sliceOf as writtenSlice } from '../sql/time-slice.ts'
import type { SqlType } from '../sql/type.ts'
import { columnNamed } from './catalog.ts'
import { quoted } from '../sql/quote.ts'
import type { PartitionBound, PartitionEntry, PartitionScheme, TableEntry } from './catalog.ts'
import { compareBounds, valueSql } from './partition-value.ts'
import { placeOf } from './volume.ts'

/** What of a table the rules need; a table that is being created has no id yet. */
export type PartitionedTable = Pick<TableEntry, 'columns' | 'partition' | 'partitions' | 'name'>

/** How partitions come into being by themselves, if they do. */
export type AutoRule =
  | {
      readonly kind: 'slice'
      readonly column: string
      readonly unit: string
      readonly count: number
    }
  | { readonly kind: 'columns'; readonly columns: readonly string[] }

export function autoRule(scheme: PartitionScheme | undefined): AutoRule | undefined {
  if (scheme?.method !== 'expression') return undefined
  const [first] = scheme.by
  const slice = first && scheme.by.length === 1 ? sliceOf(first) : undefined
  if (slice) return slice
  const columns = scheme.by.map(plainColumn)
  return columns.every((column) => column !== undefined) ? { kind: 'columns', columns } : undefined
}

export function plainColumn(expression: Expression): string | undefined {
  return expression.kind === 'column' && expression.path.length === 1
    ? expression.path[0]
    : undefined
}

/** date_trunc('unit', column) and time_slice(column, INTERVAL n unit). */
function sliceOf(expression: Expression): AutoRule | undefined {
  if (expression.kind !== 'call') return undefined
  const [a, b] = expression.args
  if (!a || !b) return undefined
  if (expression.name === 'date_trunc' && a.kind === 'string') {
    const column = plainColumn(b)
    return column === undefined
      ? undefined
      : { kind: 'slice', column, unit: a.value.toLowerCase(), count: 1 }
  }
  const step = stepOf(expression)
  const column = plainColumn(a)
  return column === undefined || step === undefined ? undefined : { kind: 'slice', column, ...step }
}

function stepOf(
  expression: Extract<Expression, { kind: 'call' }>,
): { readonly unit: string; readonly count: number } | undefined {
  if (expression.name !== 'time_slice') return undefined
  const { width, edge } = writtenSlice(expression.args)
  const isFloor = edge === undefined || (edge.kind === 'string' && /^floor$/i.test(edge.value))
  return isFloor && width?.value.kind === 'integer'
    ? { unit: width.unit, count: Number(width.value.text) }
    : undefined
}

export function partitionTypes(table: PartitionedTable): SqlType[] {
  const computed = table.partition?.computed
  if (computed) return [computed.type]
  return (table.partition?.columns ?? []).map((name) => typeOf(table, name))
}

function typeOf(table: PartitionedTable, name: string): SqlType {
  return columnNamed(table as TableEntry, name)?.type ?? { kind: 'null' }
}

/** The partitions of these names (temporary ones when asked for); throws 1735 for an unknown one. */
export function namedPartitions(
  table: PartitionedTable,
  names: readonly string[],
  temporary = false,
): PartitionEntry[] {
  const named = new Map(
    table.partitions
      .filter((entry) => entry.temporary === temporary)
      .map((entry) => [entry.name, entry] as const),
  )
  return names.map((name) => {
    const found = named.get(name)
    if (found) return found
    throw new SqlError(`Unknown partition '${name}' in table '${table.name}'`, 1735, 'HY000')
  })
}

/** A temporary partition's rows lie in a DuckDB table of their own until they replace others. */
export const temporaryRows = (
  { volume }: Pick<TableEntry, 'volume'>,
  { id }: Pick<PartitionEntry, 'id'>,
): string => `${placeOf(volume)}data.t${id}`

/** A temporary partition as a table of its own, which makes no partitions. */
export const temporaryTable = (table: TableEntry, { id }: PartitionEntry): TableEntry => ({
  ...table,
  id,
  partition: undefined,
  partitions: [],
})

/** Which rows belong to the partition, as DuckDB's SQL over the table's columns. */
export function partitionCondition(table: PartitionedTable, entry: PartitionEntry): string {
  const keys = partitionKeys(table)
  const types = partitionTypes(table)
  if (entry.values) {
    return entry.values
      .map(
        (row) => `(${row.map((value, at) => equalSql(keys[at], types[at], value)).join(' AND ')})`,
      )
      .join(' OR ')
  }
  if (!entry.range) return 'true'
  const { lower, upper } = entry.range
  const parts = [
    lower && `NOT (${lessSql(keys, types, lower)})`,
    isMaximum(upper) ? undefined : `(${lessSql(keys, types, upper)})`,
  ].filter((part) => part !== undefined)
  return parts.join(' AND ') || 'true'
}

/**
 * The condition that a row fits one of the table's partitions; undefined when every row does. Neighbouring ranges are
 * joined first: a thousand days in a row are one comparison per row, not a thousand.
 */
export function anyPartitionCondition(table: PartitionedTable): string | undefined {
  if (!table.partition || autoRule(table.partition)) return undefined
  const standing = table.partitions.filter((entry) => !entry.temporary)
  if (standing.length === 0) return 'false'
  if (table.partition.method === 'list') {
    return standing.map((entry) => partitionCondition(table, entry)).join(' OR ')
  }
  const types = partitionTypes(table)
  const sorted = standing
    .map((entry) => entry.range)
    .filter((range) => range !== undefined)
    .sort((a, b) => compareBounds(a.lower, b.lower, types))
  const joined: { lower: PartitionBound | undefined; upper: PartitionBound }[] = []
  for (const range of sorted) {
    const last = joined.at(-1)
    if (last && compareBounds(last.upper, range.lower, types) === 0) last.upper = range.upper
    else joined.push({ ...range })
  }
  const conditions = joined.map((range) =>
    partitionCondition(table, { ...(standing[0] as PartitionEntry), range, values: undefined }),
  )
  return conditions.includes('true')
    ? undefined
    : conditions.map((part) => `(${part})`).join(' OR ')
}

const isMaximum = (bound: PartitionBound): boolean => bound[0]?.kind === 'max' || bound.length === 0

/** What is compared with the bounds, as DuckDB's SQL over the table's columns. */
export function partitionKeys({ partition }: PartitionedTable): string[] {
  return partition?.computed ? [partition.computed.sql] : (partition?.columns ?? []).map(quoted)
}

function equalSql(
  column = 'NULL',
  type: SqlType = { kind: 'null' },
  value: string | null = null,
): string {
  return value === null
    ? `${column} IS NULL`
    : `${column} IS NOT DISTINCT FROM ${valueSql(value, type)}`
}

/** Column by column: the row is below the bound. Never NULL, so that NOT may stand before it. */
function lessSql(
  keys: readonly string[],
  types: readonly SqlType[],
  bound: PartitionBound,
): string {
  const [column, ...moreKeys] = keys
  const [type, ...moreTypes] = types
  const [value, ...moreValues] = bound
  if (column === undefined || type === undefined || value === undefined) return 'false'
  if (value.kind === 'max') return 'true'
  const sql = valueSql(value.text, type)
  const less = `(${column} IS NULL OR ${column} < ${sql})`
  if (moreValues.length === 0) return less
  const rest = lessSql(moreKeys, moreTypes, moreValues)
  return `(${less} OR (${column} IS NOT DISTINCT FROM ${sql} AND ${rest}))`
}

/** As StarRocks lists them: those of ranges by their ranges. */
export function listedPartitions(
  table: TableEntry,
  partitions: readonly PartitionEntry[],
): readonly PartitionEntry[] {
  if (!partitions.some(({ range }) => range)) return partitions
  const types = partitionTypes(table)
  return partitions.toSorted((a, b) => compareBounds(a.range?.upper, b.range?.upper, types))
}
