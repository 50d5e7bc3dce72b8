/** Units of time. */
import type { TimeUnit } from '../ast.ts'
import type { Cursor } from './cursor.ts'

const units: Readonly<Record<string, TimeUnit>> = {
  MICROSECOND: 'microsecond',
  MILLISECOND: 'millisecond',
  SECOND: 'second',
  MINUTE: 'minute',
  HOUR: 'hour',
  DAY: 'day',
  WEEK: 'week',
  MONTH: 'month',
  QUARTER: 'quarter',
  YEAR: 'year',
}

export const timeUnitNamed = (name: string): TimeUnit | undefined =>
  Object.hasOwn(units, name.toUpperCase()) ? units[name.toUpperCase()] : undefined

export const parseUnit = (cursor: Cursor): TimeUnit => {
  const token = cursor.peek()
  const unit = token.kind === 'word' ? timeUnitNamed(token.keyword) : undefined
  if (unit === undefined) return cursor.fail('a time unit')
  cursor.next()
  return unit
}
