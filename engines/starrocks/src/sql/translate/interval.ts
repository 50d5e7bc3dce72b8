/** Dates and INTERVAL: the result is a DATETIME, months keep within the month's end. */
import type { TimeUnit } from '../ast.ts'
import { analyzingError } from '../sql-error.ts'
import { printType, simpleType } from '../type.ts'
import { isDate, isInteger, isString } from './common-type.ts'
import { convertTyped } from './convert.ts'
import { boundBoth, once, typed } from './typed.ts'
import type { TypedExpression } from './typed.ts'

const datetime = simpleType('datetime')

/** DuckDB's interval makers, and how many of them a unit is. */
const makers: Readonly<Record<TimeUnit, readonly [name: string, factor: number]>> = {
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
}

/** to_days and to_months take INTEGER, the smaller units BIGINT. */
export const intervalSql = (count: TypedExpression, unit: TimeUnit): string => {
  if (!isInteger(count.type) && !isString(count.type) && count.type.kind !== 'null') {
    throw analyzingError(
      `An INTERVAL counts whole units, not a value of type ${printType(count.type)}.`,
    )
  }
  const [name, factor] = makers[unit]
  const wide = name === 'to_days' || name === 'to_months' ? 'int' : 'bigint'
  const value = convertTyped(count, simpleType(wide)).sql
  const scaled = factor === 1 ? value : `(${value} * ${factor})`
  return name === 'to_seconds' ? `to_seconds(CAST(${scaled} AS DOUBLE))` : `${name}(${scaled})`
}

export const addInterval = (
  date: TypedExpression,
  count: TypedExpression,
  unit: TimeUnit,
  sign: '+' | '-',
): TypedExpression => {
  if (!isDate(date.type) && !isString(date.type) && date.type.kind !== 'null') {
    throw analyzingError(
      `INTERVAL is added to dates, not to a value of type ${printType(date.type)}.`,
    )
  }
  const sql = boundBoth(
    convertTyped(date, datetime).sql,
    intervalSql(count, unit),
    (from, by) => `TRY(${from} ${sign} ${by})`,
  )
  return typed(validDate(sql, 'datetime'), datetime)
}

/** StarRocks' dates end with year 9999 and begin with year 0: what was moved beyond is NULL. */
export const validDate = (sql: string, kind: 'date' | 'datetime'): string =>
  once(sql, (value) =>
    kind === 'date'
      ? `CASE WHEN ${value} BETWEEN DATE '0000-01-01' AND DATE '9999-12-31' THEN ${value} END`
      : `CASE WHEN ${value} >= TIMESTAMP '0000-01-01' AND ${value} < TIMESTAMP '10000-01-01' THEN ${value} END`,
  )
