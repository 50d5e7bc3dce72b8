/**
 * What writing rows means in each table model, as DuckDB's statements over rows that were judged before:
 * DUPLICATE appends; UNIQUE and PRIMARY KEY replace by key, the last row of a batch winning; AGGREGATE folds values into
 * the row of the same key. NULL keys are equal to each other (reference: StarRocks documentation, "Table types").
 */
import type { AggregateKind } from '../sql/ast-definition.ts'
import { isDate, isNumeric } from '../sql/common-type.ts'
import { duckType } from '../sql/type.ts'
import type { SqlType } from '../sql/type.ts'
import { columnNamed, physicalName } from '../catalog/catalog.ts'
import { quoted } from '../sql/quote.ts'
import type { TableColumn, TableEntry } from '../catalog/catalog.ts'
import { deleteColumn, orderColumn } from './row-check.ts'

interface InitialValue {
  readonly column: string
  readonly sql: string
  readonly numbered?: boolean
}

export interface MergeOptions {
  /** Rows without a match are left out: UPDATE. */
  readonly updateOnly?: boolean
  /** A row replaces an older one only if its value here is not smaller (`merge_condition`). */
  readonly condition?: string | undefined
  /** Columns that the source lacks, with what they hold in a row that is new; `numbered`: the next number, in the order of the rows. */
  readonly initial?: readonly InitialValue[]
  /** Columns that the source lacks and that no new row can do without: the write fails at the first new row. */
  readonly required?: readonly string[]
  /** The source says per row whether it deletes (`__op`). */
  readonly deletes?: boolean
}

/** What becomes of a batch, each of whose rows has a key of its own. Expressions are over the row `t` of the table and `s` of the batch. */
interface Merge {
  readonly table: TableEntry
  readonly batch: string
  /** What a row that is there gets. */
  readonly sets: ReadonlyMap<string, string>
  /** What a new row holds; undefined where rows without a match are left out. */
  readonly inserts: ReadonlyMap<string, string> | undefined
  /** Rows for which this does not hold stay as they are. */
  readonly newer?: string | undefined
  /** Rows for which this holds go. */
  readonly removed?: string | undefined
}

/**
 * One or more statements of a transaction. `source` is a FROM item with the columns, `orderColumn`, and for `deletes` the
 * `deleteColumn`; it is read once.
 */
export function mergeSql(
  table: TableEntry,
  source: string,
  columns: readonly TableColumn[],
  options: MergeOptions = {},
): string {
  if (table.model === 'duplicate') return appendSql(table, source, columns)
  const merge =
    table.model === 'aggregate'
      ? folding(table, source, columns)
      : replacing(table, source, columns, options)
  const isInPlace = table.columns.every(
    ({ name, type }) => !merge.sets.has(name) || hasOneWidth(type),
  )
  return isInPlace ? inPlaceSql(merge) : anewSql(merge)
}

function appendSql(table: TableEntry, source: string, columns: readonly TableColumn[]): string {
  const names = columns.map((column) => quoted(column.name)).join(', ')
  return `INSERT INTO ${physicalName(table)} (${names}) SELECT ${names} FROM ${source}`
}

/** Whether its values have one width in DuckDB's vectors. */
const hasOneWidth = (type: SqlType): boolean =>
  isNumeric(type) || isDate(type) || type.kind === 'boolean' || type.kind === 'time'

function inPlaceSql({ table, batch, sets, inserts, newer, removed }: Merge): string {
  const changes = [...sets].map(([name, sql]) => `${quoted(name)} = ${sql}`).join(', ')
  const names = [...(inserts?.keys() ?? [])].map(quoted).join(', ')
  const values = [...(inserts?.values() ?? [])].join(', ')
  const clauses = [
    removed ? `WHEN MATCHED AND ${removed} THEN DELETE` : '',
    sets.size > 0 ? `WHEN MATCHED${newer ? ` AND ${newer}` : ''} THEN UPDATE SET ${changes}` : '',
    inserts
      ? `WHEN NOT MATCHED${removed ? ` AND NOT ${removed}` : ''} THEN INSERT (${names}) VALUES (${values})`
      : '',
  ]
  return `MERGE INTO ${physicalName(table)} AS t USING (${batch}) AS s ON ${onKeys(table)} ${clauses.filter(Boolean).join(' ')}`
}

const ROWS = 'temp.main.emrys_merged'

/**
 * Whole rows are taken out and rewritten. An update of DuckDB's keeps the texts that it sets in memory until their column is written
 * again, which no checkpoint does when all of them are what they were (DuckDB 1.5.5, UpdateSegment): a table that is loaded again
 * and again with names that do not change would take the instance's memory.
 */
function anewSql(merge: Merge): string {
  const { table, removed } = merge
  const names = table.columns.map(({ name }) => quoted(name)).join(', ')
  const kept = removed ? ` WHERE NOT ${quoted(deleteColumn)}` : ''
  return [
    `CREATE TEMP TABLE ${ROWS} AS ${rowsAnew(merge)}`,
    `DELETE FROM ${physicalName(table)} AS t USING ${ROWS} AS s WHERE ${onKeys(table)}`,
    `INSERT INTO ${physicalName(table)} (${names}) SELECT ${names} FROM ${ROWS}${kept}`,
    `DROP TABLE ${ROWS}`,
  ].join('; ')
}

