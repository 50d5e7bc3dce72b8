/** Functions that move a date: date_add and its family, timestampadd, timestampdiff, time_slice, str_to_date. */
import type { TimeUnit } from '../../ast.ts'
import { callNode } from '../../bound.ts'
import { intervalSql, validDate } from '../../emit/interval.ts'
import { once } from '../../emit/text.ts'
import { analyzingError } from '../../sql-error.ts'
import { sliceOf } from '../../time-slice.ts'
import { simpleType, stringType } from '../../type.ts'
import { convertTo } from '../conversion.ts'
import { addInterval, intervalCount } from '../interval.ts'
import { bind } from '../recursion.ts'
import { wholeUnits } from './date-difference.ts'
import { dateRead, saysTime } from './date-format.ts'
import { argumentAt, requireArity } from './special-call.ts'
import type { SpecialFunction } from './special-call.ts'

const datetime = simpleType('datetime')

/** date_add(d, INTERVAL n unit) and date_add(d, n) in `unit`s. */
const moving =
  (unit: TimeUnit, sign: '+' | '-'): SpecialFunction =>
  (special) => {
    requireArity(special, 2, 2)
    const by = special.call.args[1]
    const date = argumentAt(special, 0)
    if (by?.kind !== 'interval') return addInterval(date, argumentAt(special, 1), unit, sign)
    return addInterval(date, bind(by.value, special.environment), by.unit, sign)
  }

const timestampAdd: SpecialFunction = (special) => {
  requireArity(special, 3, 3)
  const unit = special.call.args[0]
  if (unit?.kind !== 'unit') throw analyzingError('timestampadd() needs a unit.')
  return addInterval(argumentAt(special, 2), argumentAt(special, 1), unit.unit, '+')
}

const timestampDiff: SpecialFunction = (special) => {
  requireArity(special, 3, 3)
  const unit = special.call.args[0]
  if (unit?.kind !== 'unit') throw analyzingError('timestampdiff() needs a unit.')
  const moments = [1, 2].map((at) => convertTo(argumentAt(special, at), datetime))
  return callNode(simpleType('bigint'), moments, ([from = '', to = '']) =>
    wholeUnits(unit.unit, to, from),
  )
}

const origin = `TIMESTAMP '0001-01-01 00:00:00'`

/** A bucket longer than all dates is the first one; DuckDB cannot count in it. */
const allDays = 3_660_000

/** Days in a unit, at least. */
const daysOf: Readonly<Record<TimeUnit, number>> = {
  year: 365,
  quarter: 90,
  month: 28,
  week: 7,
  day: 1,
  hour: 1 / 24,
  minute: 1 / 1440,
  second: 1 / 86_400,
  millisecond: 1 / 86_400_000,
  microsecond: 1 / 86_400_000_000,
}

/** Buckets count from 0001-01-01; `floor` is the default edge. */
const slice =
  (result: 'date' | 'datetime'): SpecialFunction =>
  (special) => {
    requireArity(special, 2, 4)
    const { width, edge } = sliceOf(special.call.args)
    if (width?.value.kind !== 'integer')
      throw analyzingError(`${special.call.name}() needs a constant INTERVAL.`)
    if (edge !== undefined && edge.kind !== 'string')
      throw analyzingError(`${special.call.name}() needs FLOOR or CEIL.`)
    const boundary = edge?.value.toLowerCase() ?? 'floor'
    if (boundary !== 'floor' && boundary !== 'ceil')
      throw analyzingError(`${special.call.name}() needs FLOOR or CEIL.`)
    if (Number(width.value.text) < 1)
      throw analyzingError(`${special.call.name}() needs an INTERVAL of at least one unit.`)
    const count = intervalCount(bind(width.value, special.environment), width.unit)
    const value = convertTo(argumentAt(special, 0), datetime)
    const isAll = Number(width.value.text) * daysOf[width.unit] > allDays
    const type = result === 'date' ? 'DATE' : 'TIMESTAMP'
    return callNode(simpleType(result), [value, count], ([moment = '', units = '']) => {
      const step = intervalSql(units, width.unit)
      const sql = once(moment, (at) => {
        const bucket = isAll ? origin : `time_bucket(${step}, ${at}, ${origin})`
        const limit = boundary === 'floor' ? bucket : isAll ? 'NULL' : `${bucket} + ${step}`
        return `CASE WHEN ${at} < ${origin} THEN error('time used with time_slice can''t before 0001-01-01 00:00:00') WHEN ${at} IS NOT NULL THEN ${limit} END`
      })
      return `CAST(${validDate(`CAST(${sql} AS TIMESTAMP)`, 'datetime')} AS ${type})`
    })
  }

/** The type follows the format: a DATETIME when it holds a time of day, or when each row may have another. */
const strToDate: SpecialFunction = (special) => {
  requireArity(special, 2, 2)
  const format = special.call.args[1]
  const written = format?.kind === 'string' ? format.value : undefined
  const hasTime = written === undefined || saysTime(written)
  const args = [0, 1].map((at) => convertTo(argumentAt(special, at), stringType))
  return callNode(hasTime ? datetime : simpleType('date'), args, ([x = '', by = '']) => {
    const value = dateRead(x, by, written)
    return hasTime ? value : `CAST(${value} AS DATE)`
  })
}

const units: readonly TimeUnit[] = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'hour',
  'minute',
  'second',
  'millisecond',
  'microsecond',
]

export const intervalFunctions: Readonly<Record<string, SpecialFunction>> = {
  date_add: moving('day', '+'),
  adddate: moving('day', '+'),
  date_sub: moving('day', '-'),
  subdate: moving('day', '-'),
  add_months: moving('month', '+'),
  ...Object.fromEntries(
    units.flatMap((unit) => [
      [`${unit}s_add`, moving(unit, '+')],
      [`${unit}s_sub`, moving(unit, '-')],
    ]),
  ),
  timestampadd: timestampAdd,
  timestampdiff: timestampDiff,
  time_slice: slice('datetime'),
  date_slice: slice('date'),
  str_to_date: strToDate,
}
