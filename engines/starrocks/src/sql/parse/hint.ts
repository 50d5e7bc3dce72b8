/** Optimizer hints that set variables, after SELECT, INSERT, UPDATE and DELETE. Others steer a planner that is not here. */
import type { Hint } from '../ast.ts'
import { tokensOf } from '../lex.ts'
import { createCursor } from './cursor.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './grammar.ts'
import { parenthesized, wordOrString } from './name.ts'

/** Those at this place join the statement's. */
export const readHints = (cursor: Cursor): void => {
  while (cursor.peek().kind === 'hint') {
    const at = cursor.peek().start
    const inner = createCursor(cursor.peek().text, tokensOf(cursor.peek().text), cursor)
    cursor.next()
    for (;;) {
      if (inner.take('SET_VAR')) cursor.hints.push(...parenthesized(inner, systemVariable))
      else if (inner.take('SET_USER_VARIABLE'))
        cursor.hints.push(...parenthesized(inner, userVariable))
      else break
    }
    if (inner.parameters() > 0) cursor.refuse('A hint takes no `?`.', at)
  }
}

const systemVariable = (cursor: Cursor): Hint => ({ kind: 'system', ...assignment(cursor) })

const userVariable = (cursor: Cursor): Hint => {
  cursor.expect('@')
  return { kind: 'user', ...assignment(cursor) }
}

const assignment = (cursor: Cursor): Omit<Hint, 'kind'> => {
  const name = wordOrString(cursor)
  cursor.expect('=')
  return { name, value: parseExpression(cursor) }
}
