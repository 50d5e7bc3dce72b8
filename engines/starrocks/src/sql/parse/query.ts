/** Queries: WITH, SELECT, VALUES, set operations, ORDER BY, LIMIT. */
import type {
  CommonTable,
  Expression,
  GroupBy,
  Query,
  QueryBody,
  Select,
  SelectItem,
} from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { countOrParameter } from './expression.ts'
import { expressionList, parseExpression, parseQuery } from './grammar.ts'
import { readHints } from './hint.ts'
import { atIdentifier, commaList, identifier, identifierList, parenthesized } from './name.ts'
import { parseOrderBy, parseRow } from './order.ts'
import { parsePivot } from './pivot.ts'
import { parseRelations } from './relation.ts'

/** More set operations than any statement of people or tools holds; each nests the tree by one. */
const maxSetOperations = 300

export const readQuery = (cursor: Cursor): Query => cursor.nest(() => parseParts(cursor))

const parseParts = (cursor: Cursor): Query => {
  const commonTables = parseWith(cursor)
  return parseTail(cursor, commonTables, parseUnion(cursor, parseIntersect(cursor)))
}

export const readContinuation = (cursor: Cursor, first: Query): Query => {
  const body = parseUnion(cursor, parseIntersectTail(cursor, first))
  const query = parseTail(cursor, [], body)
  const changed = body !== first || query.orderBy.length > 0 || query.limit !== undefined
  return changed ? query : first
}

const parseTail = (
  cursor: Cursor,
  commonTables: readonly CommonTable[],
  body: QueryBody,
): Query => {
  const orderBy = parseOrderBy(cursor)
  const { limit, offset } = parseLimit(cursor)
  if (cursor.is('INTO', 'OUTFILE') || cursor.is('INTO', 'DUMPFILE'))
    cursor.refuse('INTO OUTFILE is not supported.')
  return { kind: 'query', with: commonTables, body, orderBy, limit, offset }
}

export const parseWith = (cursor: Cursor): readonly CommonTable[] => {
  if (!cursor.take('WITH')) return []
  if (cursor.is('RECURSIVE') && atIdentifier(cursor, 1)) {
    cursor.refuse('WITH RECURSIVE is not supported.')
  }
  return commaList(cursor, (inner) => {
    inner.count('common tables')
    const name = identifier(inner)
    const columns = inner.is('(') ? identifierList(inner) : []
    inner.expect('AS', '(')
    const query = parseQuery(inner)
    inner.expect(')')
    return { name, columns, query }
  })
}

const parseUnion = (cursor: Cursor, first: QueryBody): QueryBody => {
  let left = first
  for (let count = 0; ; count += 1) {
    if (count > maxSetOperations)
      cursor.refuse(`The query holds more than ${maxSetOperations} set operations.`)
    const operator = cursor.take('UNION')
      ? 'union'
      : cursor.take('EXCEPT') || cursor.take('MINUS')
        ? 'except'
        : undefined
    if (operator === undefined) return left
    const all = parseQuantifier(cursor)
    left = { kind: 'setOperation', operator, all, left, right: parseIntersect(cursor) }
  }
}

const parseIntersect = (cursor: Cursor): QueryBody =>
  parseIntersectTail(cursor, parseQueryPrimary(cursor))

const parseIntersectTail = (cursor: Cursor, first: QueryBody): QueryBody => {
  let left = first
  for (let count = 0; cursor.take('INTERSECT'); count += 1) {
    if (count > maxSetOperations)
      cursor.refuse(`The query holds more than ${maxSetOperations} set operations.`)
    const all = parseQuantifier(cursor)
    left = {
      kind: 'setOperation',
      operator: 'intersect',
      all,
      left,
      right: parseQueryPrimary(cursor),
    }
  }
  return left
}

const parseQuantifier = (cursor: Cursor): boolean => {
  if (cursor.take('ALL')) return true
  cursor.take('DISTINCT')
  return false
}

const parseQueryPrimary = (cursor: Cursor): QueryBody => {
  if (cursor.take('(')) {
    const query = parseQuery(cursor)
    cursor.expect(')')
    return query
  }
  if (cursor.take('VALUES')) {
    return { kind: 'values', rows: commaList(cursor, parseRow) }
  }
  return parseSelect(cursor)
}

