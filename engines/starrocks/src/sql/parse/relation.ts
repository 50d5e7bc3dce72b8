/** What stands after FROM: tables, derived tables, table functions, joins. */
import type { Expression, FromItem, JoinType } from '../ast.ts'
import { analyzingError } from '../sql-error.ts'
import type { Cursor } from './cursor.ts'
import { continueQuery, parseExpression, parseQuery } from './grammar.ts'
import {
  atIdentifier,
  commaList,
  identifier,
  identifierList,
  identifierOrString,
  objectName,
  parenthesized,
  propertyList,
} from './name.ts'
import { parseRow } from './order.ts'

/**
 * Tables that one FROM may join: StarRocks' default for cbo_max_reorder_node, beyond which it orders them no more. DuckDB's
 * planner orders any number, in time that grows with the cube and more: 50 take a second, 100 half a minute.
 */
const maxJoined = 50

/** `a, b, LATERAL c`: commas are cross joins. */
export const parseRelations = (cursor: Cursor): FromItem => {
  let left = parseJoins(cursor)
  while (cursor.take(',')) {
    cursor.take('LATERAL')
    const right = parseJoins(cursor)
    left = checkJoined(cursor, {
      kind: 'join',
      type: 'cross',
      left,
      right,
      on: undefined,
      using: [],
    })
  }
  return left
}

/** By join: how many tables it holds, those of joins in parentheses included. */
const joined = new WeakMap<FromItem, number>()

const checkJoined = (cursor: Cursor, join: Extract<FromItem, { kind: 'join' }>): FromItem => {
  const count = (joined.get(join.left) ?? 1) + (joined.get(join.right) ?? 1)
  if (count > maxJoined) cursor.refuse(`The query joins more than ${maxJoined} tables.`)
  joined.set(join, count)
  return join
}

const parseJoins = (cursor: Cursor): FromItem => {
  let left = parseRelation(cursor)
  for (;;) {
    const type = parseJoinType(cursor)
    if (type === undefined) return left
    skipJoinHint(cursor)
    cursor.take('LATERAL')
    const right = parseRelation(cursor)
    const on = cursor.take('ON') ? parseExpression(cursor) : undefined
    const using = on === undefined && cursor.take('USING') ? identifierList(cursor) : []
    if (on === undefined && using.length === 0 && type !== 'inner' && type !== 'cross')
      cursor.fail("'ON', 'USING'")
    left = checkJoined(cursor, { kind: 'join', type, left, right, on, using })
  }
}

const parseJoinType = (cursor: Cursor): JoinType | undefined => {
  if (cursor.take('JOIN') || cursor.take('INNER', 'JOIN')) return 'inner'
  if (cursor.is('INNER')) return cursor.fail("'JOIN'")
  if (cursor.take('CROSS')) {
    cursor.take('JOIN')
    return 'cross'
  }
  if (cursor.is('NATURAL')) return cursor.refuse('NATURAL JOIN is not supported.')
  for (const side of ['LEFT', 'RIGHT', 'FULL'] as const) {
    if (!cursor.take(side)) continue
    const lower = side === 'LEFT' ? 'left' : side === 'RIGHT' ? 'right' : 'full'
    if (lower !== 'full' && cursor.take('SEMI', 'JOIN')) return `${lower} semi`
    if (lower !== 'full' && cursor.take('ANTI', 'JOIN')) return `${lower} anti`
    if (cursor.is('NULL')) cursor.refuse('NULL AWARE joins are not supported.')
    cursor.take('OUTER')
    cursor.expect('JOIN')
    return lower
  }
  return undefined
}

/** How to distribute a join changes no answer, so these are read and dropped; others are refused. */
const joinHints: ReadonlySet<string> = new Set([
  'BROADCAST',
  'SHUFFLE',
  'BUCKET',
  'COLOCATE',
  'UNREORDER',
])

const skipJoinHint = (cursor: Cursor): void => {
  if (!cursor.take('[')) return
  if (cursor.take('SKEW')) return skipSkewedValues(cursor)
  commaList(cursor, (inner) => {
    if (!inner.isOneOf(joinHints))
      inner.refuse(`The join hint ${inner.peek().text} is not supported.`)
    return inner.next()
  })
  cursor.expect(']')
}

/** `[skew|t.c(1, 2)]`: the values that are frequent, behind the bracket and SKEW. */
const skipSkewedValues = (cursor: Cursor): void => {
  cursor.expect('|')
  objectName(cursor)
  parenthesized(cursor, parseExpression)
  cursor.expect(']')
}

const parseRelation = (cursor: Cursor): FromItem => {
  cursor.count('relations')
  return cursor.nest(() => readRelation(cursor))
}

const readRelation = (cursor: Cursor): FromItem => {
  if (cursor.is('(')) return parseParenthesis(cursor)
  if (cursor.is('TABLE', '(')) {
    cursor.expect('TABLE', '(')
    const inner = readTableFunction(cursor)
    cursor.expect(')')
    return { ...inner, table: true, ...parseAlias(cursor) }
  }
  if (cursor.peek(1).keyword === '(' && cursor.peek().kind === 'word') {
    return { ...readTableFunction(cursor), ...parseAlias(cursor) }
  }
  return parseTable(cursor)
}

