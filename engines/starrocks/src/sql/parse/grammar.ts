/**
 * Where the grammar is recursive: expressions hold queries, queries hold expressions. Each file of the parser reaches the
 * rules above it through the cursor's grammar, so that files depend downwards only.
 */
import type { Expression, Query } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { commaList } from './name.ts'

export interface Grammar {
  readonly expression: (cursor: Cursor) => Expression
  readonly value: (cursor: Cursor) => Expression
  readonly query: (cursor: Cursor) => Query
  readonly continueQuery: (cursor: Cursor, first: Query) => Query
}

export const parseExpression = (cursor: Cursor): Expression => cursor.grammar.expression(cursor)

export const expressionList = (cursor: Cursor): readonly Expression[] =>
  commaList(cursor, parseExpression)

/** What StarRocks calls a value expression: no comparison, no logic. */
export const parseValue = (cursor: Cursor): Expression => cursor.grammar.value(cursor)

export const parseQuery = (cursor: Cursor): Query => cursor.grammar.query(cursor)

/** Only the tail: set operations, ORDER BY and LIMIT after a query that already stands in parentheses. */
export const continueQuery = (cursor: Cursor, first: Query): Query =>
  cursor.grammar.continueQuery(cursor, first)
