/** What StarRocks asks of a generated column before it is there. reference: StarRocks 3.3.7, CreateTableAnalyzer and AlterTableClauseAnalyzer. */
import type { TableEntry } from '../../catalog/catalog.ts'
import type { Expression } from '../../sql/ast.ts'
import { columnsOfExpression } from '../../catalog/lookup.ts'
import { isString } from '../../sql/common-type.ts'
import { analyzingError } from '../../sql/sql-error.ts'
import { internalType } from '../../sql/type-text.ts'
import type { SqlType } from '../../sql/type.ts'

interface GeneratedColumn {
  readonly type: SqlType
  readonly expression: Expression
  /** What the expression computes. */
  readonly value: SqlType
}

export function checkGeneratedColumn(
  { model, columns }: Pick<TableEntry, 'model' | 'columns'>,
  { type, expression, value }: GeneratedColumn,
): void {
  if (model === 'aggregate') throw analyzingError('Generated Column does not support AGG table.')
  for (const column of columnsOfExpression(columns, expression)) {
    if (column.generated)
      throw analyzingError(`Expression can not refers to other generated columns: ${column.name}.`)
    if (column.autoIncrement)
      throw analyzingError(`Expression can not refers to AUTO_INCREMENT columns: ${column.name}.`)
  }
  if (matches(type, value)) return
  throw analyzingError(
    `Illegal expression type for Generated Column Column Type: ${internalType(type).toUpperCase()}, Expression Type: ${internalType(value).toUpperCase()}.`,
  )
}

/** Texts of any length are alike, and decimals of one width and scale. reference: StarRocks' Type.matchesType. */
function matches(a: SqlType, b: SqlType): boolean {
  if (isString(a) && isString(b)) return true
  if (a.kind === 'decimal')
    return b.kind === 'decimal' && a.scale === b.scale && width(a.precision) === width(b.precision)
  if (a.kind === 'array') return b.kind === 'array' && matches(a.element, b.element)
  if (a.kind === 'map')
    return b.kind === 'map' && matches(a.key, b.key) && matches(a.value, b.value)
  if (a.kind !== 'struct' || b.kind !== 'struct') return a.kind === b.kind
  return (
    a.fields.length === b.fields.length &&
    a.fields.every(({ name, type }, at) => {
      const other = b.fields[at]
      return other?.name.toLowerCase() === name.toLowerCase() && matches(type, other.type)
    })
  )
}

const width = (precision: number): number => (precision <= 9 ? 32 : precision <= 18 ? 64 : 128)
