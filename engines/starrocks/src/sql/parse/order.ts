/** ORDER BY, and the rows of VALUES. */
import type { Expression, OrderItem } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './grammar.ts'
import { commaList, parenthesized } from './name.ts'

export const parseOrderBy = (cursor: Cursor): readonly OrderItem[] =>
  cursor.take('ORDER', 'BY') ? commaList(cursor, parseOrderItem) : []

const parseOrderItem = (cursor: Cursor): OrderItem => {
  const expression = parseExpression(cursor)
  const descending = cursor.take('DESC')
  if (!descending) cursor.take('ASC')
  const nulls = cursor.take('NULLS', 'FIRST')
    ? 'first'
    : cursor.take('NULLS', 'LAST')
      ? 'last'
      : undefined
  return { expression, descending, nulls }
}

/** One row of VALUES; DEFAULT may stand there, and INSERT alone accepts it. */
export const parseRow = (cursor: Cursor): readonly Expression[] => {
  cursor.take('ROW')
  return parenthesized(cursor, (inner) =>
    inner.take('DEFAULT') ? { kind: 'default' } : parseExpression(inner),
  )
}
