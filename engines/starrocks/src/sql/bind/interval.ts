/** What may be added to what: dates and INTERVAL. */
import type { TimeUnit } from '../ast.ts'
import type { Bound } from '../bound.ts'
import { callNode } from '../bound.ts'
import { isDate, isInteger, isString } from '../common-type.ts'
import { countType, intervalSql, movedDate } from '../emit/interval.ts'
import { castTo, quote } from '../emit/text.ts'
import { analyzingError } from '../sql-error.ts'
import { printType, simpleType } from '../type.ts'
import { convertTo } from './conversion.ts'

const datetime = simpleType('datetime')

/** How many units, as DuckDB's makers of intervals take them. */
export const intervalCount = (count: Bound, unit: TimeUnit): Bound => {
  if (!isInteger(count.type) && !isString(count.type) && count.type.kind !== 'null')
    throw analyzingError(
      `An INTERVAL counts whole units, not a value of type ${printType(count.type)}.`,
    )
  return convertTo(count, simpleType(countType(unit)))
}

export const addInterval = (date: Bound, count: Bound, unit: TimeUnit, sign: '+' | '-'): Bound => {
  if (!isDate(date.type) && !isString(date.type) && date.type.kind !== 'null')
    throw analyzingError(
      `INTERVAL is added to dates, not to a value of type ${printType(date.type)}.`,
    )
  const args = [convertTo(date, datetime), intervalCount(count, unit)]
  const known = knownMoment(date, count, unit, sign)
  if (known !== undefined) return known
  return callNode(datetime, args, ([from = '', by = '']) =>
    movedDate(from, intervalSql(by, unit), sign),
  )
}

/**
 * What is written with both its parts: DuckDB would compute it too, but not beside the statistics of a column that it is compared with.
 * Undefined for years that StarRocks writes otherwise, or has not.
 */
const knownMoment = (
  date: Bound,
  count: Bound,
  unit: TimeUnit,
  sign: '+' | '-',
): Bound | undefined => {
  const from = writtenDay(date)
  const { literal } = count
  if (from === undefined || literal?.kind !== 'number' || !/^-?\d{1,6}$/.test(literal.text))
    return undefined
  const moved = movedDay(from, sign === '+' ? Number(literal.text) : -Number(literal.text), unit)
  if (moved === undefined || Number.isNaN(moved.getTime())) return undefined
  const day = moved.toISOString().slice(0, 10)
  if (!/^[1-9]\d{3}-/.test(day)) return undefined
  return { kind: 'constant', sql: castTo(quote(`${day} 00:00:00`), datetime), type: datetime, day }
}

/** A literal, as a DATE or not. */
const writtenDay = (date: Bound): Date | undefined => {
  const { literal } = date.kind === 'conversion' && isDate(date.type) ? date.value : date
  const text = literal?.kind === 'string' ? literal.text : ''
  if (!/^[1-9]\d{3}-\d\d-\d\d$/.test(text)) return undefined
  const day = new Date(`${text}T00:00:00Z`)
  // JavaScript moves the 31st of a shorter month into the next one.
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) ? day : undefined
}

const movedDay = (from: Date, by: number, unit: TimeUnit): Date | undefined => {
  const [year, month, day] = [from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate()]
  const days = { day: 1, week: 7 }
  if (unit === 'day' || unit === 'week')
    return new Date(Date.UTC(year, month, day + by * days[unit]))
  const months = { month: 1, quarter: 3, year: 12 }
  if (unit !== 'month' && unit !== 'quarter' && unit !== 'year') return undefined
  const first = month + by * months[unit]
  const last = new Date(Date.UTC(year, first + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, first, Math.min(day, last)))
}
