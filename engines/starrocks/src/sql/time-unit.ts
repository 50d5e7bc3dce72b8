/** Units of time by their names. */
import type { TimeUnit } from './ast.ts'

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
