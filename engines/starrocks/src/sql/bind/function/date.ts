/**
 * Date and time functions over plain arguments. Those that take INTERVAL, a unit, a time zone or the session's clock are
 * in special.ts. Facts: StarRocks' SQL reference, "Date functions"; weeks are in week.ts.
 */
import type { Operand } from '../../bound.ts'
import { validDate } from '../../emit/interval.ts'
import { castTo, once, onceBoth, quote } from '../../emit/text.ts'
import { analyzingError } from '../../sql-error.ts'
import { dateRead, writtenDate, writtenDateBy } from './date-format.ts'
import { alignedUnits, wholeUnits } from './date-difference.ts'
import { simpleType } from '../../type.ts'
import { checked, define, signature } from './spec.ts'
import type { FunctionSpec, ParameterKind, Signature } from './spec.ts'
import { weekFunctions } from './week.ts'

/** What is read of an argument before it has a text. */
type Written = Pick<Operand, 'literal'>

/** A field of a DATE or DATETIME. */
const field = (
  names: string,
  returns: 'tinyint' | 'smallint' | 'int',
  template: string,
): readonly FunctionSpec[] => {
  const type = returns === 'int' ? 'INTEGER' : returns.toUpperCase()
  const form = (parameter: ParameterKind): Signature =>
    signature([parameter], returns, `CAST(${template} AS ${type})`)
  return define(names, form('datetime'), form('date'))
}

const fields: readonly FunctionSpec[] = [
  ...field('year', 'smallint', 'year($1)'),
  ...field('quarter', 'int', 'quarter($1)'),
  ...field('month', 'tinyint', 'month($1)'),
  ...field('day dayofmonth', 'tinyint', 'day($1)'),
  ...field('hour', 'tinyint', 'hour($1)'),
  ...field('minute', 'tinyint', 'minute($1)'),
  ...field('second', 'tinyint', 'second($1)'),
  ...field('microsecond', 'int', '(microsecond($1) % 1000000)'),
  ...field('dayofweek', 'int', '(dayofweek($1) + 1)'),
  ...field('dayofweek_iso', 'int', 'isodow($1)'),
  ...field('weekday', 'int', '(isodow($1) - 1)'),
  ...field('dayofyear', 'int', 'dayofyear($1)'),
  ...field('weekofyear week_iso', 'int', 'weekofyear($1)'),
  ...define('dayname', signature(['datetime'], 'varchar', 'dayname($1)')),
  ...define('monthname', signature(['datetime'], 'varchar', 'monthname($1)')),
  ...weekFunctions,
]

const differenceUnits: readonly string[] = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'hour',
  'minute',
  'second',
  'millisecond',
]

/** The unit that is written; undefined where each row may name another, or it is none, which StarRocks refuses where there are rows. */
const differenceUnit = ({ literal }: Written = {}): string | undefined => {
  const unit = literal?.kind === 'string' ? literal.text.toLowerCase() : ''
  return differenceUnits.includes(unit) ? unit : undefined
}

const differences = differenceUnits.flatMap((unit) =>
  define(
    `${unit}s_diff`,
    signature(['datetime', 'datetime'], 'bigint', ([a = '', b = '']) => wholeUnits(unit, a, b)),
  ),
)

const dateUnits = ['year', 'quarter', 'month', 'week', 'day']
const timeUnits = [...dateUnits, 'hour', 'minute', 'second', 'millisecond', 'microsecond']

/** The unit is written, as partitions are made by it. reference: StarRocks 3.3.7, FunctionAnalyzer. */
const truncated = ({ literal }: Written = {}, units = timeUnits): string => {
  if (literal?.kind !== 'string')
    throw analyzingError('date_trunc requires first parameter must be a string constant.')
  const unit = literal.text.toLowerCase()
  if (units.includes(unit)) return unit
  throw analyzingError(`date_trunc function can't support argument other than ${units.join('|')}.`)
}

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** A weekday is named in full, or by its first three or two letters, in this case. */
const namesOf = (day: string): readonly string[] => [2, 3, day.length].map((n) => day.slice(0, n))

const demandWeekday = (name: string, { literal }: Written = {}): void => {
  if (literal?.kind === 'string' && !weekdays.some((day) => namesOf(day).includes(literal.text)))
    throw analyzingError(`${literal.text} not supported in ${name} dow_string`)
}

const weekdayOf = (name: string, sql: string, { literal }: Written = {}): string => {
  if (literal?.kind === 'string')
    return String(weekdays.findIndex((day) => namesOf(day).includes(literal.text)) + 1)
  const cases = weekdays.flatMap((day, index) =>
    namesOf(day).map((each) => `WHEN ${quote(each)} THEN ${index + 1}`),
  )
  return `CASE ${sql} ${cases.join(' ')} ELSE CASE WHEN ${sql} IS NOT NULL THEN error(${sql} || ' not supported in ${name} dow_string') END END`
}

/** The nearest such weekday before or after, never the day itself; NULL outside of years 0 to 9999. */
const neighbour = (name: 'next_day' | 'previous_day'): readonly FunctionSpec[] =>
  define(
    name,
    checked(
      ([, day]) => demandWeekday(name, day),
      signature(['datetime', 'varchar'], 'date', ([date = '', given = 'NULL'], [, day]) => {
        if (given === 'CAST(NULL AS VARCHAR)') return 'CAST(NULL AS DATE)'
        const weekday = weekdayOf(name, given, day)
        return once(`CAST(${date} AS DATE)`, (d) => {
          const days =
            name === 'next_day' ? `${weekday} - isodow(${d})` : `isodow(${d}) - ${weekday}`
          const sign = name === 'next_day' ? '+' : '-'
          return validDate(
            `CAST(${d} ${sign} CAST((${days} + 6) % 7 + 1 AS INTEGER) AS DATE)`,
            'date',
          )
        })
      }),
    ),
  )

