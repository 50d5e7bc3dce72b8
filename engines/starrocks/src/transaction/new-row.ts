/**
 * What a new row of a PRIMARY KEY table holds in the columns that a write does not name. Rows that exist keep theirs
 * (reference: StarRocks documentation, "Partial updates").
 */
import type { Scope } from '../sql/scope.ts'
import { convert } from '../sql/translate.ts'
import type { SqlType } from '../sql/type.ts'
import { duckType } from '../sql/type.ts'
import type { TableColumn, TableEntry } from '../catalog/catalog.ts'
import { defaultValue } from '../catalog/column-default.ts'
import type { MergeOptions } from './merge.ts'

export function newRow(
  table: TableEntry,
  columns: readonly TableColumn[],
  scope: Scope,
): Pick<MergeOptions, 'initial' | 'required'> {
  const given = new Set(columns.map((column) => column.name))
  const missing = table.columns.filter((column) => !given.has(column.name))
  const values = missing.map((column) => ({
    column: column.name,
    sql: initialValue(table, column, scope),
    numbered: column.autoIncrement,
  }))
  return {
    initial: values.flatMap(({ column, sql, numbered }) =>
      sql === undefined ? [] : [{ column, sql, numbered }],
    ),
    required: values.filter(({ sql }) => sql === undefined).map(({ column }) => column),
  }
}

/** Undefined: a column that may be neither NULL nor left to StarRocks' empty value. */
function initialValue(table: TableEntry, column: TableColumn, scope: Scope): string | undefined {
  const isFilled = column.nullable || column.default || column.autoIncrement
  if (isFilled) return convert(defaultValue(table, column, scope), column.type)
  const empty = emptyValue(column.type)
  return empty === undefined ? undefined : `CAST(${empty} AS ${duckType(column.type)})`
}

/** StarRocks fills a NOT NULL column without a default with the empty text and with zero. */
function emptyValue(type: SqlType): string | undefined {
  if (type.kind === 'varchar' || type.kind === 'char') return "''"
  const isNumber = ['boolean', 'tinyint', 'smallint', 'int', 'bigint', 'largeint'].includes(
    type.kind,
  )
  return isNumber || ['decimal', 'float', 'double'].includes(type.kind) ? '0' : undefined
}
