/** Functions of the session's clock and time zone. The time is the statement's start, one value for all its rows. */
import { timeZoneNamed } from '../../../../../../src/kernel/time-zone.ts'
import type { Bound } from '../../bound.ts'
import { callNode, constant } from '../../bound.ts'
import { nativeCall } from '../../emit/native.ts'
import { once, onceBoth, quote } from '../../emit/text.ts'
import { timeOfDay } from '../../emit/time-text.ts'
import { analyzingError } from '../../sql-error.ts'
import { simpleType, stringType } from '../../type.ts'
import { convertTo } from '../conversion.ts'
import { dateRead, writtenDate, writtenDateBy } from './date-format.ts'
import { argumentAt, requireArity } from './special-call.ts'
import type { SpecialCall, SpecialFunction } from './special-call.ts'

const datetime = simpleType('datetime')
const bigint = simpleType('bigint')

/** Seconds east of Greenwich for `+08:00`, undefined for a named zone. */
const offsetSeconds = (zone: string): number | undefined => {
  const found = /^([+-])(\d{1,2}):(\d{2})$/.exec(zone)
  if (found === null) return undefined
  const seconds = Number(found[2]) * 3600 + Number(found[3]) * 60
  return found[1] === '-' ? -seconds : seconds
}

const checkedZone = (zone: string): string => {
  if (offsetSeconds(zone) !== undefined) return zone
  const known = timeZoneNamed(zone)
  if (known === undefined)
    throw analyzingError(`Unknown or incorrect time zone: '${zone}'`, undefined, 1298)
  return known
}

/** A moment (TIMESTAMP in UTC) as the wall clock of a zone. */
const toWall = (utc: string, zone: string): string => {
  const offset = offsetSeconds(zone)
  if (offset !== undefined) return `(${utc} + to_seconds(CAST(${offset} AS DOUBLE)))`
  return `timezone(${quote(zone)}, timezone('UTC', ${utc}))`
}

const toUtc = (wall: string, zone: string): string => {
  const offset = offsetSeconds(zone)
  if (offset !== undefined) return `(${wall} - to_seconds(CAST(${offset} AS DOUBLE)))`
  return `timezone('UTC', timezone(${quote(zone)}, ${wall}))`
}

/** The statement's start in whole units of 10^-digits seconds. */
const startUtc = ({ environment }: SpecialCall, digits: number): string => {
  const unit = 10 ** Math.max(3 - digits, 0)
  const milliseconds = Math.floor(environment.context.scope.session.now / unit) * unit
  return `make_timestamp(CAST(${milliseconds} AS BIGINT) * 1000)`
}

const sessionZone = ({ environment }: SpecialCall): string =>
  checkedZone(environment.context.scope.session.timeZone)

const now: SpecialFunction = (special) => {
  requireArity(special, 0, 1)
  const [precision] = special.call.args
  if (precision !== undefined && (precision.kind !== 'integer' || Number(precision.text) > 6))
    throw analyzingError('now() takes a constant precision between 0 and 6.')
  const start = startUtc(special, precision === undefined ? 0 : Number(precision.text))
  return constant(toWall(start, sessionZone(special)), datetime)
}

const today: SpecialFunction = (special) => {
  requireArity(special, 0, 0)
  return constant(
    `CAST(${toWall(startUtc(special, 0), sessionZone(special))} AS DATE)`,
    simpleType('date'),
  )
}

const utcNow: SpecialFunction = (special) => {
  requireArity(special, 0, 0)
  return constant(startUtc(special, 0), datetime)
}

const clockTime =
  (zoneOf: (special: SpecialCall) => string): SpecialFunction =>
  (special) => {
    requireArity(special, 0, 0)
    return constant(timeOfDay(toWall(startUtc(special, 0), zoneOf(special))), simpleType('time'))
  }

const unixTimestamp: SpecialFunction = (special) => {
  requireArity(special, 0, 2)
  const { args } = special.call
  if (args.length === 0)
    return constant(
      `CAST(${Math.floor(special.environment.context.scope.session.now / 1000)} AS BIGINT)`,
      bigint,
    )
  const wall = args.length === 1 ? convertTo(argumentAt(special, 0), datetime) : parsed(special)
  const zone = sessionZone(special)
  // Before 1970 StarRocks answers 0.
  return callNode(bigint, [wall], ([x = '']) =>
    once(
      `CAST(floor(epoch(${toUtc(x, zone)})) AS BIGINT)`,
      (seconds) => `CASE WHEN ${seconds} IS NOT NULL THEN greatest(${seconds}, 0) END`,
    ),
  )
}

const parsed = (special: SpecialCall): Bound => {
  const args = [0, 1].map((at) => convertTo(argumentAt(special, at), stringType))
  const known = writtenFormat(special)
  return callNode(datetime, args, ([x = '', by = '']) => dateRead(x, by, known))
}

