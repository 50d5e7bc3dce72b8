/** Expressions as text, with parentheses where precedence asks for them. */
import type {
  BinaryOperator,
  ColumnReference,
  FunctionCall,
  Expression,
  ExpressionKind,
  FrameBound,
  OrderItem,
  Query,
  WindowSpecification,
} from '../ast.ts'
import { isLiteral } from '../ast-build.ts'
import { isReserved } from '../parse/name.ts'
import { printType } from '../type.ts'

/** How names are written, and queries inside expressions. */
export interface Printer {
  readonly name: (name: string) => string
  readonly query: (query: Query) => string
  /** Undefined for one that is written as it is. */
  readonly column?: (reference: ColumnReference) => string | undefined
  /** As StarRocks writes the query of a view: operands stand in parentheses unless they are names or values. */
  readonly full?: true
}

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

/** What is no operator stands by itself. */
const levels: Readonly<Partial<Record<ExpressionKind, number>>> = {
  lambda: level.lambda,
  is: level.comparison,
  in: level.predicate,
  inQuery: level.predicate,
  between: level.predicate,
  like: level.predicate,
  interval: level.unary,
  subscript: level.postfix,
  slice: level.postfix,
  field: level.postfix,
  arrow: level.postfix,
  collate: level.postfix,
}

