/** Functions that move a date: date_add and its family, timestampadd, timestampdiff, time_slice, str_to_date. */
import type { Expression, TimeUnit } from '../ast.ts'
import { analyzingError } from '../sql-error.ts'
import { convertTyped } from '../translate/convert.ts'
import { addInterval, intervalSql } from '../translate/interval.ts'
import { once, quote, typed } from '../translate/typed.ts'
import { simpleType, stringType } from '../type.ts'
import { dateFormat } from './date-format.ts'
import { wholeUnits } from './date.ts'
import { argumentAt, requireArity } from './special-call.ts'
import type { SpecialFunction } from './special-call.ts'

const datetime = simpleType('datetime')

/** date_add(d, INTERVAL n unit) and date_add(d, n) in `unit`s. */
const moving =
  (unit: TimeUnit, sign: '+' | '-'): SpecialFunction =>
  (special) => {
    requireArity(special, 2, 2)
    const by: Expression | undefined = special.call.args[1]
    const date = argumentAt(special, 0)
    if (by?.kind !== 'interval') return addInterval(date, argumentAt(special, 1), unit, sign)
    return addInterval(date, special.translate(by.value, special.environment), by.unit, sign)
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
  const [from, to] = [
    convertTyped(argumentAt(special, 1), datetime),
    convertTyped(argumentAt(special, 2), datetime),
  ]
  return typed(wholeUnits(unit.unit, to.sql, from.sql), simpleType('bigint'))
}

/** Buckets count from 0001-01-01; `floor` is the default edge. */
const slice =
  (result: 'date' | 'datetime'): SpecialFunction =>
  (special) => {
    requireArity(special, 2, 3)
    const [, width, edge] = special.call.args
    if (width?.kind !== 'interval' || width.value.kind !== 'integer')
      throw analyzingError(`${special.call.name}() needs a constant INTERVAL.`)
    if (edge !== undefined && edge.kind !== 'string')
      throw analyzingError(`${special.call.name}() needs FLOOR or CEIL.`)
    const boundary = edge?.value.toLowerCase() ?? 'floor'
    if (boundary !== 'floor' && boundary !== 'ceil')
      throw analyzingError(`${special.call.name}() needs FLOOR or CEIL.`)
    if (Number(width.value.text) < 1)
      throw analyzingError(`${special.call.name}() needs an INTERVAL of at least one unit.`)
    const step = intervalSql(special.translate(width.value, special.environment), width.unit)
    const value = convertTyped(argumentAt(special, 0), datetime).sql
    const bucket = `time_bucket(${step}, ${value}, TIMESTAMP '0001-01-01 00:00:00')`
    const sql = boundary === 'floor' ? bucket : once(bucket, (start) => `(${start} + ${step})`)
    return typed(`CAST(${sql} AS ${result === 'date' ? 'DATE' : 'TIMESTAMP'})`, simpleType(result))
  }

/** The type follows the format: a DATETIME when it holds a time of day. */
const strToDate: SpecialFunction = (special) => {
  requireArity(special, 2, 2)
  const format = special.call.args[1]
  if (format?.kind !== 'string') throw analyzingError('str_to_date() needs a constant format.')
  const { duck, hasTime } = dateFormat(format.value)
  const value = `try_strptime(${convertTyped(argumentAt(special, 0), stringType).sql}, ${quote(duck)})`
  return hasTime ? typed(value, datetime) : typed(`CAST(${value} AS DATE)`, simpleType('date'))
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
