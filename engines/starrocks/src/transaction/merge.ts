/**
 * What writing rows means in each table model, as one DuckDB statement over rows that were judged before:
 * DUPLICATE appends; UNIQUE and PRIMARY KEY replace by key, the last row of a batch winning; AGGREGATE folds values into
 * the row of the same key. NULL keys are equal to each other (reference: StarRocks documentation, "Table types").
 */
import type { AggregateKind } from '../sql/ast-definition.ts'
import { duckType } from '../sql/type.ts'
import { columnNamed, physicalName } from '../catalog/catalog.ts'
import { quoted } from '../sql/quote.ts'
import type { TableColumn, TableEntry } from '../catalog/catalog.ts'
import { deleteColumn, orderColumn } from './row-check.ts'

export interface MergeOptions {
  /** Rows without a match are left out: UPDATE. */
  readonly updateOnly?: boolean
  /** A row replaces an older one only if its value here is not smaller (`merge_condition`). */
  readonly condition?: string | undefined
  /** Columns that the source lacks, with what they hold in a row that is new. */
  readonly initial?: readonly { readonly column: string; readonly sql: string }[]
  /** Columns that the source lacks and that no new row can do without: the write fails at the first new row. */
  readonly required?: readonly string[]
  /** The source says per row whether it deletes (`__op`). */
  readonly deletes?: boolean
}

/** `source` is a FROM item with the columns, `orderColumn`, and for `deletes` the `deleteColumn`. */
export function mergeSql(
  table: TableEntry,
  source: string,
  columns: readonly TableColumn[],
  options: MergeOptions = {},
): string {
  if (table.model === 'duplicate') return appendSql(table, source, columns)
  return table.model === 'aggregate'
    ? foldSql(table, source, columns)
    : upsertSql(table, source, columns, options)
}

function appendSql(table: TableEntry, source: string, columns: readonly TableColumn[]): string {
  const names = columns.map((column) => quoted(column.name)).join(', ')
  return `INSERT INTO ${physicalName(table)} (${names}) SELECT ${names} FROM ${source}`
}

function upsertSql(
  table: TableEntry,
  source: string,
  columns: readonly TableColumn[],
  options: MergeOptions,
): string {
  const keys = table.keys.map(quoted).join(', ')
  const condition =
    options.condition === undefined ? undefined : columnNamed(table, options.condition)
  const latest = [
    ...(condition ? [`${quoted(condition.name)} DESC`] : []),
    `${quoted(orderColumn)} DESC`,
  ]
  const batch = `SELECT * FROM ${source} QUALIFY row_number() OVER (PARTITION BY ${keys} ORDER BY ${latest.join(', ')}) = 1`
  const values = columns.filter((column) => !isKey(table, column))
  const sets = values.map((column) => `${quoted(column.name)} = s.${quoted(column.name)}`)
  const initial = options.initial ?? []
  const names = [...columns, ...initial.map((entry) => ({ name: entry.column }))].map((column) =>
    quoted(column.name),
  )
  const inserted = [
    ...columns.map((column) => `s.${quoted(column.name)}`),
    ...initial.map((entry) => entry.sql),
  ]
  const removed = `s.${quoted(deleteColumn)}`
  const newer = condition ? ` AND t.${quoted(condition.name)} <= s.${quoted(condition.name)}` : ''
  const clauses = [
    options.deletes ? `WHEN MATCHED AND ${removed} THEN DELETE` : '',
    sets.length > 0 ? `WHEN MATCHED${newer} THEN UPDATE SET ${sets.join(', ')}` : '',
    options.updateOnly
      ? ''
      : `WHEN NOT MATCHED${options.deletes ? ` AND NOT ${removed}` : ''} THEN INSERT (${names.join(', ')}) VALUES (${inserted.join(', ')})`,
  ]
  return `MERGE INTO ${physicalName(table)} AS t USING (${batch}) AS s ON ${onKeys(table)} ${clauses.filter(Boolean).join(' ')}`
}