const levelOf = (expression: Expression): number => {
  if (expression.kind === 'binary') return binaryLevels[expression.operator]
  if (expression.kind === 'unary') return expression.operator === 'not' ? level.not : level.unary
  return levels[expression.kind] ?? level.primary
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

/** The backslash comes first: what the others become holds one. */
export const printString = (value: string): string =>
  `'${Object.entries(escapes).reduce((text, [char, written]) => text.replaceAll(char, written), value)}'`

type Of<K extends ExpressionKind> = Extract<Expression, { kind: K }>

type Writer<K extends ExpressionKind> = (expression: Of<K>, printer: Printer) => string

/** In parentheses when it binds weaker than its place asks for. */
const at = (operand: Expression, least: number, printer: Printer): string => {
  const text = expressionText(operand, printer)
  return levelOf(operand) >= least ? text : `(${text})`
}

const isSimple = (operand: Expression): boolean =>
  isLiteral(operand) || ['bytes', 'column', 'interval'].includes(operand.kind)

/** One of an operator. */
const operandText = (operand: Expression, least: number, printer: Printer): string => {
  if (!printer.full) return at(operand, least, printer)
  const text = expressionText(operand, printer)
  return isSimple(operand) ? text : `(${text})`
}

const list = (items: readonly Expression[], printer: Printer): string =>
  items.map((item) => expressionText(item, printer)).join(', ')

const negation = (expression: { readonly negated: boolean }): string =>
  expression.negated ? 'NOT ' : ''

const digits = ({ text }: { readonly text: string }): string => text

const predicate = (
  operand: Expression,
  expression: { readonly negated: boolean },
  printer: Printer,
): string => `${operandText(operand, level.predicate, printer)} ${negation(expression)}`

const writers: { readonly [K in ExpressionKind]: Writer<K> } = {
  null: () => 'NULL',
  default: () => 'DEFAULT',
  parameter: () => '?',
  boolean: ({ value }) => (value ? 'TRUE' : 'FALSE'),
  integer: digits,
  decimal: digits,
  double: digits,
  string: ({ value }) => printString(value),
  bytes: ({ hex }) => `x'${hex}'`,
  temporal: ({ type, value }) => `${type.toUpperCase()} ${printString(value)}`,
  column: (reference, printer) =>
    printer.column?.(reference) ?? reference.path.map(printer.name).join('.'),
  userVariable: ({ name }, printer) => `@${printer.name(name)}`,
  systemVariable: ({ scope, name }) => `@@${scope === 'default' ? '' : `${scope}.`}${name}`,
  unit: ({ unit }) => unit.toUpperCase(),
  call: (expression, printer) => callText(expression, printer),
  exists: ({ query }, printer) => `EXISTS (${printer.query(query)})`,
  subquery: ({ query }, printer) => `(${printer.query(query)})`,
  unary: ({ operator, operand }, printer) => {
    if (operator === 'not') return `NOT ${operandText(operand, level.not, printer)}`
    // One level up: `--x` would be a comment.
    return `${operator === 'binary' ? 'BINARY ' : operator}${operandText(operand, level.unary + 1, printer)}`
  },
  binary: (expression, printer) => binaryText(expression, printer),
  is: (expression, printer) =>
    `${operandText(expression.operand, level.comparison, printer)} IS ${negation(expression)}${expression.what.toUpperCase()}`,
  between: (expression, printer) =>
    `${predicate(expression.operand, expression, printer)}BETWEEN ${operandText(expression.low, level.shift, printer)} AND ${operandText(expression.high, level.shift, printer)}`,
  in: (expression, printer) =>
    `${predicate(expression.operand, expression, printer)}IN (${expression.list.map((item) => operandText(item, level.lambda, printer)).join(', ')})`,
  inQuery: (expression, printer) => {
    const [first] = expression.operands
    const single = expression.operands.length === 1 && first !== undefined
    const operand = single
      ? predicate(first, expression, printer)
      : `(${list(expression.operands, printer)}) ${negation(expression)}`
    return `${operand}IN (${printer.query(expression.query)})`
  },
  like: (expression, printer) => {
    const escape =
      expression.escape === undefined
        ? ''
        : ` ESCAPE ${at(expression.escape, level.shift, printer)}`
    const pattern = operandText(expression.pattern, level.shift, printer)
    return `${predicate(expression.operand, expression, printer)}${expression.operator.toUpperCase()} ${pattern}${escape}`
  },
  case: (expression, printer) => caseText(expression, printer),
  cast: ({ operand, type }, printer) =>
    `CAST(${operandText(operand, level.lambda, printer)} AS ${printType(type).toUpperCase()})`,
  interval: ({ value, unit }, printer) => {
    const text = expressionText(value, printer)
    const plain = value.kind === 'integer' || value.kind === 'string' || value.kind === 'column'
    return `INTERVAL ${plain ? text : `(${text})`} ${unit.toUpperCase()}`
  },
  extract: ({ unit, operand }, printer) =>
    `EXTRACT(${unit.toUpperCase()} FROM ${expressionText(operand, printer)})`,
  array: ({ type, items }, printer) => `${type ? printType(type) : ''}[${list(items, printer)}]`,
  map: ({ type, entries }, printer) => {
    const texts = entries.map(
      ({ key, value }) => `${expressionText(key, printer)}: ${expressionText(value, printer)}`,
    )
    return `${type ? printType(type) : 'map'}{${texts.join(', ')}}`
  },
  subscript: ({ operand, index }, printer) =>
    `${at(operand, level.postfix, printer)}[${at(index, level.shift, printer)}]`,
  slice: ({ operand, from, to }, printer) => {
    const end = to.kind === 'null' ? '' : at(to, level.shift, printer)
    return `${at(operand, level.postfix, printer)}[${at(from, level.shift, printer)}:${end}]`
  },
  field: ({ operand, name }, printer) => {
    // After a column the dot would read as a longer name.
    const bare = operand.kind === 'call' || operand.kind === 'subscript' || operand.kind === 'field'
    const text = expressionText(operand, printer)
    return `${bare ? text : `(${text})`}.${printer.name(name)}`
  },
  arrow: ({ operand, path, text }, printer) =>
    `${at(operand, level.postfix, printer)}${text ? '->>' : '->'}${at(path, level.primary, printer)}`,
  lambda: ({ parameters, body }, printer) => {
    const names = parameters.map(printer.name).join(', ')
    const text = expressionText(body, printer)
    return `${parameters.length === 1 ? names : `(${names})`} -> ${body.kind === 'string' ? `(${text})` : text}`
  },
  collate: ({ operand, collation }, printer) =>
    `${at(operand, level.postfix, printer)} COLLATE ${printer.name(collation)}`,
}

export const expressionText = (expression: Expression, printer: Printer): string => {
  const write = writers[expression.kind] as (expression: Expression, printer: Printer) => string
  return write(expression, printer)
}

const caseText: Writer<'case'> = ({ operand, whens, otherwise }, printer) => {
  const part = (expression: Expression): string => operandText(expression, level.lambda, printer)
  const subject = operand === undefined ? '' : ` ${part(operand)}`
  const clauses = whens.map((clause) => ` WHEN ${part(clause.when)} THEN ${part(clause.result)}`)
  const rest = otherwise === undefined ? '' : ` ELSE ${part(otherwise)}`
  return `CASE${subject}${clauses.join('')}${rest} END`
}

type Binary = Extract<Expression, { kind: 'binary' }>

/** A chain of one operator is written from a list: it may be ten thousand terms long. */
const binaryText = (expression: Binary, printer: Printer): string => {
  const { operator } = expression
  if (operator === '||')
    return `concat(${expressionText(expression.left, printer)}, ${expressionText(expression.right, printer)})`
  const own = binaryLevels[operator]
  const terms: string[] = []
  let current: Expression = expression
  while (current.kind === 'binary' && current.operator === operator) {
    terms.push(operandText(current.right, own + 1, printer))
    current = current.left
  }
  terms.push(operandText(current, own, printer))
  const word = ` ${operator.toUpperCase()} `
  return printer.full
    ? terms.reduceRight(
        (left, right, index) => `${index === terms.length - 2 ? left : `(${left})`}${word}${right}`,
      )
    : terms.toReversed().join(word)
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

export const inBackticks = (name: string): string => `\`${name.replaceAll('`', '``')}\``

const functionName = (call: FunctionCall): string => {
  const { name } = call
  const needsUnit =
    (name === 'timestampadd' || name === 'timestampdiff') && call.args[0]?.kind !== 'unit'
  const plain = /^[a-z_][a-z0-9_]*$/.test(name)
  const reserved = isReserved(name.toUpperCase()) && !reservedFunctions.has(name)
  const special = specialNames.has(name) && name !== 'map'
  return plain && !reserved && !special && !needsUnit ? name : inBackticks(name)
}

const callText = (call: FunctionCall, printer: Printer): string => {
  const args = call.star
    ? '*'
    : call.args.map((argument) => expressionText(argument, printer)).join(', ')
  const order = call.orderBy.length === 0 ? '' : ` ORDER BY ${orderText(call.orderBy, printer)}`
  const separator =
    call.separator === undefined ? '' : ` SEPARATOR ${expressionText(call.separator, printer)}`
  const ignore = call.ignoreNulls ? ' IGNORE NULLS' : ''
  const over = call.over === undefined ? '' : ` OVER (${windowText(call.over, printer)})`
  return `${functionName(call)}(${call.distinct ? 'DISTINCT ' : ''}${args}${order}${separator})${ignore}${over}`
}

export const orderText = (items: readonly OrderItem[], printer: Printer): string =>
  items
    .map((item) => {
      const isHabit = item.nulls === (item.descending ? 'last' : 'first')
      const nulls =
        item.nulls === undefined || (printer.full && isHabit)
          ? ''
          : ` NULLS ${item.nulls.toUpperCase()}`
      return `${expressionText(item.expression, printer)}${item.descending ? ' DESC' : ' ASC'}${nulls}`
    })
    .join(', ')

const windowText = (window: WindowSpecification, printer: Printer): string => {
  const parts: string[] = []
  if (window.partitionBy.length > 0)
    parts.push(
      `PARTITION BY ${window.partitionBy.map((item) => expressionText(item, printer)).join(', ')}`,
    )
  if (window.orderBy.length > 0) parts.push(`ORDER BY ${orderText(window.orderBy, printer)}`)
  const { frame } = window
  if (frame !== undefined) {
    const start = boundText(frame.start, printer)
    parts.push(
      `${frame.unit.toUpperCase()} ${frame.end === undefined ? start : `BETWEEN ${start} AND ${boundText(frame.end, printer)}`}`,
    )
  } else if (printer.full && parts.length > 0) parts.push('')
  return parts.join(' ')
}

const boundText = (bound: FrameBound, printer: Printer): string => {
  if (bound.kind !== 'preceding' && bound.kind !== 'following') return bound.kind.toUpperCase()
  const offset = expressionText(bound.offset, printer)
  return `${levelOf(bound.offset) >= level.shift ? offset : `(${offset})`} ${bound.kind.toUpperCase()}`
}
