/** Primary expressions: literals, names, calls, CASE, CAST, brackets. */
import type { Expression, WhenClause } from '../ast.ts'
import { simpleType } from '../type.ts'
import { parseCall, parseSpecialCall, rowCall } from './call.ts'
import type { Cursor } from './cursor.ts'
import {
  continueQuery,
  expressionList,
  parseExpression,
  parseQuery,
  parseValue,
} from './grammar.ts'
import { parseIn } from './in.ts'
import {
  atIdentifier,
  commaList,
  identifier,
  isReserved,
  maxListItems,
  refuseChildren,
  string,
  wordOrString,
} from './name.ts'
import { parseType } from './type.ts'
import { parseUnit } from './unit.ts'

export const parsePrimary = (cursor: Cursor): Expression => {
  const token = cursor.peek()
  switch (token.kind) {
    case 'integer':
      cursor.next()
      return { kind: token.kind, text: token.text }
    case 'decimal':
    case 'double':
      return parseFraction(cursor, token.kind)
    case 'string':
      cursor.next()
      return { kind: 'string', value: token.text }
    case 'bytes':
      cursor.next()
      return { kind: 'bytes', hex: token.text }
    case 'symbol':
      return parseSymbol(cursor)
    case 'word':
      return parseWord(cursor)
    case 'quoted':
      return parseName(cursor)
    case 'hint':
    case 'end':
      return cursor.fail()
  }
}

const parseFraction = (cursor: Cursor, kind: 'decimal' | 'double'): Expression => {
  const operand: Expression = { kind, text: cursor.next().text }
  return cursor.doubleLiterals ? { kind: 'cast', operand, type: simpleType('double') } : operand
}

const parseSymbol = (cursor: Cursor): Expression => {
  if (cursor.is('(')) return parseParenthesis(cursor)
  if (cursor.take('?')) return { kind: 'parameter', index: cursor.parameter() }
  if (cursor.take('@@')) return parseSystemVariable(cursor)
  if (cursor.take('@')) return { kind: 'userVariable', name: wordOrString(cursor) }
  if (cursor.is('[')) return parseArray(cursor, undefined)
  if (cursor.take('{')) return parseMapEntries(cursor, undefined)
  return cursor.fail()
}

const parseSystemVariable = (cursor: Cursor): Expression => {
  const first = wordOrString(cursor)
  if (!cursor.take('.')) return { kind: 'systemVariable', scope: 'default', name: first }
  const scope = first.toLowerCase()
  if (scope !== 'session' && scope !== 'global' && scope !== 'local') {
    return cursor.refuse(`Unknown variable scope '${first}'.`)
  }
  const name = wordOrString(cursor)
  return { kind: 'systemVariable', scope: scope === 'local' ? 'session' : scope, name }
}

const parseWord = (cursor: Cursor): Expression => {
  const { keyword } = cursor.peek()
  const following = cursor.peek(1)
  switch (keyword) {
    case 'NULL':
      cursor.next()
      return { kind: 'null' }
    case 'TRUE':
    case 'FALSE':
      cursor.next()
      return { kind: 'boolean', value: keyword === 'TRUE' }
    case 'DATE':
    case 'DATETIME':
    case 'TIMESTAMP':
      if (following.kind !== 'string') break
      cursor.next()
      return {
        kind: 'temporal',
        type: keyword === 'DATE' ? 'date' : 'datetime',
        value: string(cursor),
      }
    case 'INTERVAL':
      if (!startsInterval(cursor)) break
      cursor.next()
      return { kind: 'interval', value: parseValue(cursor), unit: parseUnit(cursor) }
    case 'CASE':
      return parseCase(cursor)
    case 'CAST':
    case 'TRY_CAST':
    case 'CONVERT':
      if (following.keyword === '(') return parseCast(cursor)
      break
    case 'EXISTS':
      return parseExists(cursor)
    case 'ARRAY':
    case 'MAP':
      if (following.keyword === '<') return parseTypedLiteral(cursor)
      if (keyword === 'MAP' && following.keyword === '{') {
        cursor.expect('MAP', '{')
        return parseMapEntries(cursor, undefined)
      }
      break
    default:
  }
  return parseSpecialCall(cursor) ?? parseName(cursor)
}

/** INTERVAL is no reserved word: a value follows the keyword, an operator or clause follows a column. */
const startsInterval = (cursor: Cursor): boolean => {
  const token = cursor.peek(1)
  if (['integer', 'decimal', 'string', 'quoted'].includes(token.kind)) return true
  if (token.kind === 'word') return !isReserved(token.keyword) || token.keyword === 'CASE'
  return ['(', '-', '?', '@', '@@'].includes(token.keyword)
}

const parseExists = (cursor: Cursor): Expression => {
  cursor.next()
  cursor.expect('(')
  const query = parseQuery(cursor)
  cursor.expect(')')
  return { kind: 'exists', query }
}

const parseCase = (cursor: Cursor): Expression => {
  cursor.next()
  const operand = cursor.is('WHEN') ? undefined : parseExpression(cursor)
  const whens: WhenClause[] = []
  while (cursor.take('WHEN')) {
    const when = parseExpression(cursor)
    cursor.expect('THEN')
    whens.push({ when, result: parseExpression(cursor) })
    if (whens.length * 2 > maxListItems) refuseChildren(cursor, whens.length * 2)
  }
  if (whens.length === 0) cursor.fail("'WHEN'")
  const otherwise = cursor.take('ELSE') ? parseExpression(cursor) : undefined
  cursor.expect('END')
  return { kind: 'case', operand, whens, otherwise }
}

