/** Function calls, the ones with a grammar of their own included, and window specifications. */
import type {
  FunctionCall,
  Expression,
  FrameBound,
  OrderItem,
  WindowFrame,
  WindowSpecification,
} from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { expressionList, parseExpression, parseValue } from './grammar.ts'
import { commaList, isReserved, wordOrString } from './name.ts'
import { parseUnit } from './unit.ts'
import { parseOrderBy } from './order.ts'

/** Reserved words that are functions all the same when a parenthesis follows. */
const reservedFunctions: ReadonlySet<string> = new Set(
  'CONVERT GROUPING GROUPING_ID LEFT RIGHT LIKE REGEXP RLIKE VALUES CURRENT_USER CURRENT_ROLE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP'.split(
    ' ',
  ),
)

/** Functions that need no parentheses. */
const bareFunctions: ReadonlySet<string> = new Set(
  'CURRENT_USER CURRENT_ROLE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP'.split(
    ' ',
  ),
)

/** Before the arguments of these, DISTINCT or ALL may stand. reference: StarRocks 3.3.7, aggregationFunction in StarRocks.g4. */
const quantified: ReadonlySet<string> = new Set(
  'AVG COUNT MAX MIN SUM ARRAY_AGG GROUP_CONCAT STRING_AGG'.split(' '),
)

interface CallParts {
  readonly args?: readonly Expression[]
  readonly distinct?: boolean
  readonly star?: boolean
  readonly orderBy?: readonly OrderItem[]
  readonly separator?: Expression | undefined
  readonly ignoreNulls?: boolean
  readonly over?: WindowSpecification | undefined
}

const call = (name: string, at: number, parts: CallParts): FunctionCall => ({
  kind: 'call',
  name: name.toLowerCase(),
  args: parts.args ?? [],
  distinct: parts.distinct ?? false,
  star: parts.star ?? false,
  orderBy: parts.orderBy ?? [],
  separator: parts.separator,
  ignoreNulls: parts.ignoreNulls ?? false,
  over: parts.over,
  at,
})

export const rowCall = (args: readonly Expression[], at: number): FunctionCall =>
  call('row', at, { args })

/** Calls whose arguments are not a plain list; undefined when none starts here. */
export const parseSpecialCall = (cursor: Cursor): Expression | undefined => {
  const { keyword, start } = cursor.peek()
  if (cursor.peek(1).keyword !== '(') {
    if (!bareFunctions.has(keyword)) return undefined
    cursor.next()
    return call(keyword, start, {})
  }
  switch (keyword) {
    case 'EXTRACT': {
      cursor.expect('EXTRACT', '(')
      const unit = wordOrString(cursor).toLowerCase()
      cursor.expect('FROM')
      const operand = parseExpression(cursor)
      cursor.expect(')')
      return { kind: 'extract', unit, operand }
    }
    case 'POSITION': {
      cursor.expect('POSITION', '(')
      const needle = parseValue(cursor)
      // position(a, b) does not exist; only the SQL form does.
      cursor.expect('IN')
      const haystack = parseExpression(cursor)
      cursor.expect(')')
      return call('locate', start, { args: [needle, haystack] })
    }
    case 'TIMESTAMPADD':
    case 'TIMESTAMPDIFF': {
      cursor.next()
      cursor.expect('(')
      const unit: Expression = { kind: 'unit', unit: parseUnit(cursor) }
      cursor.expect(',')
      const args = [unit, ...expressionList(cursor)]
      cursor.expect(')')
      return call(keyword, start, { args })
    }
    default:
      return undefined
  }
}

/** A plain call: at its name, a parenthesis behind it. */
export const parseCall = (
  cursor: Cursor,
  qualifier: readonly string[],
  start: number,
): Expression => {
  const token = cursor.peek()
  if (token.kind === 'word' && isReserved(token.keyword) && !reservedFunctions.has(token.keyword))
    cursor.fail()
  const name = cursor.next().text
  if (qualifier.length > 0) {
    cursor.refuse(`The function ${[...qualifier, name].join('.')} is not supported.`, start)
  }
  cursor.expect('(')
  if (!quantified.has(name.toUpperCase()) && (cursor.is('DISTINCT') || cursor.is('ALL')))
    cursor.fail()
  const parts = parseArguments(cursor)
  cursor.expect(')')
  const ignoreNulls = parts.ignoreNulls === true || cursor.take('IGNORE', 'NULLS')
  const over = cursor.take('OVER') ? parseWindow(cursor) : undefined
  return call(name, start, { ...parts, ignoreNulls, over })
}

const parseArguments = (cursor: Cursor): CallParts => {
  if (cursor.is(')')) return {}
  if (cursor.is('*', ')')) {
    cursor.next()
    return { star: true }
  }
  const distinct = cursor.take('DISTINCT')
  if (!distinct) cursor.take('ALL')
  if (distinct && cursor.is('[')) skipBracketHint(cursor)
  let ignoreNulls = false
  const args = commaList(cursor, (inner) => {
    const value = parseArgument(inner)
    if (inner.take('IGNORE', 'NULLS')) ignoreNulls = true
    return value
  })
  const orderBy = parseOrderBy(cursor)
  const separator = cursor.take('SEPARATOR') ? parseExpression(cursor) : undefined
  return { args, distinct, orderBy, separator, ignoreNulls }
}

/** `floor` and `ceil` as the last argument of time_slice are words of the grammar, kept as strings. */
const parseArgument = (cursor: Cursor): Expression => {
  const next = cursor.peek(1).keyword
  if ((cursor.is('FLOOR') || cursor.is('CEIL')) && (next === ')' || next === ',')) {
    return { kind: 'string', value: cursor.next().text.toLowerCase() }
  }
  return parseExpression(cursor)
}

const callHints: ReadonlySet<string> = new Set(['SKEW', 'SKEWED', 'HASH', 'SORT'])

/** How to distribute or sort changes no answer. */
const skipBracketHint = (cursor: Cursor): void => {
  if (!cursor.is('[') || !callHints.has(cursor.peek(1).keyword)) return
  cursor.expect('[')
  commaList(cursor, (inner) => (inner.isOneOf(callHints) ? inner.next() : inner.fail()))
  cursor.expect(']')
}

const parseWindow = (cursor: Cursor): WindowSpecification => {
  cursor.expect('(')
  skipBracketHint(cursor)
  const partitionBy = cursor.take('PARTITION', 'BY') ? expressionList(cursor) : []
  const orderBy = parseOrderBy(cursor)
  const frame = parseFrame(cursor)
  cursor.expect(')')
  return { partitionBy, orderBy, frame }
}

const parseFrame = (cursor: Cursor): WindowFrame | undefined => {
  const unit = cursor.take('ROWS') ? 'rows' : cursor.take('RANGE') ? 'range' : undefined
  if (unit === undefined) return undefined
  if (!cursor.take('BETWEEN')) return { unit, start: parseBound(cursor), end: undefined }
  const start = parseBound(cursor)
  cursor.expect('AND')
  return { unit, start, end: parseBound(cursor) }
}

const parseBound = (cursor: Cursor): FrameBound => {
  if (cursor.take('UNBOUNDED', 'PRECEDING')) return { kind: 'unbounded preceding' }
  if (cursor.take('UNBOUNDED', 'FOLLOWING')) return { kind: 'unbounded following' }
  if (cursor.take('CURRENT', 'ROW')) return { kind: 'current row' }
  const offset = parseValue(cursor)
  if (cursor.take('PRECEDING')) return { kind: 'preceding', offset }
  cursor.expect('FOLLOWING')
  return { kind: 'following', offset }
}