/** Keys of rows that the table has not yet, for `required`. */
export function newKeysSql(table: TableEntry, source: string, deletes: boolean): string {
  const keys = table.keys.map((key) => `CAST(s.${quoted(key)} AS VARCHAR)`)
  const kept = deletes ? ` AND NOT s.${quoted(deleteColumn)}` : ''
  return `SELECT concat_ws(', ', ${keys.join(', ')}) FROM ${source} AS s WHERE NOT EXISTS (SELECT 1 FROM ${physicalName(table)} AS t WHERE ${onKeys(table)})${kept} LIMIT 1`
}

function foldSql(table: TableEntry, source: string, columns: readonly TableColumn[]): string {
  const keys = table.keys.map(quoted).join(', ')
  const values = columns.filter((column) => !isKey(table, column))
  const folded = values.map(
    (column) => `${foldBatch(column.aggregate, column)} AS ${quoted(column.name)}`,
  )
  const batch = `SELECT ${[keys, ...folded].join(', ')} FROM ${source} GROUP BY ${keys}`
  const sets = values.map(
    (column) => `${quoted(column.name)} = ${foldRow(column.aggregate, column)}`,
  )
  const names = columns.map((column) => quoted(column.name))
  const matched = sets.length > 0 ? `WHEN MATCHED THEN UPDATE SET ${sets.join(', ')} ` : ''
  return `MERGE INTO ${physicalName(table)} AS t USING (${batch}) AS s ON ${onKeys(table)} ${matched}WHEN NOT MATCHED THEN INSERT (${names.join(', ')}) VALUES (${names.map((name) => `s.${name}`).join(', ')})`
}

/** Rows of one key within the batch. Sums are cast back: an overflow is an error, never a wrapped number. */
function foldBatch(kind: AggregateKind | undefined, column: TableColumn): string {
  const name = quoted(column.name)
  const order = quoted(orderColumn)
  if (kind === 'sum') return `CAST(sum(${name}) AS ${duckType(column.type)})`
  if (kind === 'min' || kind === 'max') return `${kind}(${name})`
  if (isUnion(kind))
    return `CASE WHEN count(${name}) > 0 THEN ${unionOf(kind, `list(${name})`)} END`
  return kind === 'replace_if_not_null'
    ? `arg_max(${name}, ${order})`
    : `arg_max_null(${name}, ${order})`
}

const isUnion = (kind: AggregateKind | undefined): boolean => kind?.endsWith('_union') === true

/** Sketches are lists (sql/type.ts): the sets of BITMAP and HLL hold a member once, PERCENTILE holds every value. */
function unionOf(kind: AggregateKind | undefined, lists: string): string {
  const all = `flatten(list_filter(${lists}, lambda item: item IS NOT NULL))`
  return kind === 'percentile_union' ? all : `list_sort(list_distinct(${all}))`
}

/** The stored row `t` and the batch's row `s`. */
function foldRow(kind: AggregateKind | undefined, column: TableColumn): string {
  const name = quoted(column.name)
  if (kind === 'sum') {
    return `CAST(coalesce(t.${name} + s.${name}, t.${name}, s.${name}) AS ${duckType(column.type)})`
  }
  if (kind === 'min') return `least(t.${name}, s.${name})`
  if (kind === 'max') return `greatest(t.${name}, s.${name})`
  if (isUnion(kind))
    return `CASE WHEN t.${name} IS NOT NULL OR s.${name} IS NOT NULL THEN ${unionOf(kind, `[t.${name}, s.${name}]`)} END`
  return kind === 'replace_if_not_null' ? `coalesce(s.${name}, t.${name})` : `s.${name}`
}

export function onKeys(table: TableEntry): string {
  const operator = table.model === 'primary' ? '=' : 'IS NOT DISTINCT FROM'
  return table.keys.map((key) => `t.${quoted(key)} ${operator} s.${quoted(key)}`).join(' AND ')
}

function isKey(table: TableEntry, column: TableColumn): boolean {
  return table.keys.includes(column.name)
}