const parseCast = (cursor: Cursor): Expression => {
  const { keyword, start } = cursor.next()
  if (keyword === 'TRY_CAST') cursor.refuse('TRY_CAST is not supported.', start)
  cursor.expect('(')
  const operand = parseExpression(cursor)
  if (keyword === 'CONVERT') {
    if (cursor.is('USING')) cursor.refuse('CONVERT(… USING …) is not supported.')
    cursor.expect(',')
  } else {
    cursor.expect('AS')
  }
  const type = parseType(cursor)
  cursor.expect(')')
  return { kind: 'cast', operand, type }
}

const parseTypedLiteral = (cursor: Cursor): Expression => {
  const type = parseType(cursor)
  if (cursor.is('[')) return parseArray(cursor, type)
  cursor.expect('{')
  return parseMapEntries(cursor, type)
}

const parseArray = (
  cursor: Cursor,
  type: Extract<Expression, { kind: 'array' }>['type'],
): Expression => {
  cursor.expect('[')
  const items = cursor.is(']') ? [] : expressionList(cursor)
  cursor.expect(']')
  return { kind: 'array', type, items }
}

const parseMapEntries = (
  cursor: Cursor,
  type: Extract<Expression, { kind: 'map' }>['type'],
): Expression => {
  if (cursor.take('}')) return { kind: 'map', type, entries: [] }
  if (cursor.is('FN')) cursor.refuse('ODBC escapes are not supported.')
  const entries = commaList(cursor, (inner) => {
    const key = parseExpression(inner)
    inner.expect(':')
    return { key, value: parseExpression(inner) }
  })
  cursor.expect('}')
  return { kind: 'map', type, entries }
}

const parseParenthesis = (cursor: Cursor): Expression => {
  const parameters = lambdaParameters(cursor)
  if (parameters !== undefined) return { kind: 'lambda', parameters, body: parseLambdaBody(cursor) }
  cursor.expect('(')
  if (cursor.is('SELECT') || cursor.is('WITH')) {
    const query = parseQuery(cursor)
    cursor.expect(')')
    return { kind: 'subquery', query }
  }
  const items = expressionList(cursor)
  const [first] = items
  if (first === undefined) return cursor.fail()
  if (items.length === 1) {
    // `((SELECT …) UNION (SELECT …))`: what stood first was the left side of a query.
    const inner = first.kind === 'subquery' ? subqueryOf(cursor, first.query) : first
    cursor.expect(')')
    return inner
  }
  cursor.expect(')')
  const negated = cursor.take('NOT')
  if (!cursor.take('IN')) return cursor.fail("'IN'")
  return parseIn(cursor, items, negated)
}

const subqueryOf = (
  cursor: Cursor,
  first: Extract<Expression, { kind: 'subquery' }>['query'],
): Expression => ({
  kind: 'subquery',
  query: continueQuery(cursor, first),
})

/** `(x, y) ->` steps over both and returns the names; anything else is left alone. */
const lambdaParameters = (cursor: Cursor): readonly string[] | undefined => {
  let ahead = 1
  while (atIdentifier(cursor, ahead) && cursor.peek(ahead + 1).keyword === ',') ahead += 2
  if (!atIdentifier(cursor, ahead)) return undefined
  if (cursor.peek(ahead + 1).keyword !== ')' || cursor.peek(ahead + 2).keyword !== '->')
    return undefined
  if (cursor.peek(ahead + 3).kind === 'string') return undefined
  cursor.expect('(')
  const names = commaList(cursor, identifier)
  cursor.expect(')', '->')
  return names
}

/** `(k, v) -> (k + 1, v)`: a pair is a row of two. */
const parseLambdaBody = (cursor: Cursor): Expression => {
  if (!startsRow(cursor)) return parseExpression(cursor)
  const { start } = cursor.peek()
  cursor.expect('(')
  const args = expressionList(cursor)
  cursor.expect(')')
  return rowCall(args, start)
}

/** A parenthesis with a comma of its own, and nothing of a comparison behind it. */
const startsRow = (cursor: Cursor): boolean => {
  if (!cursor.is('(')) return false
  let [ahead, depth, hasComma] = [0, 0, false]
  do {
    const { keyword, kind } = cursor.peek(ahead)
    if (kind === 'end') return false
    if (kind === 'symbol' && '([{'.includes(keyword)) depth += 1
    if (kind === 'symbol' && ')]}'.includes(keyword)) depth -= 1
    if (depth === 1 && keyword === ',') hasComma = true
    ahead += 1
  } while (depth > 0)
  return hasComma && [',', ')'].includes(cursor.peek(ahead).keyword)
}

const parseName = (cursor: Cursor): Expression => {
  const { start } = cursor.peek()
  if (cursor.peek(1).keyword === '(' && cursor.peek().kind !== 'symbol') {
    return parseCall(cursor, [], start)
  }
  if (
    atIdentifier(cursor) &&
    cursor.is(cursor.peek().keyword, '->') &&
    cursor.peek(2).kind !== 'string'
  ) {
    const name = identifier(cursor)
    cursor.expect('->')
    return { kind: 'lambda', parameters: [name], body: parseLambdaBody(cursor) }
  }
  const path = [identifier(cursor)]
  while (cursor.is('.') && !cursor.is('.', '*')) {
    cursor.next()
    if (cursor.peek(1).keyword === '(') return parseCall(cursor, path, start)
    path.push(wordOrString(cursor))
  }
  return { kind: 'column', path, at: start }
}