/** Undefined where each row may have another. */
const writtenFormat = ({ call }: SpecialCall): string | undefined => {
  const format = call.args[1]
  return format?.kind === 'string' ? format.value : undefined
}

/** 9999-12-31 23:59:59; beyond it, and below 0, StarRocks answers NULL. */
const lastSecond = 253_402_243_199

const fromUnixTime: SpecialFunction = (special) => {
  requireArity(special, 1, 2)
  const last = `${lastSecond}`
  const micros = (value: string) => `${value} * 1000000`
  if (special.call.args.length === 1) return wallText(special, { last, micros })
  const known = writtenFormat(special)
  return wallText(special, {
    last,
    micros,
    format: convertTo(argumentAt(special, 1), stringType),
    write: (wall, by) => (known === undefined ? writtenDateBy(wall, by) : writtenDate(wall, known)),
  })
}

/** Of milliseconds; the answer has none. */
const fromUnixMillis: SpecialFunction = (special) => {
  requireArity(special, 1, 1)
  const micros = (value: string) => `${value} // 1000 * 1000000`
  return wallText(special, { last: `${lastSecond}000`, micros })
}

interface UnixTime {
  /** The latest one that has a text. */
  readonly last: string
  /** The moment in microseconds. */
  readonly micros: (value: string) => string
  readonly format?: Bound
  /** The text of a wall clock's time; of all its parts without it. */
  readonly write?: (wall: string, format: string) => string
}

/** A Unix time as the clocks of the session's zone show it. */
function wallText(special: SpecialCall, { last, micros, format, write }: UnixTime): Bound {
  const zone = sessionZone(special)
  const number = convertTo(argumentAt(special, 0), bigint)
  return callNode(stringType, format ? [number, format] : [number], ([x = '', by = '']) =>
    onceBoth(x, by, (value, pattern) => {
      const wall = toWall(`make_timestamp(${micros(value)})`, zone)
      const text = write?.(wall, pattern) ?? `strftime(${wall}, '%Y-%m-%d %H:%M:%S')`
      return `CASE WHEN ${value} BETWEEN 0 AND ${last} THEN ${text} END`
    }),
  )
}

const convertTz: SpecialFunction = (special) => {
  requireArity(special, 3, 3)
  const wall = convertTo(argumentAt(special, 0), datetime)
  return inZone(special, 2, inZone(special, 1, wall, '-'), '+')
}

/** To or from the wall clock of a zone; each row may name another, and one that does not exist gives NULL. */
const inZone = (special: SpecialCall, index: number, time: Bound, sign: '+' | '-'): Bound => {
  const written = special.call.args[index]
  if (written?.kind === 'string') {
    const zone = checkedZone(written.value)
    return callNode(datetime, [time], ([x = '']) =>
      sign === '+' ? toWall(x, zone) : toUtc(x, zone),
    )
  }
  const zone = convertTo(argumentAt(special, index), stringType)
  return callNode(datetime, [zone, time], ([x = '', y = '']) => inEachZone(x, y, sign))
}

const inEachZone = (zone: string, time: string, sign: '+' | '-'): string =>
  onceBoth(zone, time, (name, moment) => {
    const part = (group: number) =>
      `CAST(regexp_extract(${name}, '${OFFSET}', ${group}) AS INTEGER)`
    const seconds = `CAST(CASE WHEN left(${name}, 1) = '-' THEN -1 ELSE 1 END * (${part(1)} * 3600 + ${part(2)} * 60) AS DOUBLE)`
    const known = `decode(${nativeCall('native_time_zone', `encode(${name})`)})`
    const named =
      sign === '+'
        ? `timezone(${known}, timezone('UTC', ${moment}))`
        : `timezone('UTC', timezone(${known}, ${moment}))`
    return `CASE WHEN regexp_matches(${name}, '${OFFSET}') THEN ${moment} ${sign} to_seconds(${seconds}) ELSE ${named} END`
  })

const OFFSET = '^[+-](\\d{1,2}):(\\d{2})$'

const currentTimezone: SpecialFunction = (special) => {
  requireArity(special, 0, 0)
  return constant(quote(special.environment.context.scope.session.timeZone), stringType)
}

export const clockFunctions: Readonly<Record<string, SpecialFunction>> = {
  now,
  current_timestamp: now,
  localtime: now,
  localtimestamp: now,
  curdate: today,
  current_date: today,
  curtime: clockTime(sessionZone),
  current_time: clockTime(sessionZone),
  utc_time: clockTime(() => 'UTC'),
  utc_timestamp: utcNow,
  unix_timestamp: unixTimestamp,
  from_unixtime: fromUnixTime,
  from_unixtime_ms: fromUnixMillis,
  convert_tz: convertTz,
  current_timezone: currentTimezone,
}
