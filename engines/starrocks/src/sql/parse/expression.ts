/**
 * Expressions by precedence climbing. From weakest to strongest (StarRocks.g4): OR, XOR, AND, NOT, comparison and IS,
 * IN/BETWEEN/LIKE, shifts, |, &, + -, * / DIV %, ^, prefix, `||` under PIPES_AS_CONCAT, postfix.
 */
import type { BinaryOperator, Expression } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseIn } from './in.ts'
import { integer, wordOrString } from './name.ts'
import { parsePrimary } from './primary.ts'

/** StarRocks bounds how many terms one expression may hold; AND/OR chains stay flat in every later step, others nest. */
const maxLogicalTerms = 10_000
const maxChain = 300

export const readExpression = (cursor: Cursor): Expression => cursor.nest(() => parseOr(cursor))

type Level = (cursor: Cursor) => Expression
type Match = (cursor: Cursor) => BinaryOperator | undefined

/** A left-associative level: `next (operator next)*`. */
const chain =
  (next: Level, match: Match, limit = maxChain): Level =>
  (cursor) => {
    let left = next(cursor)
    for (let terms = 1; ; terms += 1) {
      const operator = match(cursor)
      if (operator === undefined) return left
      if (terms > limit) cursor.refuse(`The expression holds more than ${limit} terms.`)
      left = { kind: 'binary', operator, left, right: next(cursor) }
    }
  }

const taking =
  (operators: Readonly<Record<string, BinaryOperator>>): Match =>
  (cursor) => {
    const { keyword } = cursor.peek()
    const operator = Object.hasOwn(operators, keyword) ? operators[keyword] : undefined
    if (operator !== undefined) cursor.next()
    return operator
  }

const parseUnary: Level = (cursor) => cursor.nest(() => readUnary(cursor))

const readUnary: Level = (cursor) => {
  if (cursor.take('-')) return { kind: 'unary', operator: '-', operand: parseUnary(cursor) }
  if (cursor.take('+')) return { kind: 'unary', operator: '+', operand: parseUnary(cursor) }
  if (cursor.take('~')) return { kind: 'unary', operator: '~', operand: parseUnary(cursor) }
  if (cursor.take('!')) return { kind: 'unary', operator: 'not', operand: parseUnary(cursor) }
  if (cursor.is('BINARY') && startsOperand(cursor)) {
    cursor.next()
    return { kind: 'unary', operator: 'binary', operand: parseUnary(cursor) }
  }
  return parseConcat(cursor)
}

/** `BINARY x`, not a column of that name. */
const startsOperand = (cursor: Cursor): boolean => {
  const { kind } = cursor.peek(1)
  return (
    kind !== 'symbol' &&
    kind !== 'end' &&
    !['FROM', 'AS', 'AND', 'OR', 'IS', 'IN'].includes(cursor.peek(1).keyword)
  )
}

const parseConcat: Level = (cursor) => {
  let left = parsePostfix(cursor)
  for (let terms = 1; cursor.pipesAsConcat && cursor.take('||'); terms += 1) {
    if (terms > maxChain) cursor.refuse(`The expression holds more than ${maxChain} terms.`)
    left = { kind: 'binary', operator: '||', left, right: parsePostfix(cursor) }
  }
  return left
}

const parsePostfix: Level = (cursor) => {
  let operand = parsePrimary(cursor)
  for (let links = 0; ; links += 1) {
    if (links > maxChain) cursor.refuse(`The expression holds more than ${maxChain} links.`)
    if (cursor.take('[')) operand = parseSubscript(cursor, operand)
    else if (cursor.take('.')) operand = { kind: 'field', operand, name: wordOrString(cursor) }
    else if (cursor.take('->'))
      operand = { kind: 'arrow', operand, path: parsePrimary(cursor), text: false }
    else if (cursor.take('->>'))
      operand = { kind: 'arrow', operand, path: parsePrimary(cursor), text: true }
    else if (cursor.take('COLLATE'))
      operand = { kind: 'collate', operand, collation: wordOrString(cursor) }
    else return operand
  }
}

const parseSubscript = (cursor: Cursor, operand: Expression): Expression => {
  const first: Expression = cursor.is(':') ? { kind: 'integer', text: '1' } : readValue(cursor)
  if (!cursor.take(':')) {
    cursor.expect(']')
    return { kind: 'subscript', operand, index: first }
  }
  const to: Expression = cursor.is(']') ? { kind: 'null' } : readValue(cursor)
  cursor.expect(']')
  return { kind: 'slice', operand, from: first, to }
}

