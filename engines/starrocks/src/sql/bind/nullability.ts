/**
 * What StarRocks takes for never NULL, so that the columns made of it are NOT NULL. Where it would take a value for that which may be NULL
 * (a text as a number, a column that GROUPING SETS or an outer join leaves out), it refuses the rows afterwards: here it may be NULL.
 * reference: StarRocks 3.3.7, Expr.isNullable and its kin, QueryAnalyzer, FunctionSet.alwaysReturnNonNullableFunctions.
 */
import type { FunctionCall } from '../ast.ts'
import type { Bound, NotNull } from '../bound.ts'
import { isDate, isString, sameType } from '../common-type.ts'
import type { SqlType } from '../type.ts'
import { convertTo } from './conversion.ts'
import type { BoundColumn, BoundRelation } from './environment.ts'

const always: ReadonlySet<string> = new Set([
  'approx_count_distinct',
  'approx_top_k',
  'bitmap_count',
  'bitmap_empty',
  'bitmap_union_count',
  'bitmap_union_int',
  'count',
  'count_if',
  'curdate',
  'current_time',
  'current_timestamp',
  'hll_empty',
  'hll_hash',
  'hll_union_agg',
  'md5sum',
  'md5sum_numeric',
  'multi_distinct_count',
  'ndv',
  'now',
  'null_or_empty',
  'utc_timestamp',
])

/** What is never NULL where no argument is. */
const followers: ReadonlySet<string> = new Set(
  'year month day hour add subtract multiply + - * & | ^ << >> ~'.split(' '),
)

const comparisons: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>='])

const written = (value: Bound): Bound => (value.kind === 'conversion' ? value.value : value)

/** A decimal may have no room for the result, a text be no number. */
const isSafe = (value: Bound): boolean =>
  value.notNull === true && value.type.kind !== 'decimal' && !isString(value.type)

/** A literal that StarRocks reads as a date at once. */
const isWrittenDate = (value: Bound): boolean =>
  isDate(value.type) && /^\d{4}-\d{1,2}-\d{1,2}$/.test(value.literal?.text ?? '')

const isFollowing = (value: Bound, isKept: (argument: Bound) => boolean): boolean =>
  value.kind === 'call' &&
  value.args.length > 0 &&
  value.args.every((argument) => isWrittenDate(argument) || isKept(written(argument)))

const mark = (value: Bound, notNull: boolean): Bound => (notNull ? { ...value, notNull } : value)

export const called = (value: Bound, { name, over }: FunctionCall): Bound =>
  mark(
    value,
    over === undefined && (always.has(name) || (followers.has(name) && isFollowing(value, isSafe))),
  )

export const operated = (value: Bound, operator: string): Bound => {
  if (followers.has(operator)) return mark(value, isFollowing(value, isSafe))
  const isCompared =
    comparisons.has(operator) && isFollowing(value, ({ notNull }) => notNull === true)
  return mark(value, operator === '<=>' || isCompared)
}

const integers: readonly SqlType['kind'][] = ['tinyint', 'smallint', 'int', 'bigint', 'largeint']

const isFloat = ({ kind }: SqlType): boolean => kind === 'float' || kind === 'double'

/** Whether the cast keeps every value. */
const isWider = (from: SqlType, to: SqlType): boolean => {
  if (sameType(from, to)) return true
  const [small, large] = [integers.indexOf(from.kind), integers.indexOf(to.kind)]
  if (from.kind === 'boolean') return large >= 0 || isFloat(to) || isString(to)
  if (small >= 0) return large > small || isString(to)
  if (from.kind !== 'decimal') return isString(from) && isString(to)
  if (to.kind !== 'decimal') return isString(to) || isFloat(to)
  return to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale
}

export const castValue = (value: Bound, type: SqlType): Bound =>
  mark(convertTo(value, type), value.notNull === true && isWider(value.type, type))

/** Of an item of a SELECT: an expression, or a column that `*` stands for. */
export const notNullOf = (value: Bound, star: BoundColumn | undefined): NotNull | undefined => {
  const column = value.notNull === true
  const origin = star ? star.originNotNull === true : column
  return column || origin ? { column, origin } : undefined
}

export const notNullInBoth = (
  a: NotNull | undefined,
  b: NotNull | undefined,
): NotNull | undefined => a && b && { column: a.column && b.column, origin: a.origin && b.origin }

const nullable = (side: BoundRelation): BoundRelation => ({
  ...side,
  bindings: side.bindings.map((binding) => ({
    ...binding,
    columns: binding.columns.map((column) => ({
      ...column,
      originNotNull: false,
      value: { ...column.value, notNull: false },
    })),
  })),
})

/** The sides of a join as it leaves them. */
export const nullableSides = (
  type: string,
  left: BoundRelation,
  right: BoundRelation,
): readonly [left: BoundRelation, right: BoundRelation] => [
  type === 'right' || type === 'full' ? nullable(left) : left,
  type === 'left' || type === 'full' ? nullable(right) : right,
]