/** StarRocks writes a date into so many bytes; what is longer is NULL. */
const longestDate = 128

const formatting: readonly FunctionSpec[] = [
  ...define(
    'date_format',
    signature(['datetime', 'varchar'], 'varchar', ([date = '', format = ''], [, written]) =>
      once(
        written?.literal?.kind === 'string'
          ? writtenDate(date, written.literal.text)
          : writtenDateBy(date, format),
        (text) => `CASE WHEN strlen(${text}) <= ${longestDate} THEN ${text} END`,
      ),
    ),
  ),
  ...define(
    'str2date',
    signature(['varchar', 'varchar'], 'date', ([text = '', by = ''], [, format]) => {
      const known = format?.literal?.kind === 'string' ? format.literal.text : undefined
      return `CAST(${dateRead(text, by, known)} AS DATE)`
    }),
  ),
  ...define(
    'to_iso8601',
    signature(['date'], 'varchar', "strftime($1, '%Y-%m-%d')"),
    signature(['datetime'], 'varchar', "strftime($1, '%Y-%m-%dT%H:%M:%S.%f')"),
  ),
]

/** Of year 9999, counted from year 0. */
const lastDay = 3_652_424

const parts: readonly FunctionSpec[] = [
  ...define('date to_date', signature(['datetime'], 'date', 'CAST($1 AS DATE)')),
  ...define('timestamp', signature(['datetime'], 'datetime', '$1')),
  ...define(
    'datediff',
    signature(
      ['datetime', 'datetime'],
      'int',
      "CAST(date_diff('day', CAST($2 AS DATE), CAST($1 AS DATE)) AS INTEGER)",
    ),
  ),
  ...define(
    'to_days',
    signature(['date'], 'int', "CAST(date_diff('day', DATE '1970-01-01', $1) + 719528 AS INTEGER)"),
  ),
  ...define(
    'from_days',
    signature(['int'], 'date', ([days = '']) =>
      once(
        days,
        (n) =>
          `CASE WHEN ${n} BETWEEN 0 AND ${lastDay} THEN CAST(DATE '1970-01-01' + (${n} - 719528) AS DATE) END`,
      ),
    ),
  ),
  ...define(
    'makedate',
    signature(['int', 'int'], 'date', ([year = '', day = '']) =>
      once(day, (n) =>
        once(
          year,
          (y) =>
            `CASE WHEN ${y} BETWEEN 0 AND 9999 AND ${n} BETWEEN 1 AND dayofyear(make_date(CAST(least(greatest(${y}, 0), 9999) AS BIGINT), 12, 31)) THEN CAST(make_date(CAST(${y} AS BIGINT), 1, 1) + CAST(${n} - 1 AS INTEGER) AS DATE) END`,
        ),
      ),
    ),
  ),
  ...define(
    'last_day',
    signature(['datetime'], 'date', 'last_day(CAST($1 AS DATE))'),
    signature(['datetime', 'varchar'], 'date', ([date = '', unit = '']) =>
      once(unit, (part) =>
        once(
          `CAST(${date} AS DATE)`,
          (day) =>
            `CASE WHEN ${part} IS NULL THEN NULL WHEN ${part} = 'month' THEN last_day(${day}) WHEN ${part} = 'quarter' THEN last_day(CAST(date_trunc('quarter', ${day}) AS DATE) + INTERVAL 2 MONTH) WHEN ${part} = 'year' THEN make_date(year(${day}), 12, 31) ELSE error('last_day() takes month, quarter or year') END`,
        ),
      ),
    ),
  ),
  ...define(
    'date_trunc',
    checked(
      ([unit]) => truncated(unit, dateUnits),
      signature(
        ['varchar', 'date'],
        'date',
        ([, date = ''], [unit]) => `CAST(date_trunc('${truncated(unit)}', ${date}) AS DATE)`,
      ),
    ),
    checked(
      ([unit]) => truncated(unit),
      signature(
        ['varchar', 'datetime'],
        'datetime',
        ([, date = ''], [unit]) => `CAST(date_trunc('${truncated(unit)}', ${date}) AS TIMESTAMP)`,
      ),
    ),
  ),
  ...define(
    'date_diff',
    signature(
      ['varchar', 'datetime', 'datetime'],
      'bigint',
      ([unit = '', a = '', b = ''], [written]) => {
        const known = differenceUnit(written)
        if (known !== undefined) return alignedUnits(known, a, b)
        return onceBoth(a, b, (later, earlier) => {
          const cases = differenceUnits.map(
            (each) => `WHEN ${quote(each)} THEN ${alignedUnits(each, later, earlier)}`,
          )
          return `CASE lower(${unit}) ${cases.join(' ')} ELSE CASE WHEN ${unit} IS NOT NULL THEN error('type column should be one of day/hour/minute/second/millisecond') END END`
        })
      },
    ),
  ),
  ...define(
    'timediff',
    signature(['datetime', 'datetime'], 'time', ([a = '', b = '']) =>
      castTo(`trunc(date_sub('microsecond', ${b}, ${a}) / 1000000)`, simpleType('time')),
    ),
  ),
  ...define('time_to_sec', signature(['time'], 'bigint', 'CAST($1 AS BIGINT)')),
  ...neighbour('next_day'),
  ...neighbour('previous_day'),
]

export const dateFunctions: readonly FunctionSpec[] = [
  ...fields,
  ...differences,
  ...formatting,
  ...parts,
]