const parseParenthesis = (cursor: Cursor): FromItem => {
  cursor.expect('(')
  if (cursor.is('SELECT') || cursor.is('WITH') || cursor.is('VALUES')) {
    const query = cursor.is('VALUES') ? parseInlineTable(cursor) : parseQuery(cursor)
    cursor.expect(')')
    return { kind: 'derived', query, ...parseAlias(cursor) }
  }
  const inner = parseRelations(cursor)
  if (inner.kind === 'derived' && inner.alias === undefined) {
    // `((SELECT …) UNION …) t`: the inner parenthesis was the left side of a query.
    const query = continueQuery(cursor, inner.query)
    cursor.expect(')')
    return { kind: 'derived', query, ...parseAlias(cursor) }
  }
  cursor.expect(')')
  return inner
}

const parseInlineTable = (cursor: Cursor): Extract<FromItem, { kind: 'derived' }>['query'] => {
  cursor.expect('VALUES')
  const rows = commaList(cursor, parseRow)
  return {
    kind: 'query',
    with: [],
    body: { kind: 'values', rows },
    orderBy: [],
    limit: undefined,
    offset: undefined,
  }
}

type TableFunction = Extract<FromItem, { kind: 'tableFunction' }>

const readTableFunction = (cursor: Cursor): TableFunction => {
  const at = cursor.peek().start
  const name = identifier(cursor).toLowerCase()
  const call = {
    kind: 'tableFunction',
    name,
    table: false,
    alias: undefined,
    columns: [],
    at,
  } as const
  if (name === 'files') {
    const properties = propertyList(cursor)
    cursor.files.push(properties)
    return { ...call, args: [], properties }
  }
  cursor.expect('(')
  const named = cursor.peek(1).keyword === '=>'
  const args = cursor.is(')')
    ? []
    : named
      ? namedArguments(cursor, name)
      : commaList(cursor, parseExpression)
  cursor.expect(')')
  return { ...call, args, properties: [] }
}

/** In the order in which the function takes them. */
const namedArguments = (cursor: Cursor, name: string): readonly Expression[] => {
  const given = commaList(cursor, (inner) => {
    const argument = identifier(inner)
    inner.expect('=>')
    const start = inner.peek().start
    const value = parseExpression(inner)
    return { argument, value, text: `${argument}=>${inner.text.slice(start, inner.previousEnd())}` }
  })
  const order = ['start', 'end', 'step'].slice(0, given.length)
  const values = order.flatMap((word) =>
    given.filter(({ argument }) => argument.toLowerCase() === word).map(({ value }) => value),
  )
  if (
    name !== 'generate_series' ||
    given.length < 2 ||
    values.length !== given.length ||
    new Set(given.map(({ argument }) => argument.toLowerCase())).size !== given.length
  ) {
    throw analyzingError(
      `Unknown table function '${name}(${given.map(({ text }) => text).join(',')})', the function doesn't support named arguments or has invalid arguments.`,
    )
  }
  return values
}

const parseTable = (cursor: Cursor): FromItem => {
  const name = objectName(cursor)
  const version = cursor.take('FOR', 'VERSION', 'AS', 'OF') ? parseExpression(cursor) : undefined
  const moment = cursor.take('FOR', 'TIMESTAMP', 'AS', 'OF') ? parseExpression(cursor) : undefined
  if (
    cursor.is('AS', 'OF') ||
    cursor.is('FOR', 'VERSION') ||
    cursor.is('FOR', 'SYSTEM_TIME') ||
    cursor.is('FOR', 'TIMESTAMP')
  ) {
    cursor.refuse('Time travel is not supported.')
  }
  const temporary = atTemporaryPartition(cursor)
  if (temporary) cursor.next()
  const partitions = parsePartitions(cursor)
  if (cursor.is('TABLET', '(')) cursor.refuse('Reading single tablets is not supported.')
  const { alias, columns } = parseAlias(cursor)
  const rollup = cursor.take('[', '_SYNC_MV_', ']')
  if (cursor.is('[')) cursor.refuse(`The table hint ${cursor.peek(1).text} is not supported.`)
  if (cursor.is('SAMPLE') || cursor.is('TABLESAMPLE')) cursor.refuse('SAMPLE is not supported.')
  return {
    kind: 'table',
    name,
    alias,
    columns,
    partitions,
    ...(temporary && { temporary }),
    ...(rollup && { rollup }),
    ...(version && { version }),
    ...(moment && { moment }),
  }
}

export const atTemporaryPartition = (cursor: Cursor): boolean =>
  cursor.is('TEMPORARY', 'PARTITION') || cursor.is('TEMPORARY', 'PARTITIONS')

export const parsePartitions = (cursor: Cursor): readonly string[] => {
  if (!cursor.take('PARTITION') && !cursor.take('PARTITIONS')) return []
  if (!cursor.is('(')) return [identifierOrString(cursor)]
  if (cursor.peek(2).keyword === '=') cursor.refuse('Partitions by key value are not supported.')
  return parenthesized(cursor, identifierOrString)
}

/** Words that begin the next clause and are not reserved. */
const clauseWords: ReadonlySet<string> = new Set([
  'NATURAL',
  'WINDOW',
  'OFFSET',
  'SAMPLE',
  'TABLESAMPLE',
  'TABLET',
  'SEMI',
  'ANTI',
  'START',
])

const parseAlias = (cursor: Cursor): { alias: string | undefined; columns: readonly string[] } => {
  const explicit = cursor.take('AS')
  const clause = !explicit && (cursor.isOneOf(clauseWords) || cursor.is('PIVOT', '('))
  const quotedString = explicit && cursor.peek().kind === 'string'
  if (!quotedString && (clause || !atIdentifier(cursor))) {
    if (explicit) cursor.fail('a legal identifier')
    return { alias: undefined, columns: [] }
  }
  const alias = quotedString ? cursor.next().text : identifier(cursor)
  return { alias, columns: cursor.is('(') ? identifierList(cursor) : [] }
}
