/**
 * Date and time functions over plain arguments. Those that take INTERVAL, a unit, a time zone or the session's clock are
 * in special.ts. Facts: StarRocks' SQL reference, "Date functions"; week modes as MySQL defines them.
 */
import { once, quote } from '../translate/typed.ts'
import type { TypedExpression } from '../translate/typed.ts'
import { analyzingError } from '../sql-error.ts'
import { dateFormat } from './date-format.ts'
import { define, signature } from './spec.ts'
import type { FunctionSpec, ParameterKind, Signature } from './spec.ts'

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
  ...define(
    'week',
    signature(['datetime'], 'int', "CAST(strftime($1, '%U') AS INTEGER)"),
    signature(['datetime', 'int'], 'int', (args, [, mode]) => weekOf(args[0] ?? '', mode)),
  ),
  ...define(
    'yearweek',
    signature(['datetime', 'int'], 'int', (args, [, mode]) => yearWeekOf(args[0] ?? '', mode)),
  ),
]

const weekOf = (date: string, mode: TypedExpression | undefined): string => {
  const text = mode?.literal?.text
  if (text === '0') return `CAST(strftime(${date}, '%U') AS INTEGER)`
  if (text === '3') return `CAST(weekofyear(${date}) AS INTEGER)`
  if (text === '5') return `CAST(strftime(${date}, '%W') AS INTEGER)`
  throw analyzingError('week() is supported with the modes 0, 3 and 5 only.')
}

const yearWeekOf = (date: string, mode: TypedExpression | undefined): string => {
  if (mode?.literal?.text === '3' || mode?.literal?.text === '1')
    return `CAST(strftime(${date}, '%G%V') AS INTEGER)`
  throw analyzingError('yearweek() is supported with the modes 1 and 3 only.')
}

/** Whole months between two moments, cut towards zero: the day and time of day decide about the last one. */
const wholeMonths = (later: string, earlier: string): string =>
  once(later, (a) =>
    once(
      earlier,
      (b) =>
        `(CASE WHEN ${a} >= ${b} THEN 1 ELSE -1 END * ((year(greatest(${a}, ${b})) - year(least(${a}, ${b}))) * 12 + month(greatest(${a}, ${b})) - month(least(${a}, ${b})) - CASE WHEN (day(greatest(${a}, ${b})), CAST(greatest(${a}, ${b}) AS TIME)) < (day(least(${a}, ${b})), CAST(least(${a}, ${b}) AS TIME)) THEN 1 ELSE 0 END))`,
    ),
  )

/** date_sub with a unit of fixed length counts whole units in DuckDB. */
export const wholeUnits = (unit: string, later: string, earlier: string): string => {
  switch (unit) {
    case 'year':
      return `CAST(${wholeMonths(later, earlier)} // 12 AS BIGINT)`
    case 'quarter':
      return `CAST(${wholeMonths(later, earlier)} // 3 AS BIGINT)`
    case 'month':
      return `CAST(${wholeMonths(later, earlier)} AS BIGINT)`
    case 'week':
      return `(date_sub('day', ${earlier}, ${later}) // 7)`
    default:
      return `date_sub('${unit}', ${earlier}, ${later})`
  }
}

const differences = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'hour',
  'minute',
  'second',
  'millisecond',
].flatMap((unit) =>
  define(
    `${unit}s_diff`,
    signature(['datetime', 'datetime'], 'bigint', ([a = '', b = '']) => wholeUnits(unit, a, b)),
  ),
)

const truncated = (unit: TypedExpression | undefined): string => {
  const text = unit?.literal?.kind === 'string' ? unit.literal.text.toLowerCase() : undefined
  if (
    text === undefined ||
    ![
      'microsecond',
      'millisecond',
      'second',
      'minute',
      'hour',
      'day',
      'week',
      'month',
      'quarter',
      'year',
    ].includes(text)
  ) {
    throw analyzingError(
      'date_trunc() needs a constant unit: second, minute, hour, day, week, month, quarter or year.',
    )
  }
  return text
}

