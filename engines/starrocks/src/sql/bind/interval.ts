/** What may be added to what: dates and INTERVAL. */
import type { TimeUnit } from '../ast.ts'
import type { Bound } from '../bound.ts'
import { callNode } from '../bound.ts'
import { isDate, isInteger, isString } from '../common-type.ts'
import { countType, intervalSql, movedDate } from '../emit/interval.ts'
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
  return callNode(datetime, args, ([from = '', by = '']) =>
    movedDate(from, intervalSql(by, unit), sign),
  )
}
