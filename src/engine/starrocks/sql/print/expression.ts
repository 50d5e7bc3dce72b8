/** Expressions as text, with parentheses where precedence asks for them. */
import type {
  BinaryOperator,
  Call,
  Expression,
  FrameBound,
  OrderItem,
  WindowSpecification,
} from '../ast.ts'
import { isReserved } from '../parse/name.ts'
import { printType } from '../type.ts'
import { queryText } from './query.ts'

export type QuoteName = (name: string) => string

/** The levels of parse/expression.ts, weakest first. */
const level = {
  lambda: 0,
  or: 1,
  xor: 2,
  and: 3,
  not: 4,
  comparison: 5,
  predicate: 6,
  shift: 7,
  unary: 13,
  postfix: 15,
  primary: 16,
}

const binaryLevels: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  xor: 2,
  and: 3,
  '=': 5,
  '<=>': 5,
  '!=': 5,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '<<': 7,
  '>>': 7,
  '|': 8,
  '&': 9,
  '+': 10,
  '-': 10,
  '*': 11,
  '/': 11,
  div: 11,
  '%': 11,
  '^': 12,
  '||': 16,
}

const levelOf = (expression: Expression): number => {
  switch (expression.kind) {
    case 'lambda':
      return level.lambda
    case 'binary':
      return binaryLevels[expression.operator]
    case 'unary':
      return expression.operator === 'not' ? level.not : level.unary
    case 'is':
      return level.comparison
    case 'in':
    case 'inQuery':
    case 'between':
    case 'like':
      return level.predicate
    case 'subscript':
    case 'slice':
    case 'field':
    case 'arrow':
    case 'collate':
      return level.postfix
    case 'interval':
      return level.unary
    default:
      return level.primary
  }
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '\\0',
  '\b': '\\b',
  '\x1a': '\\Z',
}

export const printString = (value: string): string =>
  `'${[...value].map((char) => escapes[char] ?? char).join('')}'`

export const expressionText = (expression: Expression, quote: QuoteName): string => {
  const list = (items: readonly Expression[]): string =>
    items.map((item) => expressionText(item, quote)).join(', ')
  const at = (operand: Expression, least: number): string => {
    const text = expressionText(operand, quote)
    return levelOf(operand) >= least ? text : `(${text})`
  }
  switch (expression.kind) {
    case 'null':
      return 'NULL'
    case 'boolean':
      return expression.value ? 'TRUE' : 'FALSE'
    case 'integer':
    case 'decimal':
    case 'double':
      return expression.text
    case 'string':
      return printString(expression.value)
    case 'bytes':
      return `x'${expression.hex}'`
    case 'temporal':
      return `${expression.type.toUpperCase()} ${printString(expression.value)}`
    case 'column':
      return expression.path.map(quote).join('.')
    case 'parameter':
      return '?'
    case 'userVariable':
      return `@${quote(expression.name)}`
    case 'systemVariable':
      return `@@${expression.scope === 'default' ? '' : `${expression.scope}.`}${expression.name}`
    case 'call':
      return callText(expression, quote)
    case 'exists':
      return `EXISTS (${queryText(expression.query, quote)})`
    case 'subquery':
      return `(${queryText(expression.query, quote)})`
    case 'inQuery': {
      const operand =
        expression.operands.length === 1
          ? expression.operands.map((item) => at(item, level.predicate)).join('')
          : `(${list(expression.operands)})`
      return `${operand} ${negation(expression)}IN (${queryText(expression.query, quote)})`
    }
    case 'array':
      return `${expression.type ? printType(expression.type) : ''}[${list(expression.items)}]`
    default:
      return operatorText(expression, quote, { at, list })
  }
}

interface Writers {
  readonly at: (operand: Expression, least: number) => string
  readonly list: (items: readonly Expression[]) => string
}

const negation = (expression: { readonly negated: boolean }): string =>
  expression.negated ? 'NOT ' : ''

