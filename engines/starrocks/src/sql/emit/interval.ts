/** Dates and INTERVAL: the result is a DATETIME, months keep within the month's end. */
import { boundBoth, isConstantSql, once } from './text.ts'

/** DuckDB's interval makers, and how many of them a unit is. */
const makers = {
  microsecond: ['to_microseconds', 1],
  millisecond: ['to_microseconds', 1000],
  second: ['to_seconds', 1],
  minute: ['to_minutes', 1],
  hour: ['to_hours', 1],
  day: ['to_days', 1],
  week: ['to_days', 7],
  month: ['to_months', 1],
  quarter: ['to_months', 3],
  year: ['to_months', 12],
} as const

type IntervalUnit = keyof typeof makers

/** to_days and to_months take INTEGER, the smaller units BIGINT. */
export const countType = (unit: IntervalUnit): 'int' | 'bigint' =>
  ['to_days', 'to_months'].includes(makers[unit][0]) ? 'int' : 'bigint'

/** `count` is of the unit's type. */
export const intervalSql = (count: string, unit: IntervalUnit): string => {
  const [name, factor] = makers[unit]
  const scaled = factor === 1 ? count : `(${count} * ${factor})`
  return name === 'to_seconds' ? `to_seconds(CAST(${scaled} AS DOUBLE))` : `${name}(${scaled})`
}

export const movedDate = (date: string, interval: string, sign: '+' | '-'): string => {
  const moved = boundBoth(date, interval, (from, by) => `TRY(${from} ${sign} ${by})`)
  // What DuckDB computes as it plans may be written again, and is planned sooner so.
  const isConstant = isConstantSql(date) && isConstantSql(interval)
  return isConstant ? within(moved, 'datetime') : validDate(moved, 'datetime')
}

/** StarRocks' dates end with year 9999 and begin with year 0: what was moved beyond is NULL. */
export const validDate = (sql: string, kind: 'date' | 'datetime'): string =>
  once(sql, (value) => within(value, kind))

const within = (value: string, kind: 'date' | 'datetime'): string =>
  kind === 'date'
    ? `CASE WHEN ${value} BETWEEN DATE '0000-01-01' AND DATE '9999-12-31' THEN ${value} END`
    : `CASE WHEN ${value} >= TIMESTAMP '0000-01-01' AND ${value} < TIMESTAMP '10000-01-01' THEN ${value} END`