const weekdays: Readonly<Record<string, number>> = {
  mo: 1,
  tu: 2,
  we: 3,
  th: 4,
  fr: 5,
  sa: 6,
  su: 7,
}

const weekdayOf = (value: TypedExpression | undefined): number => {
  const text = value?.literal?.kind === 'string' ? value.literal.text.toLowerCase() : ''
  const found = weekdays[text.slice(0, 2)]
  const names = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
  if (found === undefined || !names[found - 1]?.startsWith(text))
    throw analyzingError(`'${text}' is no weekday.`)
  return found
}

const literalFormat = (
  value: TypedExpression | undefined,
  name: string,
): ReturnType<typeof dateFormat> => {
  if (value?.literal?.kind !== 'string') throw analyzingError(`${name}() needs a constant format.`)
  return dateFormat(value.literal.text)
}

const formatting: readonly FunctionSpec[] = [
  ...define(
    'date_format',
    signature(
      ['datetime', 'varchar'],
      'varchar',
      ([date = ''], [, format]) =>
        `strftime(${date}, ${quote(literalFormat(format, 'date_format').duck)})`,
    ),
  ),
  ...define(
    'str2date',
    signature(
      ['varchar', 'varchar'],
      'date',
      ([text = ''], [, format]) =>
        `CAST(try_strptime(${text}, ${quote(literalFormat(format, 'str2date').duck)}) AS DATE)`,
    ),
  ),
  ...define(
    'to_iso8601',
    signature(['date'], 'varchar', "strftime($1, '%Y-%m-%d')"),
    signature(['datetime'], 'varchar', "strftime($1, '%Y-%m-%dT%H:%M:%S.%f')"),
  ),
]

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
    signature(['int'], 'date', "CAST(DATE '1970-01-01' + ($1 - 719528) AS DATE)"),
  ),
  ...define(
    'makedate',
    signature(['int', 'int'], 'date', ([year = '', day = '']) =>
      once(
        day,
        (n) =>
          `CASE WHEN ${n} > 0 THEN CAST(make_date(CAST(${year} AS BIGINT), 1, 1) + CAST(${n} - 1 AS INTEGER) AS DATE) END`,
      ),
    ),
  ),
  ...define('last_day', signature(['datetime'], 'date', 'last_day(CAST($1 AS DATE))')),
  ...define(
    'date_trunc',
    signature(
      ['varchar', 'date'],
      'date',
      ([, date = ''], [unit]) => `CAST(date_trunc('${truncated(unit)}', ${date}) AS DATE)`,
    ),
    signature(
      ['varchar', 'datetime'],
      'datetime',
      ([, date = ''], [unit]) => `CAST(date_trunc('${truncated(unit)}', ${date}) AS TIMESTAMP)`,
    ),
  ),
  ...define(
    'date_diff',
    signature(['varchar', 'datetime', 'datetime'], 'bigint', ([, a = '', b = ''], [unit]) =>
      wholeUnits(truncated(unit), a, b),
    ),
  ),
  ...define(
    'next_day',
    signature(['datetime', 'varchar'], 'date', ([date = ''], [, day]) =>
      once(
        `CAST(${date} AS DATE)`,
        (d) =>
          `CAST(${d} + CAST((${weekdayOf(day)} - isodow(${d}) + 6) % 7 + 1 AS INTEGER) AS DATE)`,
      ),
    ),
  ),
  ...define(
    'previous_day',
    signature(['datetime', 'varchar'], 'date', ([date = ''], [, day]) =>
      once(
        `CAST(${date} AS DATE)`,
        (d) =>
          `CAST(${d} - CAST((isodow(${d}) - ${weekdayOf(day)} + 6) % 7 + 1 AS INTEGER) AS DATE)`,
      ),
    ),
  ),
]

export const dateFunctions: readonly FunctionSpec[] = [
  ...fields,
  ...differences,
  ...formatting,
  ...parts,
]
