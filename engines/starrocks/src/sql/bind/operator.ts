/** Prefix and infix operators. */
import type { BinaryOperator, Expression } from '../ast.ts'
import type { Bound } from '../bound.ts'
import { callNode } from '../bound.ts'
import { isInteger, isString } from '../common-type.ts'
import type { ComparisonOperator } from '../emit/nested-comparison.ts'
import { addEquality } from '../planning.ts'
import { simpleType, stringType } from '../type.ts'
import { arithmetic, negate } from './arithmetic.ts'
import { compare, isNested, matchingKeys } from './comparison.ts'
import { convertTo, truth } from './conversion.ts'
import type { Environment } from './environment.ts'
import { concatenated } from './function/join.ts'
import { addInterval } from './interval.ts'
import { bind, condition } from './recursion.ts'

const boolean = simpleType('boolean')

export const unary = (
  expression: Extract<Expression, { kind: 'unary' }>,
  environment: Environment,
): Bound => {
  const value = bind(expression.operand, environment)
  switch (expression.operator) {
    case 'not':
      return not(truth(value))
    case '-':
      return negate(value)
    case '+':
      return isString(value.type) ? convertTo(value, simpleType('double')) : value
    case '~': {
      const operand = isInteger(value.type) ? value : convertTo(value, simpleType('bigint'))
      return callNode(operand.type, [operand], ([x = '']) => `(~${x})`)
    }
    case 'binary':
      return value
  }
}

export const not = (value: Bound): Bound => callNode(boolean, [value], ([x = '']) => `(NOT ${x})`)

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

/** `(a AND b …)`, of truth values. */
const chain = (operator: 'and' | 'or', terms: readonly Bound[]): Bound =>
  callNode(boolean, terms, (values) => {
    const isLong = operator === 'or' && values.length > factoredTerms
    const texts = isLong ? values.map((text) => `(${text} = TRUE)`) : values
    return `(${texts.join(` ${operator.toUpperCase()} `)})`
  })

export const binary = (
  expression: Extract<Expression, { kind: 'binary' }>,
  environment: Environment,
): Bound => {
  const { operator, left, right } = expression
  if (operator === 'and' || operator === 'or')
    return chain(
      operator,
      flatten(expression, operator).map((term) => condition(term, environment)),
    )
  if (operator === 'xor') {
    const terms = [condition(left, environment), condition(right, environment)]
    return callNode(boolean, terms, ([a = '', b = '']) => `(${a} <> ${b})`)
  }
  if (operator === '+' || operator === '-') return sum(operator, expression, environment)
  const sides = [bind(left, environment), bind(right, environment)] as const
  if (operator === '||')
    return callNode(
      stringType,
      sides.map((side) => convertTo(side, stringType)),
      concatenated,
    )
  return isComparison(operator) ? compare(operator, ...sides) : arithmetic(operator, ...sides)
}

/**
 * The condition of WHERE, ON, HAVING and QUALIFY. Where it says that two relations have equal arrays, maps or structs, they are joined by the hash of these,
 * to which NULL inside is a value like another.
 */
export const joinCondition = (expression: Expression, environment: Environment): Bound => {
  const terms = flatten(expression, 'and')
  if (terms.length > 1)
    return chain(
      'and',
      terms.map((term) => joinCondition(term, environment)),
    )
  const same = notUnequal(expression)
  if (same !== undefined) return joinCondition(same, environment)
  if (expression.kind !== 'binary' || expression.operator !== '=')
    return condition(expression, environment)
  const sides = [bind(expression.left, environment), bind(expression.right, environment)] as const
  if (!sides.every((side) => isNested(side.type))) return equality(...sides, environment)
  const [left, right] = sides.map((side) => relationsIn(environment.context.identity(side)))
  const joins =
    left !== undefined &&
    right !== undefined &&
    left.length > 0 &&
    right.length > 0 &&
    !left.some((relation) => right.includes(relation))
  if (!joins) return compare('=', ...sides)
  return callNode(boolean, matchingKeys(...sides), ([a = '', b = '']) => `(${a} = ${b})`)
}

/** `NOT (a != b)` as `a = b`: the planner makes the same of it, and takes as long. */
const notUnequal = (expression: Expression): Expression | undefined => {
  if (expression.kind !== 'unary' || expression.operator !== 'not') return undefined
  const { operand } = expression
  return operand.kind === 'binary' && operand.operator === '!='
    ? { ...operand, operator: '=' }
    : undefined
}

/** Of columns and expressions of them, as a condition of a query. */
export const equality = (left: Bound, right: Bound, { context }: Environment): Bound => {
  const texts = [context.identity(left), context.identity(right)] as const
  const isPlain = left.kind === 'column' && right.kind === 'column'
  if (texts.every((text) => relationsIn(text).length > 0))
    addEquality(context.planning, texts, isPlain ? 'column' : 'expression')
  return compare('=', left, right)
}

/** The aliases of ours that a text names, outside of its literals. */
const relationsIn = (sql: string): readonly string[] =>
  sql.replaceAll(/'(?:[^']|'')*'/g, '').match(/\br\d+(?=\.)/g) ?? []

const comparisons: ReadonlySet<BinaryOperator> = new Set(['=', '<=>', '!=', '<', '<=', '>', '>='])

const isComparison = (operator: BinaryOperator): operator is ComparisonOperator =>
  comparisons.has(operator)

const sum = (
  operator: '+' | '-',
  { left, right }: Extract<Expression, { kind: 'binary' }>,
  environment: Environment,
): Bound => {
  if (right.kind === 'interval') {
    const [date, count] = [bind(left, environment), bind(right.value, environment)]
    return addInterval(date, count, right.unit, operator)
  }
  if (left.kind === 'interval' && operator === '+') {
    const [date, count] = [bind(right, environment), bind(left.value, environment)]
    return addInterval(date, count, left.unit, '+')
  }
  return arithmetic(operator, bind(left, environment), bind(right, environment))
}
