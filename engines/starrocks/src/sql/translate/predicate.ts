/** Tests and CASE: IS, BETWEEN, IN with a list, LIKE, REGEXP. */
import type { Expression } from '../ast.ts'
import { analyzingError } from '../sql-error.ts'
import { simpleType, stringType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { commonTypeOf, isInteger, requiredType, sameType } from './common-type.ts'
import { compare, equals, isJson, meetingType, truth } from './comparison.ts'
import { convertTyped } from './convert.ts'
import type { Environment } from './environment.ts'
import { condition, translate } from './recursion.ts'
import { isNested } from './nested-comparison.ts'
import { quote, typed } from './typed.ts'
import type { TypedExpression } from './typed.ts'

const boolean = simpleType('boolean')

export const isTest = (
  expression: Extract<Expression, { kind: 'is' }>,
  environment: Environment,
): TypedExpression => {
  const value = translate(expression.operand, environment)
  const not = expression.negated ? ' NOT' : ''
  if (expression.what === 'null') {
    // JSON's own null counts as NULL here, and only here.
    const sql = value.type.kind === 'json' ? `nullif(json_type(${value.sql}), 'NULL')` : value.sql
    return typed(`(${sql} IS${not} NULL)`, boolean)
  }
  return typed(`(${truth(value)} IS${not} ${expression.what.toUpperCase()})`, boolean)
}

export const between = (
  expression: Extract<Expression, { kind: 'between' }>,
  environment: Environment,
): TypedExpression => {
  const operand = translate(expression.operand, environment)
  const [low, high] = [
    translate(expression.low, environment),
    translate(expression.high, environment),
  ]
  const test = `(${compare('>=', operand, low).sql} AND ${compare('<=', operand, high).sql})`
  return typed(expression.negated ? `(NOT ${test})` : test, boolean)
}

export const inList = (
  expression: Extract<Expression, { kind: 'in' }>,
  environment: Environment,
): TypedExpression => {
  const operand = translate(expression.operand, environment)
  const items = expression.list.map((item) => translate(item, environment))
  const type = listType(operand, items)
  // One type for all keeps DuckDB's own IN, which hashes; otherwise the operand meets each item on its own terms.
  const test =
    type === undefined
      ? `(${items.map((item) => equals(operand, item)).join(' OR ')})`
      : `(${convertTyped(operand, type).sql} IN (${items.map((item) => convertTyped(item, type).sql).join(', ')}))`
  return typed(expression.negated ? `(NOT ${test})` : test, boolean)
}

const listType = (
  operand: TypedExpression,
  items: readonly TypedExpression[],
): SqlType | undefined => {
  if (isNested(operand.type) || [operand, ...items].some(isJson)) return undefined
  const types = items.map((item) => meetingType(operand, item, true))
  if (types.every((type) => isInteger(type))) return commonTypeOf(types)
  const [first, ...others] = types
  return first !== undefined && others.every((type) => sameType(first, type)) ? first : undefined
}

export const like = (
  expression: Extract<Expression, { kind: 'like' }>,
  environment: Environment,
): TypedExpression => {
  const operand = convertTyped(translate(expression.operand, environment), stringType).sql
  const pattern = translate(expression.pattern, environment)
  const patternSql = convertTyped(pattern, stringType).sql
  const not = expression.negated ? 'NOT ' : ''
  if (expression.operator === 'regexp')
    return typed(`(${not}regexp_matches(${operand}, ${patternSql}))`, boolean)
  const escape = expression.escape === undefined ? '\\' : escapeCharacter(expression.escape)
  // Without the escape character in it, the pattern may use DuckDB's faster paths for prefixes and substrings.
  const literal = pattern.literal?.kind === 'string' && !pattern.literal.text.includes(escape)
  return typed(
    `(${operand} ${not}LIKE ${patternSql}${literal ? '' : ` ESCAPE ${quote(escape)}`})`,
    boolean,
  )
}

const escapeCharacter = (escape: Expression): string => {
  if (escape.kind === 'string' && [...escape.value].length === 1) return escape.value
  throw analyzingError('ESCAPE needs one character.')
}

export const caseWhen = (
  expression: Extract<Expression, { kind: 'case' }>,
  environment: Environment,
): TypedExpression => {
  const operand = expression.operand && translate(expression.operand, environment)
  const results = expression.whens.map((clause) => translate(clause.result, environment))
  const otherwise: TypedExpression = expression.otherwise
    ? translate(expression.otherwise, environment)
    : { sql: 'NULL', type: simpleType('null') }
  const type = requiredType(
    [...results, otherwise].map((value) => value.type),
    'CASE',
  )
  const clauses = expression.whens.map((clause, index) => {
    const test = operand
      ? equals(operand, translate(clause.when, environment))
      : condition(clause.when, environment)
    return `WHEN ${test} THEN ${convertTyped(results[index] ?? otherwise, type).sql}`
  })
  return typed(`CASE ${clauses.join(' ')} ELSE ${convertTyped(otherwise, type).sql} END`, type)
}
