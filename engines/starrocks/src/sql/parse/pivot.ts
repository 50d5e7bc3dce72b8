/** `PIVOT (sum(a) AS s, … FOR c IN ('x' AS x, …))` behind the relations of a FROM. */
import type { FromItem, FunctionCall, PivotValue } from '../ast.ts'
import { isLiteral } from '../ast-build.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './grammar.ts'
import {
  atIdentifier,
  commaList,
  identifier,
  identifierList,
  identifierOrString,
  maxListItems,
  parenthesized,
  refuseChildren,
} from './name.ts'
import { parsePrimary } from './primary.ts'

/** The source as it is where no PIVOT follows. */
export const parsePivot = (cursor: Cursor, source: FromItem): FromItem => {
  if (!cursor.take('PIVOT', '(')) return source
  const aggregates = commaList(cursor, parseAggregate)
  cursor.expect('FOR')
  const columns = cursor.is('(') ? identifierList(cursor) : [identifier(cursor)]
  cursor.expect('IN', '(')
  const at = cursor.peek().start
  const values = commaList(cursor, parseValue)
  cursor.expect(')', ')')
  const items = aggregates.length * values.length * columns.length
  if (items > maxListItems) refuseChildren(cursor, items)
  const wrong = values.find(({ literals }) => literals.length !== columns.length)
  if (wrong)
    cursor.refuse(
      `Pivot value arity mismatch, expected: ${columns.length}, actual: ${wrong.literals.length}.`,
      at,
    )
  return { kind: 'pivot', source, aggregates, columns, values }
}

const parseAggregate = (
  cursor: Cursor,
): { readonly call: FunctionCall; readonly alias: string | undefined } => {
  const at = cursor.peek().start
  const call = parsePrimary(cursor)
  if (call.kind !== 'call') return cursor.refuse('PIVOT needs calls of aggregate functions.', at)
  return { call, alias: parseAlias(cursor) }
}

const parseValue = (cursor: Cursor): PivotValue => {
  const at = cursor.peek().start
  const literals = cursor.is('(')
    ? parenthesized(cursor, parseExpression)
    : [parseExpression(cursor)]
  if (!literals.every(isLiteral)) cursor.refuse('The values of PIVOT must be literals.', at)
  return { literals, alias: parseAlias(cursor) }
}

const parseAlias = (cursor: Cursor): string | undefined => {
  if (cursor.take('AS')) return identifierOrString(cursor)
  return atIdentifier(cursor) || cursor.peek().kind === 'string'
    ? identifierOrString(cursor)
    : undefined
}
