/** ORDER BY with StarRocks' place for NULL: first when ascending, last when descending. */
import type { Expression, OrderItem, Query } from '../ast.ts'
import { isLiteral } from '../ast-build.ts'
import { analyzingError } from '../sql-error.ts'
import { printType } from '../type.ts'
import type { SqlType } from '../type.ts'
import type { Environment } from './environment.ts'
import { translate } from './recursion.ts'
import { castTo } from './typed.ts'
import type { TypedExpression } from './typed.ts'

export const direction = (item: OrderItem): string => {
  const nulls = item.nulls ?? (item.descending ? 'last' : 'first')
  return `${item.descending ? 'DESC' : 'ASC'} NULLS ${nulls.toUpperCase()}`
}

/** Inside OVER and aggregates: a number there is a constant, not a position. */
export const orderSql = (items: readonly OrderItem[], environment: Environment): string =>
  items
    .map(
      (item) =>
        `${orderKey(item.expression, translate(item.expression, environment))} ${direction(item)}`,
    )
    .join(', ')

const unordered: ReadonlySet<SqlType['kind']> = new Set([
  'json',
  'map',
  'struct',
  'bitmap',
  'hll',
  'percentile',
])

export const orderKey = (expression: Expression, value: TypedExpression): string => {
  if (unordered.has(value.type.kind))
    throw analyzingError(
      `Type (nested) percentile/hll/bitmap/json/struct/map not support order-by, found ${printType(value.type)}.`,
    )
  if (value.type.kind === 'null') return '(NULL::INTEGER)'
  return isConstant(expression) || readsAsConstant(value.sql)
    ? castTo(value.sql, value.type)
    : value.sql
}

/** Functions such as user() become plain texts. */
const readsAsConstant = (sql: string): boolean => /^['\d]/.test(sql)

/** DuckDB would read a bare number as a position. */
export const isConstant = (expression: Expression): boolean =>
  isLiteral(expression) || expression.kind === 'parameter' || expression.kind === 'userVariable'

/** `ORDER BY 2`: the position, checked; undefined for anything but a number. */
export const positionOfItem = (expression: Expression, count: number): number | undefined => {
  if (expression.kind !== 'integer') return undefined
  const position = Number(expression.text)
  if (position < 1 || position > count)
    throw analyzingError(`ORDER BY position ${expression.text} is not in select list.`)
  return position
}

export const limitSql = (query: Query, environment: Environment): string => {
  const part = (word: string, value: Expression | undefined): string => {
    if (value === undefined) return ''
    const { sql, literal } = translate(value, environment)
    return ` ${word} ${literal?.text ?? sql}`
  }
  return part('LIMIT', query.limit) + part('OFFSET', query.offset)
}