const parsePower = chain(parseUnary, taking({ '^': '^' }))
const parseProduct = chain(
  parsePower,
  taking({ '*': '*', '/': '/', '%': '%', MOD: '%', DIV: 'div' }),
)
const parseSum = chain(parseProduct, taking({ '+': '+', '-': '-' }))
const parseBitAnd = chain(parseSum, taking({ '&': '&' }))
const parseBitOr = chain(parseBitAnd, taking({ '|': '|' }))

const matchShift: Match = (cursor) => {
  if (cursor.take('<<')) return '<<'
  const first = cursor.peek()
  if (first.keyword !== '>' || cursor.peek(1).keyword !== '>' || cursor.peek(1).start !== first.end)
    return undefined
  if (cursor.peek(2).keyword === '>' && cursor.peek(2).start === cursor.peek(1).end) {
    return cursor.refuse("The operator '>>>' is not supported, use bit_shift_right_logical().")
  }
  cursor.take('>', '>')
  return '>>'
}

export const readValue: Level = chain(parseBitOr, matchShift)

const parsePredicate: Level = (cursor) => {
  let left = readValue(cursor)
  for (let links = 0; links <= maxChain; links += 1) {
    const negated =
      cursor.is('NOT') &&
      ['IN', 'BETWEEN', 'LIKE', 'REGEXP', 'RLIKE'].includes(cursor.peek(1).keyword)
    if (negated) cursor.next()
    if (cursor.take('IN')) left = parseIn(cursor, [left], negated)
    else if (cursor.take('BETWEEN')) {
      const low = readValue(cursor)
      cursor.expect('AND')
      left = { kind: 'between', operand: left, low, high: readValue(cursor), negated }
    } else if (cursor.take('LIKE')) {
      const pattern = readValue(cursor)
      const escape = cursor.take('ESCAPE') ? readValue(cursor) : undefined
      left = { kind: 'like', operator: 'like', operand: left, pattern, escape, negated }
    } else if (cursor.take('REGEXP') || cursor.take('RLIKE')) {
      left = {
        kind: 'like',
        operator: 'regexp',
        operand: left,
        pattern: readValue(cursor),
        escape: undefined,
        negated,
      }
    } else return left
  }
  return cursor.refuse('The expression chains too many predicates.')
}

const comparisons = taking({
  '=': '=',
  '<=>': '<=>',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
})

const parseComparison: Level = (cursor) => {
  let left = parsePredicate(cursor)
  for (let links = 0; links <= maxChain; links += 1) {
    if (cursor.take('IS')) {
      left = parseIs(cursor, left)
      continue
    }
    const operator = comparisons(cursor)
    if (operator === undefined) return left
    if (cursor.is('ALL') || cursor.is('ANY') || cursor.is('SOME')) {
      cursor.refuse(`The quantified comparison ${cursor.peek().keyword} is not supported.`)
    }
    left = { kind: 'binary', operator, left, right: parsePredicate(cursor) }
  }
  return cursor.refuse('The expression chains too many comparisons.')
}

const parseIs = (cursor: Cursor, operand: Expression): Expression => {
  const negated = cursor.take('NOT')
  if (cursor.take('NULL')) return { kind: 'is', operand, what: 'null', negated }
  if (cursor.take('TRUE')) return { kind: 'is', operand, what: 'true', negated }
  if (cursor.take('FALSE')) return { kind: 'is', operand, what: 'false', negated }
  return cursor.fail("'NULL', 'NOT'")
}

const parseNot: Level = (cursor) => {
  if (!cursor.is('NOT')) return parseComparison(cursor)
  return cursor.nest(() => {
    cursor.next()
    return { kind: 'unary', operator: 'not', operand: parseNot(cursor) }
  })
}

const parseAnd = chain(parseNot, taking({ AND: 'and', '&&': 'and' }), maxLogicalTerms)
const parseXor = chain(parseAnd, taking({ XOR: 'xor' }))
const matchOr = taking({ OR: 'or' })
const parseOr = chain(
  parseXor,
  (cursor) => {
    if (cursor.is(':=')) cursor.refuse("Assignment by ':=' is not supported.")
    return !cursor.pipesAsConcat && cursor.take('||') ? 'or' : matchOr(cursor)
  },
  maxLogicalTerms,
)

/** A limit, a bucket count …: digits or a parameter. */
export const countOrParameter = (cursor: Cursor): Expression => {
  if (cursor.take('?')) return { kind: 'parameter', index: cursor.parameter() }
  return { kind: 'integer', text: String(integer(cursor)) }
}
