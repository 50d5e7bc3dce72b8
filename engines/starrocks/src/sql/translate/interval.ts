/** Dates and INTERVAL: the result is a DATETIME, months keep within the month's end. */
import type { TimeUnit } from '../ast.ts'
import { analyzingError } from '../sql-error.ts'
import { printType, simpleType } from '../type.ts'
import { isDate, isInteger, isString } from './common-type.ts'
import { convertTyped } from './convert.ts'
import { typed } from './typed.ts'
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
  return typed(
    `(${convertTyped(date, datetime).sql} ${sign} ${intervalSql(count, unit)})`,
    datetime,
  )
}
