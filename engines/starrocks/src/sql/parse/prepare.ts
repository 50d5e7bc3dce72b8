/** EXECUTE, EXECUTE AS and DEALLOCATE; PREPARE, which holds a statement, is read where statements are. */
import type { Statement } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { commaList, identifier, wordOrString } from './name.ts'
import { parseUser } from './user.ts'

export const parseExecute = (cursor: Cursor): Statement => {
  cursor.expect('EXECUTE')
  const name = identifier(cursor)
  if (!cursor.take('USING')) return { kind: 'execute', name, variables: [] }
  const variables = commaList(cursor, (inner) => {
    inner.expect('@')
    return wordOrString(inner)
  })
  return { kind: 'execute', name, variables }
}

export const parseExecuteAs = (cursor: Cursor): Statement => {
  cursor.expect('EXECUTE', 'AS')
  const user = parseUser(cursor)
  return { kind: 'executeAs', user, noRevert: cursor.take('WITH', 'NO', 'REVERT') }
}

/** At `DEALLOCATE PREPARE` or `DROP PREPARE`. */
export const parseDeallocate = (cursor: Cursor): Statement => {
  cursor.next()
  cursor.expect('PREPARE')
  return { kind: 'deallocate', name: identifier(cursor) }
}
