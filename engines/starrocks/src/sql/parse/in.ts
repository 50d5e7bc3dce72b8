/** The right side of IN: a list or a query. */
import type { Expression } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { continueQuery, expressionList, parseQuery } from './grammar.ts'

/** After IN. Several operands make it a row test, which only a query may follow. */
export const parseIn = (
  cursor: Cursor,
  operands: readonly Expression[],
  negated: boolean,
): Expression => {
  cursor.expect('(')
  const [operand, ...others] = operands
  if (cursor.is('SELECT') || cursor.is('WITH') || others.length > 0) {
    const query = parseQuery(cursor)
    cursor.expect(')')
    return { kind: 'inQuery', operands, query, negated }
  }
  if (operand === undefined) return cursor.fail()
  const list = expressionList(cursor)
  const [only] = list
  if (only?.kind === 'subquery' && list.length === 1) {
    // `IN ((SELECT …))`, and `IN ((SELECT …) UNION …)`: the list was a query in parentheses.
    const query = continueQuery(cursor, only.query)
    cursor.expect(')')
    return { kind: 'inQuery', operands, query, negated }
  }
  cursor.expect(')')
  return { kind: 'in', operand, list, negated }
}
