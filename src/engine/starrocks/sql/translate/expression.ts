/** One expression: a switch over its kinds. Every branch returns text of exactly the type it says. */
import type { BinaryOperator, Expression } from '../ast.ts'
import { unsupported, analyzingError } from '../refusal.ts'
import { printType, simpleType, stringType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { mapValue } from '../function/array.ts'
import { jsonPath } from '../function/json-path.ts'
import { arithmetic, negate } from './arithmetic.ts'
import { translateCall } from './call.ts'
import { commonTypeOf, isInteger, isString } from './common-type.ts'
import { compare, equals, truth } from './comparison.ts'
import { convertTyped } from './convert.ts'
import type { Environment } from './environment.ts'
import { fieldOf, resolveColumn } from './environment.ts'
import { addInterval } from './interval.ts'
import { translateLiteral } from './literal.ts'
import { scalarSubquery, inSubquery, existsSubquery } from './subquery.ts'
import { once, quote, typed } from './typed.ts'
import type { Typed } from './typed.ts'

const boolean = simpleType('boolean')

/** Translates, and forgives columns outside GROUP BY when the whole expression is one of its items. */
export const translate = (expression: Expression, environment: Environment): Typed => {
  const { grouping } = environment
  if (grouping === undefined || environment.insideAggregate)
    return dispatch(expression, environment)
  const before = grouping.strays.length
  const value = dispatch(expression, environment)
  if (grouping.strays.length > before && grouping.keys.has(value.sql))
    grouping.strays.length = before
  return value
}

export const condition = (expression: Expression, environment: Environment): string =>
  truth(translate(expression, environment))

const dispatch = (expression: Expression, environment: Environment): Typed => {
  switch (expression.kind) {
    case 'null':
    case 'boolean':
    case 'integer':
    case 'decimal':
    case 'double':
    case 'string':
    case 'bytes':
    case 'temporal':
      return translateLiteral(expression)
    case 'column':
      return resolveColumn(environment, expression.path, expression.at)
    case 'call':
      return translateCall(expression, environment)
    case 'parameter':
      return environment.context.scope.parameter(expression.index)
    case 'userVariable':
      return (
        environment.context.scope.userVariable(expression.name) ?? {
          sql: 'NULL',
          type: simpleType('null'),
        }
      )
    case 'systemVariable':
      return systemVariable(expression.scope, expression.name, environment)
    case 'unary':
      return unary(expression, environment)
    case 'binary':
      return binary(expression, environment)
    case 'subquery':
      return scalarSubquery(expression.query, environment)
    case 'exists':
      return existsSubquery(expression.query, environment)
    case 'inQuery':
      return inSubquery(expression, environment)
    default:
      return dispatchMore(expression, environment)
  }
}

type More = Exclude<
  Expression,
  {
    kind:
      | 'null'
      | 'boolean'
      | 'integer'
      | 'decimal'
      | 'double'
      | 'string'
      | 'bytes'
      | 'temporal'
      | 'column'
      | 'call'
      | 'parameter'
      | 'userVariable'
      | 'systemVariable'
      | 'unary'
      | 'binary'
      | 'subquery'
      | 'exists'
      | 'inQuery'
  }
>

const dispatchMore = (expression: More, environment: Environment): Typed => {
  const inner = (operand: Expression): Typed => translate(operand, environment)
  switch (expression.kind) {
    case 'is':
      return isTest(expression, inner(expression.operand))
    case 'between':
      return between(expression, environment)
    case 'in':
      return inList(expression, environment)
    case 'like':
      return like(expression, environment)
    case 'case':
      return caseWhen(expression, environment)
    case 'cast':
      return convertTyped(inner(expression.operand), castTarget(expression.type))
    case 'extract':
      return translateCall(extractCall(expression), environment)
    case 'array':
      return arrayLiteral(expression, environment)
    case 'map':
      return mapLiteral(expression, environment)
    case 'subscript':
      return subscript(inner(expression.operand), inner(expression.index))
    case 'slice':
      throw unsupported('Slicing an array with [a:b]')
    case 'field':
      return field(inner(expression.operand), expression.name)
    case 'arrow':
      return arrow(inner(expression.operand), inner(expression.path), expression.text)
    case 'collate':
      return inner(expression.operand)
    case 'interval':
      throw analyzingError('INTERVAL stands beside + or - of a date, or in a date function, only.')
    case 'lambda':
      throw analyzingError('A lambda stands as an argument of an array or map function only.')
    case 'unit':
    case 'default':
      throw analyzingError(`${expression.kind.toUpperCase()} is no value.`)
  }
}

const systemVariable = (
  scope: 'default' | 'session' | 'global',
  name: string,
  environment: Environment,
): Typed => {
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

const unary = (
  expression: Extract<Expression, { kind: 'unary' }>,
  environment: Environment,
): Typed => {
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

const binary = (
  expression: Extract<Expression, { kind: 'binary' }>,
  environment: Environment,
): Typed => {
  const { operator } = expression
  switch (operator) {
    case 'and':
    case 'or': {
      const terms = flatten(expression, operator).map((term) => condition(term, environment))
      return typed(`(${terms.join(` ${operator.toUpperCase()} `)})`, boolean)
    }
    case 'xor': {
      const [a, b] = [
        condition(expression.left, environment),
        condition(expression.right, environment),
      ]
      return typed(`(${a} <> ${b})`, boolean)
    }
    case '+':
    case '-':
      return sum(operator, expression, environment)
    case '||': {
      const sides = [expression.left, expression.right].map(
        (side) => convertTyped(translate(side, environment), stringType).sql,
      )
      return typed(`CAST((${sides.join(' || ')}) AS VARCHAR)`, stringType)
    }
    case '=':
    case '<=>':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(
        operator,
        translate(expression.left, environment),
        translate(expression.right, environment),
      )
    default:
      return arithmetic(
        operator,
        translate(expression.left, environment),
        translate(expression.right, environment),
      )
  }
}

const sum = (
  operator: '+' | '-',
  expression: Extract<Expression, { kind: 'binary' }>,
  environment: Environment,
): Typed => {
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

const isTest = (expression: Extract<Expression, { kind: 'is' }>, value: Typed): Typed => {
  const not = expression.negated ? ' NOT' : ''
  if (expression.what === 'null') return typed(`(${value.sql} IS${not} NULL)`, boolean)
  return typed(`(${truth(value)} IS${not} ${expression.what.toUpperCase()})`, boolean)
}

const between = (
  expression: Extract<Expression, { kind: 'between' }>,
  environment: Environment,
): Typed => {
  const operand = translate(expression.operand, environment)
  const [low, high] = [
    translate(expression.low, environment),
    translate(expression.high, environment),
  ]
  const test = `(${compare('>=', operand, low).sql} AND ${compare('<=', operand, high).sql})`
  return typed(expression.negated ? `(NOT ${test})` : test, boolean)
}

const inList = (
  expression: Extract<Expression, { kind: 'in' }>,
  environment: Environment,
): Typed => {
  const operand = translate(expression.operand, environment)
  const items = expression.list.map((item) => translate(item, environment))
  const not = expression.negated ? 'NOT ' : ''
  const types = new Set(items.map((item) => item.type.kind))
  const plain = types.size === 1 && items.every((item) => item.type.kind === operand.type.kind)
  // Values of one kind with the operand keep DuckDB's own IN, which hashes; others meet it pair by pair.
  const test =
    plain && operand.type.kind !== 'decimal'
      ? `(${operand.sql} IN (${items.map((item) => convertTyped(item, operand.type).sql).join(', ')}))`
      : `(${items.map((item) => equals(operand, item)).join(' OR ')})`
  return typed(`(${not}${test})`, boolean)
}

const like = (
  expression: Extract<Expression, { kind: 'like' }>,
  environment: Environment,
): Typed => {
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

const common = (values: readonly Typed[], what: string): SqlType => {
  const type = commonTypeOf(values.map((value) => value.type))
  if (type === undefined) {
    throw analyzingError(
      `${what} has values of types without a common one: ${values.map((value) => printType(value.type)).join(', ')}.`,
    )
  }
  return type
}

const caseWhen = (
  expression: Extract<Expression, { kind: 'case' }>,
  environment: Environment,
): Typed => {
  const operand = expression.operand && translate(expression.operand, environment)
  const results = expression.whens.map((clause) => translate(clause.then, environment))
  const otherwise: Typed = expression.otherwise
    ? translate(expression.otherwise, environment)
    : { sql: 'NULL', type: simpleType('null') }
  const type = common([...results, otherwise], 'CASE')
  const clauses = expression.whens.map((clause, index) => {
    const test = operand
      ? equals(operand, translate(clause.when, environment))
      : condition(clause.when, environment)
    return `WHEN ${test} THEN ${convertTyped(results[index] ?? otherwise, type).sql}`
  })
  return typed(`CASE ${clauses.join(' ')} ELSE ${convertTyped(otherwise, type).sql} END`, type)
}

const extractCall = (
  expression: Extract<Expression, { kind: 'extract' }>,
): Extract<Expression, { kind: 'call' }> => {
  const names: Readonly<Record<string, string>> = {
    year: 'year',
    quarter: 'quarter',
    month: 'month',
    week: 'weekofyear',
    day: 'day',
    hour: 'hour',
    minute: 'minute',
    second: 'second',
    dow: 'dayofweek',
    doy: 'dayofyear',
  }
  const name = Object.hasOwn(names, expression.unit) ? names[expression.unit] : undefined
  if (name === undefined) throw unsupported(`EXTRACT(${expression.unit.toUpperCase()} FROM …)`)
  return {
    kind: 'call',
    name,
    args: [expression.operand],
    distinct: false,
    star: false,
    orderBy: [],
    separator: undefined,
    ignoreNulls: false,
    over: undefined,
    at: 0,
  }
}

const arrayLiteral = (
  expression: Extract<Expression, { kind: 'array' }>,
  environment: Environment,
): Typed => {
  const items = expression.items.map((item) => translate(item, environment))
  const element =
    expression.type?.kind === 'array' ? expression.type.element : common(items, 'The array')
  const type: SqlType = { kind: 'array', element }
  return typed(`[${items.map((item) => convertTyped(item, element).sql).join(', ')}]`, type)
}

const mapLiteral = (
  expression: Extract<Expression, { kind: 'map' }>,
  environment: Environment,
): Typed => {
  const keys = expression.entries.map((entry) => translate(entry.key, environment))
  const values = expression.entries.map((entry) => translate(entry.value, environment))
  const declared = expression.type?.kind === 'map' ? expression.type : undefined
  const type: SqlType = {
    kind: 'map',
    key: declared?.key ?? common(keys, 'The map'),
    value: declared?.value ?? common(values, 'The map'),
  }
  const list = (items: readonly Typed[], element: SqlType): string =>
    `[${items.map((item) => convertTyped(item, element).sql).join(', ')}]`
  return typed(`map(${list(keys, type.key)}, ${list(values, type.value)})`, type)
}

const subscript = (operand: Typed, index: Typed): Typed => {
  if (operand.type.kind === 'array') {
    const at = convertTyped(index, simpleType('bigint')).sql
    return typed(`list_extract(${operand.sql}, greatest(${at}, 0))`, operand.type.element)
  }
  if (operand.type.kind === 'map') return typed(mapValue(operand, index), operand.type.value)
  throw analyzingError(`A value of type ${printType(operand.type)} takes no subscript.`)
}

const field = (operand: Typed, name: string): Typed => {
  const found = fieldOf(operand, name)
  if (found === undefined)
    throw analyzingError(`A value of type ${printType(operand.type)} has no field '${name}'.`)
  return found
}

const arrow = (operand: Typed, path: Typed, text: boolean): Typed => {
  const json =
    operand.type.kind === 'json' ? operand.sql : convertTyped(operand, simpleType('json')).sql
  if (text) return typed(`json_extract_string(${json}, ${jsonPath(path)})`, stringType)
  return typed(
    once(json, (value) => `json_extract(${value}, ${jsonPath(path)})`),
    simpleType('json'),
  )
}
