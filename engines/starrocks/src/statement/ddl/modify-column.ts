/** MODIFY COLUMN: a type changes only where no stored value can be lost; a generated column is computed again. */
import type { TableColumn, TableEntry } from '../../catalog/catalog.ts'
import { physicalName } from '../../catalog/catalog.ts'
import { existingColumn, columnsOfExpression } from '../../catalog/lookup.ts'
import { decideColumn } from '../../catalog/table-definition.ts'
import { defaultText } from '../../information/schema.ts'
import { scopeOf, tableScope } from '../../resolution/statement-scope.ts'
import { SqlError } from '../../session.ts'
import type { ColumnPosition } from '../../sql/ast-definition.ts'
import { quoted } from '../../sql/quote.ts'
import { analyzingError } from '../../sql/sql-error.ts'
import { convert, translateExpression } from '../../sql/translate.ts'
import type { SqlType } from '../../sql/type.ts'
import { duckType } from '../../sql/type.ts'
import { placed, refuseRollup, refuseScatteredKeys, refuseUsed, rewrite } from './alter-column.ts'
import type { Clause, TableChange } from './alter-column.ts'
import { checkGeneratedColumn } from './generated-column.ts'
import { refuseRollupColumn } from './rollup.ts'
import { checkColumnExpressions } from './column-expression.ts'

export async function modifyColumn(
  { execution, draft, table }: TableChange,
  clause: Clause<'modifyColumn'>,
): Promise<TableEntry> {
  refuseRollup(clause.rollup)
  checkColumnExpressions(clause.column)
  const old = existingColumn(table, clause.column.name)
  refuseFixed(table, old)
  const column = decideColumn(
    { ...clause.column, name: old.name, aggregate: aggregateOf(table, clause, old) },
    { model: table.model, columns: table.keys },
  )
  if (column.generated && !old.generated)
    throw new SqlError('Can not modify a non-generated column to a generated column')
  if (old.generated && !column.generated)
    throw new SqlError('Can not modify a generated column to a non-generated column')
  if (column.generated) return recompute({ execution, draft, table }, old, column)
  checkPosition(table, clause.position)
  if (old.nullable && !column.nullable) {
    throw new SqlError(`Can not change from nullable to non-nullable. Column: ${old.name}`)
  }
  if (old.aggregate !== column.aggregate) {
    throw new SqlError(`Can not change aggregation type. Column: ${old.name}`)
  }
  if (defaultText(old) !== defaultText(column)) throw new SqlError('Can not change default value')
  if (JSON.stringify(old.type) !== JSON.stringify(column.type)) {
    refuseRollupColumn(table, old.name)
    refuseUsed(table, old, 'change the type of')
    refuseLoss(old.type, column.type)
    const name = quoted(old.name)
    const value = convert({ sql: name, type: old.type }, column.type)
    await execution.link.run(
      `ALTER TABLE ${physicalName(table)} ALTER COLUMN ${name} TYPE ${duckType(column.type)} USING ${value}`,
    )
  }
  const kept = table.columns.map((other) => (other === old ? column : other))
  if (!clause.position) return { ...table, columns: kept }
  const moved = {
    ...table,
    columns: placed(
      kept.filter((other) => other !== column),
      column,
      clause.position,
    ),
  }
  refuseScatteredKeys(moved)
  return moved
}

const order: readonly string[] = ['boolean', 'tinyint', 'smallint', 'int', 'bigint', 'largeint']

/** StarRocks names this refusal of its own. */
const shortens = (from: SqlType, to: SqlType): boolean =>
  (from.kind === 'char' || from.kind === 'varchar') &&
  (to.kind === 'char' || to.kind === 'varchar') &&
  to.length < from.length

/** Changes that keep every value. reference: StarRocks documentation, ALTER TABLE, "Modify column types". */
function widens(from: SqlType, to: SqlType): boolean {
  const [a, b] = [order.indexOf(from.kind), order.indexOf(to.kind)]
  if (a >= 0 && b >= 0) return a < b
  if (a >= 0) {
    return to.kind === 'varchar' || (to.kind === 'double' && a < order.indexOf('bigint'))
  }
  if (from.kind === 'decimal' && to.kind === 'decimal') {
    return to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale
  }
  if (
    (from.kind === 'char' || from.kind === 'varchar') &&
    (to.kind === 'char' || to.kind === 'varchar')
  ) {
    return to.length >= from.length
  }
  const pairs: readonly string[] = ['float double', 'date datetime', 'json varchar']
  return (
    pairs.includes(`${from.kind} ${to.kind}`) ||
    (to.kind === 'varchar' && ['date', 'datetime', 'decimal'].includes(from.kind))
  )
}

/** reference: StarRocks 3.3.7, SchemaChangeHandler.processModifyColumn. */
function refuseFixed({ model, sortKeys, columns }: TableEntry, column: TableColumn): void {
  if (model === 'primary') {
    if (column.key)
      throw new SqlError(`Can not modify key column: ${column.name} for primary key table`)
    if (sortKeys.some((name) => name.toLowerCase() === column.name.toLowerCase()))
      throw new SqlError('Can not modify sort column in primary data model table')
  }
  const user = columns.find(
    ({ generated }) => generated && columnsOfExpression(columns, generated).includes(column),
  )
  if (user)
    throw new SqlError(
      `Do not support modify column: ${column.name}, because it associates with the generated column`,
    )
  if (column.autoIncrement) throw new SqlError("Can't not modify a AUTO_INCREMENT column")
}

/** The columns of a PRIMARY KEY table are replaced, whatever is written. */
const aggregateOf = (
  { model }: TableEntry,
  { column }: Clause<'modifyColumn'>,
  old: TableColumn,
): TableColumn['aggregate'] =>
  model === 'primary' ? old.aggregate : (column.aggregate ?? old.aggregate)

function checkPosition({ columns }: TableEntry, position: ColumnPosition | undefined): void {
  if (position?.kind !== 'after') return
  const lower = position.column.toLowerCase()
  if (columns.some(({ name, generated }) => generated && name.toLowerCase() === lower))
    throw analyzingError('Can not modify column after Generated Column.')
}

function refuseLoss(from: SqlType, to: SqlType): void {
  if (shortens(from, to)) throw new SqlError('Cannot shorten string length')
  if (!widens(from, to))
    throw new SqlError(`Can not change ${from.kind.toUpperCase()} to ${to.kind.toUpperCase()}`)
}

/** Its values are its expression's, old ones among them. */
async function recompute(
  { execution, draft, table }: TableChange,
  old: TableColumn,
  column: TableColumn,
): Promise<TableEntry> {
  if (!column.generated) return table
  refuseRollupColumn(table, old.name)
  const name = physicalName(table)
  const alias = name.slice(name.indexOf('.') + 1)
  const scope = scopeOf(execution, { catalog: draft.catalog, trusted: true })
  const sources = [{ alias, table: tableScope('', table) }]
  const value = translateExpression(column.generated, scope, sources)
  checkGeneratedColumn(table, {
    ...column,
    expression: column.generated,
    value: value.type,
  })
  if (JSON.stringify(old.type) !== JSON.stringify(column.type))
    refuseUsed(table, old, 'change the type of')
  await rewrite(execution.link, name, old.name, convert(value, column.type))
  return { ...table, columns: table.columns.map((other) => (other === old ? column : other)) }
}
