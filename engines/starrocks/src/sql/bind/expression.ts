/** One expression: a table by its kind. */
import type { Expression, ExpressionKind, FunctionCall } from '../ast.ts'
import { hasMap } from '../map-key.ts'
import { analyzingError, unsupported } from '../sql-error.ts'
import { printType } from '../type.ts'
import type { SqlType } from '../type.ts'
import type { Bound } from '../bound.ts'
import { constant, wholeOfGrouped } from '../bound.ts'
import type { TypedSql } from '../scope.ts'
import { bindCall } from './call.ts'
import { arrayLiteral, arrow, extractCall, field, mapLiteral, subscript } from './collection.ts'
import type { Environment } from './environment.ts'
import { resolveColumn } from './environment.ts'
import { bindLiteral, nullValue } from './literal.ts'
import { called, castValue, operated } from './nullability.ts'
import { binary, unary } from './operator.ts'
import { between, caseWhen, inList, isTest, like } from './predicate.ts'
import { bind } from './recursion.ts'
import { existsSubquery, inSubquery, scalarSubquery } from './subquery.ts'

type Of<K extends ExpressionKind> = Extract<Expression, { kind: K }>

type Handler<K extends ExpressionKind> = (expression: Of<K>, environment: Environment) => Bound

const misplaced = (what: string) => (): Bound => {
  throw analyzingError(what)
}

const handlers: { readonly [K in ExpressionKind]: Handler<K> } = {
  null: bindLiteral,
  boolean: bindLiteral,
  integer: bindLiteral,
  decimal: bindLiteral,
  double: bindLiteral,
  string: bindLiteral,
  bytes: bindLiteral,
  temporal: bindLiteral,
  column: (expression, environment) => resolveColumn(environment, expression),
  call: (expression, environment) => calledValue(expression, environment),
  parameter: (expression, environment) =>
    given(environment.context.scope.session.parameter(expression.index)),
  userVariable: (expression, environment) => {
    const value = environment.context.scope.session.userVariable(expression.name)
    return value === undefined ? nullValue : given(value)
  },
  systemVariable: (expression, environment) => systemVariable(expression, environment),
  unary: (expression, environment) => operated(unary(expression, environment), expression.operator),
  binary: (expression, environment) => {
    const value = binary(expression, environment)
    const isMoment = [expression.left, expression.right].some(({ kind }) => kind === 'interval')
    return isMoment ? value : operated(value, expression.operator)
  },
  is: (expression, environment) => ({ ...isTest(expression, environment), notNull: true }),
  between,
  in: inList,
  inQuery: inSubquery,
  exists: (expression, environment) => existsSubquery(expression.query, environment),
  subquery: (expression, environment) => scalarSubquery(expression.query, environment),
  like,
  case: caseWhen,
  cast: (expression, environment) =>
    castValue(bind(expression.operand, environment), castTarget(expression.type)),
  extract: (expression, environment) => calledValue(extractCall(expression), environment),
  array: arrayLiteral,
  map: mapLiteral,
  subscript,
  field,
  arrow,
  collate: (expression, environment) => bind(expression.operand, environment),
  slice: misplaced('Slicing an array with [a:b] is not supported, use array_slice().'),
  interval: misplaced('INTERVAL stands beside + or - of a date, or in a date function, only.'),
  lambda: misplaced('A lambda stands as an argument of an array or map function only.'),
  unit: misplaced('A unit of time is no value.'),
  default: misplaced('DEFAULT is no value.'),
}

const dispatch = (expression: Expression, environment: Environment): Bound => {
  const handler = handlers[expression.kind] as (
    expression: Expression,
    environment: Environment,
  ) => Bound
  return handler(expression, environment)
}

/** Binds, and forgives columns outside GROUP BY when the whole expression is one of its items. */
export const bindExpression = (expression: Expression, environment: Environment): Bound => {
  const { grouping } = environment
  if (grouping === undefined || environment.insideAggregate)
    return dispatch(expression, environment)
  const before = grouping.strays.length
  const value = dispatch(expression, environment)
  if (grouping.strays.length === before && !hasMap(value.type)) return value
  const key = grouping.keys.get(environment.context.identity(wholeOfGrouped(value)))
  if (key === undefined) return value
  grouping.strays.length = before
  return hasMap(value.type) ? key : value
}

const calledValue = (call: FunctionCall, environment: Environment): Bound =>
  called(bindCall(call, environment), call)

/** What the session knows. */
const given = ({ sql, type, number }: TypedSql): Bound => ({
  ...constant(sql, type),
  ...(number !== undefined && { literal: { kind: 'number', text: number } }),
})

const systemVariable: Handler<'systemVariable'> = ({ scope, name }, environment) => {
  const value = environment.context.scope.session.systemVariable(scope, name)
  if (value === undefined)
    throw analyzingError(`Unknown system variable '${name}'`, undefined, 1193)
  return given(value)
}

const castTarget = (type: SqlType): SqlType => {
  if (['bitmap', 'hll', 'percentile'].includes(type.kind))
    throw unsupported(`A cast to ${printType(type)}`)
  return type
}
