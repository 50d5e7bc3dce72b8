/**
 * One expression: a table by its kind. Every entry returns text of exactly the type it says.
 */
import type { Expression, ExpressionKind } from '../ast.ts'
import { analyzingError, unsupported } from '../sql-error.ts'
import { printType, simpleType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { translateCall } from './call.ts'
import { arrayLiteral, arrow, extractCall, field, mapLiteral, subscript } from './collection.ts'
import { convertTyped } from './convert.ts'
import type { Environment } from './environment.ts'
import { resolveColumn } from './environment.ts'
import { translateLiteral } from './literal.ts'
import { binary, unary } from './operator.ts'
import { between, caseWhen, inList, isTest, like } from './predicate.ts'
import { translate } from './recursion.ts'
import { existsSubquery, inSubquery, scalarSubquery } from './subquery.ts'
import type { TypedExpression } from './typed.ts'

type Of<K extends ExpressionKind> = Extract<Expression, { kind: K }>

type Handler<K extends ExpressionKind> = (
  expression: Of<K>,
  environment: Environment,
) => TypedExpression

const misplaced = (what: string) => (): TypedExpression => {
  throw analyzingError(what)
}

const handlers: { readonly [K in ExpressionKind]: Handler<K> } = {
  null: translateLiteral,
  boolean: translateLiteral,
  integer: translateLiteral,
  decimal: translateLiteral,
  double: translateLiteral,
  string: translateLiteral,
  bytes: translateLiteral,
  temporal: translateLiteral,
  column: (expression, environment) => resolveColumn(environment, expression.path, expression.at),
  call: translateCall,
  parameter: (expression, environment) => environment.context.scope.parameter(expression.index),
  userVariable: (expression, environment) =>
    environment.context.scope.userVariable(expression.name) ?? {
      sql: 'NULL',
      type: simpleType('null'),
    },
  systemVariable: (expression, environment) => systemVariable(expression, environment),
  unary,
  binary,
  is: isTest,
  between,
  in: inList,
  inQuery: inSubquery,
  exists: (expression, environment) => existsSubquery(expression.query, environment),
  subquery: (expression, environment) => scalarSubquery(expression.query, environment),
  like,
  case: caseWhen,
  cast: (expression, environment) =>
    convertTyped(translate(expression.operand, environment), castTarget(expression.type)),
  extract: (expression, environment) => translateCall(extractCall(expression), environment),
  array: arrayLiteral,
  map: mapLiteral,
  subscript,
  field,
  arrow,
  collate: (expression, environment) => translate(expression.operand, environment),
  slice: misplaced('Slicing an array with [a:b] is not supported, use array_slice().'),
  interval: misplaced('INTERVAL stands beside + or - of a date, or in a date function, only.'),
  lambda: misplaced('A lambda stands as an argument of an array or map function only.'),
  unit: misplaced('A unit of time is no value.'),
  default: misplaced('DEFAULT is no value.'),
}

const dispatch = (expression: Expression, environment: Environment): TypedExpression => {
  const handler = handlers[expression.kind] as (
    expression: Expression,
    environment: Environment,
  ) => TypedExpression
  return handler(expression, environment)
}

/** Translates, and forgives columns outside GROUP BY when the whole expression is one of its items. */
export const bindExpression = (
  expression: Expression,
  environment: Environment,
): TypedExpression => {
  const { grouping } = environment
  if (grouping === undefined || environment.insideAggregate)
    return dispatch(expression, environment)
  const before = grouping.strays.length
  const value = dispatch(expression, environment)
  if (grouping.strays.length > before && grouping.keys.has(value.sql))
    grouping.strays.length = before
  return value
}

const systemVariable: Handler<'systemVariable'> = ({ scope, name }, environment) => {
  const value = environment.context.scope.systemVariable(scope, name)
  if (value === undefined)
    throw analyzingError(`Unknown system variable '${name}'`, undefined, 1193)
  return value
}

const castTarget = (type: SqlType): SqlType => {
  if (['bitmap', 'hll', 'percentile', 'time'].includes(type.kind))
    throw unsupported(`A cast to ${printType(type)}`)
  return type
}