const parseSelect = (cursor: Cursor): Select => {
  cursor.expect('SELECT')
  readHints(cursor)
  const distinct = cursor.take('DISTINCT') || cursor.take('DISTINCTROW')
  if (!distinct) cursor.take('ALL')
  const items = commaList(cursor, parseSelectItem)
  let from: Select['from']
  if (cursor.take('FROM'))
    from = cursor.take('DUAL') ? undefined : parsePivot(cursor, parseRelations(cursor))
  const where = cursor.take('WHERE') ? parseExpression(cursor) : undefined
  const groupBy = cursor.take('GROUP', 'BY') ? parseGroupBy(cursor) : undefined
  const having = cursor.take('HAVING') ? parseExpression(cursor) : undefined
  if (cursor.is('WINDOW') && cursor.peek(2).keyword === 'AS')
    cursor.refuse('The WINDOW clause is not supported.')
  const qualify = cursor.take('QUALIFY') ? parseExpression(cursor) : undefined
  return { kind: 'select', distinct, items, from, where, groupBy, having, qualify }
}

const parseSelectItem = (cursor: Cursor): SelectItem => {
  if (cursor.take('*')) return { kind: 'star', qualifier: [], except: parseExcept(cursor) }
  const qualifier = starQualifier(cursor)
  if (qualifier !== undefined) return { kind: 'star', qualifier, except: parseExcept(cursor) }
  const expression = parseExpression(cursor)
  return { kind: 'expression', expression, alias: parseItemAlias(cursor) }
}

/** `a.b.*` without moving when it is something else. */
const starQualifier = (cursor: Cursor): readonly string[] | undefined => {
  let ahead = 0
  while (atIdentifier(cursor, ahead) && cursor.peek(ahead + 1).keyword === '.') {
    ahead += 2
    if (cursor.peek(ahead).keyword === '*') {
      const parts: string[] = []
      while (!cursor.take('*')) {
        parts.push(cursor.next().text)
        cursor.expect('.')
      }
      return parts
    }
  }
  return undefined
}

/** `* EXCEPT (a, b)`; a bare EXCEPT is the set operation. */
const parseExcept = (cursor: Cursor): readonly string[] => {
  if (!cursor.is('EXCEPT', '(') && !cursor.is('EXCLUDE', '(')) return []
  if (['SELECT', 'WITH', '('].includes(cursor.peek(2).keyword)) return []
  cursor.next()
  return identifierList(cursor)
}

const parseItemAlias = (cursor: Cursor): string | undefined => {
  if (cursor.take('AS')) {
    const token = cursor.peek()
    if (token.kind === 'string' || token.kind === 'quoted') return cursor.next().text
    return atIdentifier(cursor) ? identifier(cursor) : cursor.fail('a legal identifier')
  }
  if (cursor.peek().kind === 'string') return cursor.next().text
  return atIdentifier(cursor) && !cursor.isOneOf(itemTails) ? identifier(cursor) : undefined
}

/** Unreserved words that end a select item rather than name it. */
const itemTails: ReadonlySet<string> = new Set(['OFFSET'])

const parseGroupBy = (cursor: Cursor): GroupBy => {
  if (cursor.is('ROLLUP', '(') || cursor.is('CUBE', '(')) {
    const kind = cursor.next().keyword === 'ROLLUP' ? 'rollup' : 'cube'
    const items = parenthesized(cursor, parseExpression)
    if (cursor.is(','))
      cursor.refuse(`GROUP BY ${kind.toUpperCase()} beside other items is not supported.`)
    return { kind, items }
  }
  if (cursor.take('GROUPING', 'SETS')) {
    return { kind: 'sets', sets: parenthesized(cursor, parseGroupingSet) }
  }
  const items = expressionList(cursor)
  if (cursor.is('WITH', 'ROLLUP'))
    cursor.refuse('GROUP BY … WITH ROLLUP is not supported, use GROUP BY ROLLUP(…).')
  return { kind: 'plain', items }
}

const parseGroupingSet = (cursor: Cursor): readonly Expression[] => {
  if (!cursor.take('(')) return [parseExpression(cursor)]
  if (cursor.take(')')) return []
  const items = expressionList(cursor)
  cursor.expect(')')
  return items
}

const parseLimit = (
  cursor: Cursor,
): { limit: Expression | undefined; offset: Expression | undefined } => {
  if (!cursor.take('LIMIT')) return { limit: undefined, offset: undefined }
  const first = countOrParameter(cursor)
  if (cursor.take(',')) return { limit: countOrParameter(cursor), offset: first }
  return { limit: first, offset: cursor.take('OFFSET') ? countOrParameter(cursor) : undefined }
}
