/** Units of time. */
import type { TimeUnit } from '../ast.ts'
import { timeUnitNamed } from '../time-unit.ts'
import type { Cursor } from './cursor.ts'

export const parseUnit = (cursor: Cursor): TimeUnit => {
  const token = cursor.peek()
  const unit = token.kind === 'word' ? timeUnitNamed(token.keyword) : undefined
  if (unit === undefined) return cursor.fail('a time unit')
  cursor.next()
  return unit
}
