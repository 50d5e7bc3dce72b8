/** ORDER BY with StarRocks' place for NULL: first when ascending, last when descending. */
import type { Expression, OrderItem, Query } from '../ast.ts'
import { isLiteral } from '../ast-build.ts'
import type { Bound, BoundKey, BoundTail } from '../bound.ts'
import { analyzingError } from '../sql-error.ts'
import { printType } from '../type.ts'
import type { SqlType } from '../type.ts'
import type { Environment } from './environment.ts'
import { bind } from './recursion.ts'

const directionOf = (item: OrderItem): string => {
  const nulls = item.nulls ?? (item.descending ? 'last' : 'first')
  return `${item.descending ? 'DESC' : 'ASC'} NULLS ${nulls.toUpperCase()}`
}

/** Inside OVER and aggregates: a number there is a constant, not a position. */
export const orderKeys = (
  items: readonly OrderItem[],
  environment: Environment,
): readonly BoundKey[] =>
  items.map((item) => orderKey(item, demandOrder(bind(item.expression, environment))))

export const orderKey = (item: OrderItem, value: Bound): BoundKey => ({
  value,
  direction: directionOf(item),
  constant: isConstant(item.expression),
})

/** What rows are divided by: the value of an expression. */
export const divisionKey = (expression: Expression | undefined, value: Bound): BoundKey => ({
  value,
  direction: '',
  constant: expression !== undefined && isConstant(expression),
})

const unordered: ReadonlySet<SqlType['kind']> = new Set([
  'json',
  'map',
  'struct',
  'bitmap',
  'hll',
  'percentile',
])

export const demandOrder = (value: Bound): Bound => {
  if (!unordered.has(value.type.kind)) return value
  throw analyzingError(
    `Type (nested) percentile/hll/bitmap/json/struct/map not support order-by, found ${printType(value.type)}.`,
  )
}

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

export const limitOf = (
  { limit, offset }: Query,
  environment: Environment,
): Pick<BoundTail, 'limit' | 'offset'> => ({
  limit: limit && bind(limit, environment),
  offset: offset && bind(offset, environment),
})
