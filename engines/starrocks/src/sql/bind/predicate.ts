/** Tests and CASE: IS, BETWEEN, IN with a list, LIKE, REGEXP. */
import type { Expression } from '../ast.ts'
import type { Bound } from '../bound.ts'
import { callNode } from '../bound.ts'
import { commonTypeOf, isInteger, sameType } from '../common-type.ts'
import { likeText } from '../emit/like.ts'
import { addMembers } from '../planning.ts'
import { analyzingError } from '../sql-error.ts'
import { simpleType, stringType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { compare, isJson, isNested, comparisonType } from './comparison.ts'
import { convertTo, requiredType, truth } from './conversion.ts'
import type { Environment } from './environment.ts'
import { nullValue } from './literal.ts'
import { not } from './operator.ts'
import { bind, condition } from './recursion.ts'

const boolean = simpleType('boolean')

export const isTest = (
  expression: Extract<Expression, { kind: 'is' }>,
  environment: Environment,
): Bound => {
  const operand = bind(expression.operand, environment)
  const words = `IS${expression.negated ? ' NOT' : ''} ${expression.what.toUpperCase()}`
  // JSON's own null counts as NULL here, and only here.
  const read = (sql: string): string =>
    expression.what === 'null' && isJson(operand) ? `nullif(json_type(${sql}), 'NULL')` : sql
  const value = expression.what === 'null' ? operand : truth(operand)
  return callNode(boolean, [value], ([x = '']) => `(${read(x)} ${words})`)
}

export const between = (
  expression: Extract<Expression, { kind: 'between' }>,
  environment: Environment,
): Bound => {
  const operand = bind(expression.operand, environment)
  const [low, high] = [bind(expression.low, environment), bind(expression.high, environment)]
  const limits = [compare('>=', operand, low), compare('<=', operand, high)]
  const test = callNode(boolean, limits, ([a = '', b = '']) => `(${a} AND ${b})`)
  return expression.negated ? not(test) : test
}

export const inList = (
  expression: Extract<Expression, { kind: 'in' }>,
  environment: Environment,
): Bound => {
  addMembers(environment.context.planning, expression.list.length)
  const operand = bind(expression.operand, environment)
  const items = expression.list.map((item) => bind(item, environment))
  const type = listType(operand, items)
  // One type for all keeps DuckDB's own IN, which hashes; otherwise the operand meets each item on its own terms.
  const test =
    type === undefined
      ? callNode(
          boolean,
          items.map((item) => compare('=', operand, item)),
          (tests) => `(${tests.join(' OR ')})`,
        )
      : callNode(
          boolean,
          [operand, ...items].map((item) => convertTo(item, type)),
          ([value = '', ...list]) => `(${value} IN (${list.join(', ')}))`,
        )
  return expression.negated ? not(test) : test
}

const listType = (operand: Bound, items: readonly Bound[]): SqlType | undefined => {
  if (isNested(operand.type) || [operand, ...items].some(isJson)) return undefined
  const types = items.map((item) => comparisonType(operand, item, true))
  if (types.every((type) => isInteger(type))) return commonTypeOf(types)
  const [first, ...others] = types
  return first !== undefined && others.every((type) => sameType(first, type)) ? first : undefined
}

export const like = (
  expression: Extract<Expression, { kind: 'like' }>,
  environment: Environment,
): Bound => {
  const operand = convertTo(bind(expression.operand, environment), stringType)
  const pattern = bind(expression.pattern, environment)
  const args = [operand, convertTo(pattern, stringType)]
  const negation = expression.negated ? 'NOT ' : ''
  if (expression.operator === 'regexp')
    return callNode(boolean, args, ([x = '', y = '']) => `(${negation}regexp_matches(${x}, ${y}))`)
  const escape = expression.escape === undefined ? '\\' : escapeCharacter(expression.escape)
  const literal = pattern.literal?.kind === 'string' ? pattern.literal.text : undefined
  return callNode(
    boolean,
    args,
    ([x = '', y = '']) => `(${negation}${likeText(x, y, escape, literal)})`,
  )
}

const escapeCharacter = (escape: Expression): string => {
  if (escape.kind === 'string' && [...escape.value].length === 1) return escape.value
  throw analyzingError('ESCAPE needs one character.')
}

export const caseWhen = (
  expression: Extract<Expression, { kind: 'case' }>,
  environment: Environment,
): Bound => {
  const operand = expression.operand && bind(expression.operand, environment)
  const results = expression.whens.map((clause) => bind(clause.result, environment))
  const otherwise = expression.otherwise ? bind(expression.otherwise, environment) : nullValue
  const type = requiredType(
    [...results, otherwise].map((value) => value.type),
    'CASE',
  )
  const tests = expression.whens.map(({ when }) =>
    operand ? compare('=', operand, bind(when, environment)) : condition(when, environment),
  )
  const values = [...results, otherwise].map((value) => convertTo(value, type))
  return callNode(type, [...tests, ...values], (texts) => {
    const clauses = tests.map(
      (_, at) => `WHEN ${texts[at] ?? ''} THEN ${texts[tests.length + at] ?? ''}`,
    )
    return `CASE ${clauses.join(' ')} ELSE ${texts.at(-1) ?? ''} END`
  })
}