function rowsAnew({ table, batch, sets, inserts, newer, removed }: Merge): string {
  const found = 't."emrys$found"'
  const keeps = ({ name }: TableColumn) => !table.keys.includes(name) && !sets.has(name)
  const isLookedUp =
    table.model === 'aggregate' || !inserts || newer !== undefined || table.columns.some(keeps)
  const values = table.columns.map((column) => {
    const name = quoted(column.name)
    const old = keeps(column) ? `t.${name}` : (sets.get(column.name) ?? `s.${name}`)
    const fresh = inserts ? (inserts.get(column.name) ?? 'NULL') : old
    return `${old === fresh ? old : `CASE WHEN ${found} THEN ${old} ELSE ${fresh} END`} AS ${name}`
  })
  if (removed) values.push(`${removed} AS ${quoted(deleteColumn)}`)
  const rows = `SELECT ${values.join(', ')} FROM (${batch}) AS s`
  if (!isLookedUp) return rows
  const isWritten = [`${found} IS NULL`, newer, removed].filter(Boolean).join(' OR ')
  return `${rows} ${inserts ? 'LEFT JOIN' : 'JOIN'} (SELECT *, true AS "emrys$found" FROM ${physicalName(table)}) AS t ON ${onKeys(table)}${newer ? ` WHERE ${isWritten}` : ''}`
}

function replacing(
  table: TableEntry,
  source: string,
  columns: readonly TableColumn[],
  options: MergeOptions,
): Merge {
  const keys = table.keys.map(quoted).join(', ')
  const condition =
    options.condition === undefined ? undefined : columnNamed(table, options.condition)
  const latest = [
    ...(condition ? [`${quoted(condition.name)} DESC`] : []),
    `${quoted(orderColumn)} DESC`,
  ]
  const given = columns.map(({ name }) => [name, `s.${quoted(name)}`] as const)
  const initial = (options.initial ?? []).map(
    ({ column, sql, numbered }) =>
      [column, numbered === true ? `s.${quoted(column)}` : sql] as const,
  )
  const batch = `SELECT * FROM ${source} QUALIFY row_number() OVER (PARTITION BY ${keys} ORDER BY ${latest.join(', ')}) = 1`
  return {
    table,
    batch: numberedBatch(table, batch, options.initial ?? []),
    sets: new Map(given.filter(([name]) => !table.keys.includes(name))),
    inserts: options.updateOnly ? undefined : new Map([...given, ...initial]),
    newer: condition && `t.${quoted(condition.name)} <= s.${quoted(condition.name)}`,
    removed: options.deletes ? `s.${quoted(deleteColumn)}` : undefined,
  }
}

/** Rows that the table has not yet get their numbers in the order of the batch. */
function numberedBatch(table: TableEntry, batch: string, initial: readonly InitialValue[]): string {
  const numbers = initial.filter(({ numbered }) => numbered)
  if (numbers.length === 0) return batch
  const isNew = quoted('emrys$new')
  const values = numbers.map(
    ({ column, sql }) => `CASE WHEN ${isNew} THEN ${sql} END AS ${quoted(column)}`,
  )
  const exists = `EXISTS (SELECT 1 FROM ${physicalName(table)} AS t WHERE ${onKeys(table)})`
  const ordered = `SELECT s.*, NOT ${exists} AS ${isNew} FROM (${batch}) AS s ORDER BY ${quoted(orderColumn)}`
  return `SELECT * EXCLUDE (${isNew}), ${values.join(', ')} FROM (${ordered})`
}

/** Keys of rows that the table has not yet, for `required`. */
export function newKeysSql(table: TableEntry, source: string, deletes: boolean): string {
  const keys = table.keys.map((key) => `CAST(s.${quoted(key)} AS VARCHAR)`)
  const kept = deletes ? ` AND NOT s.${quoted(deleteColumn)}` : ''
  return `SELECT concat_ws(', ', ${keys.join(', ')}) FROM ${source} AS s WHERE NOT EXISTS (SELECT 1 FROM ${physicalName(table)} AS t WHERE ${onKeys(table)})${kept} LIMIT 1`
}

function folding(table: TableEntry, source: string, columns: readonly TableColumn[]): Merge {
  const keys = table.keys.map(quoted).join(', ')
  const values = columns.filter(({ name }) => !table.keys.includes(name))
  const folded = values.map(
    (column) => `${foldBatch(column.aggregate, column)} AS ${quoted(column.name)}`,
  )
  return {
    table,
    batch: `SELECT ${[keys, ...folded].join(', ')} FROM ${source} GROUP BY ${keys}`,
    sets: new Map(values.map((column) => [column.name, foldRow(column.aggregate, column)])),
    inserts: new Map(columns.map(({ name }) => [name, `s.${quoted(name)}`])),
  }
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
