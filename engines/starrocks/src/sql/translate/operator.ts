/** Prefix and infix operators. */
import type { BinaryOperator, Expression } from '../ast.ts'
import { simpleType, stringType } from '../type.ts'
import { arithmetic, negate } from './arithmetic.ts'
import { isInteger, isString } from './common-type.ts'
import { compare, matchingKeys, truth } from './comparison.ts'
import type { ComparisonOperator } from './comparison.ts'
import { convertTyped } from './convert.ts'
import type { Environment } from './environment.ts'
import { addInterval } from './interval.ts'
import { isNested } from './nested-comparison.ts'
import { condition, translate } from './recursion.ts'
import { typed } from './typed.ts'
import type { TypedExpression } from './typed.ts'

const boolean = simpleType('boolean')

export const unary = (
  expression: Extract<Expression, { kind: 'unary' }>,
  environment: Environment,
): TypedExpression => {
  const value = translate(expression.operand, environment)
  switch (expression.operator) {
    case 'not':
      return typed(`(NOT ${truth(value)})`, boolean)
    case '-':
      return negate(value)
    case '+':
      return isString(value.type) ? convertTyped(value, simpleType('double')) : value
    case '~': {
      const operand = isInteger(value.type) ? value : convertTyped(value, simpleType('bigint'))
      return typed(`(~${operand.sql})`, operand.type)
    }
    case 'binary':
      return value
  }
}

/** AND and OR chains are flat here, however long: a tree of ten thousand terms must not nest ten thousand calls. */
const flatten = (expression: Expression, operator: BinaryOperator): readonly Expression[] => {
  const terms: Expression[] = []
  let current = expression
  while (current.kind === 'binary' && current.operator === operator) {
    terms.push(current.right)
    current = current.left
  }
  return [...terms, current].toReversed()
}

/**
 * DuckDB looks for conditions that all terms of an OR have in common, in a time that grows with the square of their number. Beyond
 * so many it is shown comparisons, which have no parts; TRUE, FALSE and NULL stay what they are.
 */
const factoredTerms = 64

export const binary = (
  expression: Extract<Expression, { kind: 'binary' }>,
  environment: Environment,
): TypedExpression => {
  const { operator, left, right } = expression
  if (operator === 'and' || operator === 'or') {
    const terms = flatten(expression, operator).map((term) => condition(term, environment))
    if (operator === 'or' && terms.length > factoredTerms)
      return typed(`(${terms.map((term) => `(${term} = TRUE)`).join(' OR ')})`, boolean)
    return typed(`(${terms.join(` ${operator.toUpperCase()} `)})`, boolean)
  }
  if (operator === 'xor') {
    return typed(`(${condition(left, environment)} <> ${condition(right, environment)})`, boolean)
  }
  if (operator === '+' || operator === '-') return sum(operator, expression, environment)
  const sides = [translate(left, environment), translate(right, environment)] as const
  if (operator === '||') {
    const texts = sides.map((side) => convertTyped(side, stringType).sql)
    return typed(`CAST((${texts.join(' || ')}) AS VARCHAR)`, stringType)
  }
  return isComparison(operator) ? compare(operator, ...sides) : arithmetic(operator, ...sides)
}

/**
 * The condition of WHERE and ON. Where it says that two relations have equal arrays, maps or structs, they are joined by the hash of these,
 * to which NULL inside is a value like another.
 */
export const joinCondition = (expression: Expression, environment: Environment): string => {
  const terms = flatten(expression, 'and')
  if (terms.length > 1)
    return `(${terms.map((term) => joinCondition(term, environment)).join(' AND ')})`
  if (expression.kind !== 'binary' || expression.operator !== '=')
    return condition(expression, environment)
  const sides = [
    translate(expression.left, environment),
    translate(expression.right, environment),
  ] as const
  if (!sides.every((side) => isNested(side.type))) return compare('=', ...sides).sql
  const [left, right] = [relationsIn(sides[0].sql), relationsIn(sides[1].sql)]
  const joins =
    left.length > 0 && right.length > 0 && !left.some((relation) => right.includes(relation))
  return joins ? `(${matchingKeys(...sides).join(' = ')})` : compare('=', ...sides).sql
}

/** The aliases of ours that a text names, outside of its literals. */
const relationsIn = (sql: string): readonly string[] =>
  sql.replaceAll(/'(?:[^']|'')*'/g, '').match(/\br\d+(?=\.)/g) ?? []

const comparisons: ReadonlySet<BinaryOperator> = new Set(['=', '<=>', '!=', '<', '<=', '>', '>='])

const isComparison = (operator: BinaryOperator): operator is ComparisonOperator =>
  comparisons.has(operator)

const sum = (
  operator: '+' | '-',
  expression: Extract<Expression, { kind: 'binary' }>,
  environment: Environment,
): TypedExpression => {
  const { left, right } = expression
  if (right.kind === 'interval') {
    return addInterval(
      translate(left, environment),
      translate(right.value, environment),
      right.unit,
      operator,
    )
  }
  if (left.kind === 'interval' && operator === '+') {
    return addInterval(
      translate(right, environment),
      translate(left.value, environment),
      left.unit,
      '+',
    )
  }
  return arithmetic(operator, translate(left, environment), translate(right, environment))
}
