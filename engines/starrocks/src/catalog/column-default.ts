/** What a column holds when a statement does not say: DEFAULT clauses, AUTO_INCREMENT, NULL. */
import { SqlError } from '../session.ts'
import type { Expression } from '../sql/ast.ts'
import { callOf } from '../sql/ast-build.ts'
import type { Scope, TypedSql } from '../sql/scope.ts'
import { translateExpression } from '../sql/translate.ts'
import type { TableColumn, TableEntry } from './catalog.ts'
import { placeOf } from './volume.ts'

/** The sequence that numbers a table's AUTO_INCREMENT column. */
export const sequenceName = ({ id, volume }: Pick<TableEntry, 'id' | 'volume'>): string =>
  `${placeOf(volume)}data.s${id}`

/** The DEFAULT of a column as an expression; throws 5002 when there is none and NULL may not stand in. */
export function defaultExpression(column: TableColumn): Expression {
  const written = column.default
  if (!written || written.kind === 'null') {
    if (column.nullable) return { kind: 'null' }
    if (column.type.kind === 'bitmap') return callOf('bitmap_empty', [])
    if (column.type.kind === 'hll') return callOf('hll_empty', [])
    throw new SqlError(
      `Getting analyzing error. Detail message: '${column.name}' must be explicitly mentioned in column permutation.`,
      5002,
      'HY000',
    )
  }
  if (written.kind === 'literal') return { kind: 'string', value: written.value }
  if (written.kind === 'expression') return written.expression
  const precision: Expression[] =
    written.precision === undefined ? [] : [{ kind: 'integer', text: String(written.precision) }]
  return callOf('now', precision)
}

export function defaultValue(table: TableEntry, column: TableColumn, scope: Scope): TypedSql {
  if (column.autoIncrement) {
    return { sql: `nextval('${sequenceName(table)}')`, type: { kind: 'bigint' } }
  }
  return translateExpression(defaultExpression(column), scope)
}

/** A given value of an AUTO_INCREMENT column: NULL and DEFAULT take the next number. */
export function orNextNumber(table: TableEntry, value: TypedSql): TypedSql {
  return {
    sql: `coalesce(CAST(${value.sql} AS BIGINT), nextval('${sequenceName(table)}'))`,
    type: { kind: 'bigint' },
  }
}