const operatorText = (expression: Expression, quote: QuoteName, { at, list }: Writers): string => {
  switch (expression.kind) {
    case 'unary':
      if (expression.operator === 'not') return `NOT ${at(expression.operand, level.not)}`
      return `${expression.operator === 'binary' ? 'BINARY ' : expression.operator}${at(expression.operand, level.unary + 1)}`
    case 'binary':
      return binaryText(expression, quote, at)
    case 'is':
      return `${at(expression.operand, level.comparison)} IS ${negation(expression)}${expression.what.toUpperCase()}`
    case 'between':
      return `${at(expression.operand, level.predicate)} ${negation(expression)}BETWEEN ${at(expression.low, level.shift)} AND ${at(expression.high, level.shift)}`
    case 'in':
      return `${at(expression.operand, level.predicate)} ${negation(expression)}IN (${list(expression.list)})`
    case 'like': {
      const escape =
        expression.escape === undefined ? '' : ` ESCAPE ${at(expression.escape, level.shift)}`
      return `${at(expression.operand, level.predicate)} ${negation(expression)}${expression.operator.toUpperCase()} ${at(expression.pattern, level.shift)}${escape}`
    }
    case 'case': {
      const operand =
        expression.operand === undefined ? '' : ` ${expressionText(expression.operand, quote)}`
      const whens = expression.whens.map(
        ({ when, then }) =>
          ` WHEN ${expressionText(when, quote)} THEN ${expressionText(then, quote)}`,
      )
      const otherwise =
        expression.otherwise === undefined
          ? ''
          : ` ELSE ${expressionText(expression.otherwise, quote)}`
      return `CASE${operand}${whens.join('')}${otherwise} END`
    }
    case 'cast':
      return `CAST(${expressionText(expression.operand, quote)} AS ${printType(expression.type).toUpperCase()})`
    case 'interval': {
      const plain = ['integer', 'string', 'column'].includes(expression.value.kind)
      return `INTERVAL ${plain ? expressionText(expression.value, quote) : `(${expressionText(expression.value, quote)})`} ${expression.unit.toUpperCase()}`
    }
    case 'unit':
      return expression.unit.toUpperCase()
    case 'extract':
      return `EXTRACT(${expression.unit.toUpperCase()} FROM ${expressionText(expression.operand, quote)})`
    case 'map': {
      const entries = expression.entries.map(
        ({ key, value }) => `${expressionText(key, quote)}: ${expressionText(value, quote)}`,
      )
      return `${expression.type ? printType(expression.type) : 'map'}{${entries.join(', ')}}`
    }
    case 'subscript':
      return `${at(expression.operand, level.postfix)}[${at(expression.index, level.shift)}]`
    case 'slice': {
      const to = expression.to.kind === 'null' ? '' : at(expression.to, level.shift)
      return `${at(expression.operand, level.postfix)}[${at(expression.from, level.shift)}:${to}]`
    }
    case 'field': {
      const bare = ['call', 'subscript', 'field'].includes(expression.operand.kind)
      const operand = expressionText(expression.operand, quote)
      return `${bare ? operand : `(${operand})`}.${quote(expression.name)}`
    }
    case 'arrow':
      return `${at(expression.operand, level.postfix)}${expression.text ? '->>' : '->'}${at(expression.path, level.primary)}`
    case 'lambda': {
      const names = expression.parameters.map(quote).join(', ')
      const body = expressionText(expression.body, quote)
      return `${expression.parameters.length === 1 ? names : `(${names})`} -> ${expression.body.kind === 'string' ? `(${body})` : body}`
    }
    case 'collate':
      return `${at(expression.operand, level.postfix)} COLLATE ${quote(expression.collation)}`
    case 'default':
      return 'DEFAULT'
    default:
      return ''
  }
}

type Binary = Extract<Expression, { kind: 'binary' }>

/** A chain of one operator is written from a list: it may be ten thousand terms long. */
const binaryText = (expression: Binary, quote: QuoteName, at: Writers['at']): string => {
  const { operator } = expression
  if (operator === '||')
    return `concat(${expressionText(expression.left, quote)}, ${expressionText(expression.right, quote)})`
  const own = binaryLevels[operator]
  const terms: string[] = []
  let current: Expression = expression
  while (current.kind === 'binary' && current.operator === operator) {
    terms.push(at(current.right, own + 1))
    current = current.left
  }
  terms.push(at(current, own))
  return terms.toReversed().join(` ${operator.toUpperCase()} `)
}

/** Names that would read as something else when bare. */
const specialNames: ReadonlySet<string> = new Set([
  'interval',
  'cast',
  'try_cast',
  'convert',
  'extract',
  'position',
  'exists',
  'case',
  'array',
  'map',
])

const reservedFunctions: ReadonlySet<string> = new Set(
  'grouping grouping_id left right like regexp rlike current_user current_role current_date current_time current_timestamp localtime localtimestamp'.split(
    ' ',
  ),
)

const functionName = (call: Call): string => {
  const { name } = call
  const needsUnit =
    (name === 'timestampadd' || name === 'timestampdiff') && call.args[0]?.kind !== 'unit'
  const plain = /^[a-z_][a-z0-9_]*$/.test(name)
  const reserved = isReserved(name.toUpperCase()) && !reservedFunctions.has(name)
  const special = specialNames.has(name) && name !== 'map'
  return plain && !reserved && !special && !needsUnit ? name : `\`${name.replaceAll('`', '``')}\``
}

const callText = (call: Call, quote: QuoteName): string => {
  const args = call.star
    ? '*'
    : call.args.map((argument) => expressionText(argument, quote)).join(', ')
  const order = call.orderBy.length === 0 ? '' : ` ORDER BY ${orderText(call.orderBy, quote)}`
  const separator =
    call.separator === undefined ? '' : ` SEPARATOR ${expressionText(call.separator, quote)}`
  const ignore = call.ignoreNulls ? ' IGNORE NULLS' : ''
  const over = call.over === undefined ? '' : ` OVER (${windowText(call.over, quote)})`
  return `${functionName(call)}(${call.distinct ? 'DISTINCT ' : ''}${args}${order}${separator})${ignore}${over}`
}

export const orderText = (items: readonly OrderItem[], quote: QuoteName): string =>
  items
    .map((item) => {
      const nulls = item.nulls === undefined ? '' : ` NULLS ${item.nulls.toUpperCase()}`
      return `${expressionText(item.expression, quote)}${item.descending ? ' DESC' : ' ASC'}${nulls}`
    })
    .join(', ')

const windowText = (window: WindowSpecification, quote: QuoteName): string => {
  const parts: string[] = []
  if (window.partitionBy.length > 0)
    parts.push(
      `PARTITION BY ${window.partitionBy.map((item) => expressionText(item, quote)).join(', ')}`,
    )
  if (window.orderBy.length > 0) parts.push(`ORDER BY ${orderText(window.orderBy, quote)}`)
  const { frame } = window
  if (frame !== undefined) {
    const start = boundText(frame.start, quote)
    parts.push(
      `${frame.unit.toUpperCase()} ${frame.end === undefined ? start : `BETWEEN ${start} AND ${boundText(frame.end, quote)}`}`,
    )
  }
  return parts.join(' ')
}

const boundText = (bound: FrameBound, quote: QuoteName): string => {
  if (bound.kind !== 'preceding' && bound.kind !== 'following') return bound.kind.toUpperCase()
  const offset = expressionText(bound.offset, quote)
  return `${levelOf(bound.offset) >= level.shift ? offset : `(${offset})`} ${bound.kind.toUpperCase()}`
}
