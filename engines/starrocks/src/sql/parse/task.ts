/** The head of SUBMIT TASK, and DROP TASK. */
import type { Statement } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { readHints } from './hint.ts'
import { qualifiedParts } from './name.ts'

interface TaskHead {
  readonly name: string | undefined
  readonly database: string | undefined
}

/** Up to AS, SCHEDULE or PROPERTIES. */
export const parseTaskHead = (cursor: Cursor): TaskHead => {
  cursor.expect('SUBMIT')
  readHints(cursor)
  cursor.expect('TASK')
  if (['AS', 'SCHEDULE', 'PROPERTIES'].includes(cursor.peek().keyword))
    return { name: undefined, database: undefined }
  const parts = qualifiedParts(cursor)
  return { name: parts.at(-1), database: parts.length > 1 ? parts.at(-2) : undefined }
}

/** FORCE, too, ends a task that runs: each drop does. */
export const parseDropTask = (cursor: Cursor): Statement => {
  cursor.expect('DROP', 'TASK')
  const name = qualifiedParts(cursor).at(-1) ?? ''
  cursor.take('FORCE')
  return { kind: 'dropTask', name }
}
