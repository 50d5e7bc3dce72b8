/** An INSERT that names some columns of a PRIMARY KEY table only. */
import type { TableColumn, TableEntry } from '../../catalog/catalog.ts'
import { columnsOfExpression, existingColumn } from '../../catalog/lookup.ts'
import { SqlError } from '../../session.ts'

/** Rows that exist keep the columns that are not named. */
export function isPartialUpdate(table: TableEntry, given: readonly TableColumn[]): boolean {
  if (table.model !== 'primary') return false
  const named = new Set(given)
  return table.columns.some((column) => !column.generated && !named.has(column))
}

/** A function as DEFAULT is evaluated for each row that is written; what is constant fills new rows only. */
export function keptOut(table: TableEntry, given: readonly TableColumn[]): TableEntry {
  const named = new Set(given)
  const isWritten = (column: TableColumn) =>
    named.has(column) ||
    column.key ||
    column.generated ||
    (column.default && !['literal', 'null'].includes(column.default.kind))
  return { ...table, columns: table.columns.filter(isWritten) }
}

export function refuseUnfit(table: TableEntry, given: readonly TableColumn[]): void {
  const named = new Set(given)
  const missing = table.columns.filter(
    (column) => column.key && !column.autoIncrement && !column.default && !named.has(column),
  )
  if (missing.length > 0) {
    const names = missing.map((column) => column.name).join(',')
    throw new SqlError(`missing key columns:${names} for primary key table`, 6014, '42000')
  }
  const isGiven = (name: string) => named.has(existingColumn(table, name))
  if (!table.sortKeys.every((name) => isGiven(name) || table.keys.includes(name))) {
    throw new SqlError('partial update on table with sort key must provide all sort key columns')
  }
  for (const column of table.columns) {
    if (!column.generated) continue
    const sources = columnsOfExpression(table.columns, column.generated)
    if (sources.every((source) => named.has(source))) continue
    throw new SqlError(
      `missing dependency column for generated column ${column.name}`,
      6015,
      '42000',
    )
  }
}
