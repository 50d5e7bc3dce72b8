/** Dates read by the letters of a format that only the row names. reference: StarRocks' datetime_value.cpp, from_date_format_str */

interface Reading {
  readonly text: string
  at: number
  readonly found: Map<Field, number>
  halfDay: boolean
}

type Field =
  | 'year'
  | 'month'
  | 'day'
  | 'hour'
  | 'minute'
  | 'second'
  | 'microsecond'
  | 'half'
  | 'weekday'
  | 'yearDay'
  | 'week'
  | 'sundayWeek'
  | 'strictWeek'
  | 'weekYear'
  | 'sundayYear'

/** False: the text is none of this format. */
type Read = (reading: Reading) => boolean

const MONTHS = words(
  'January February March April May June July August September October November December',
)
const DAYS = words('Monday Tuesday Wednesday Thursday Friday Saturday Sunday')

function words(list: string): readonly string[] {
  return list.split(' ')
}

const short = (names: readonly string[]): readonly string[] => names.map((name) => name.slice(0, 3))

/** Digits at the place where the reading is, at most so many. */
function digits(reading: Reading, most: number): string | undefined {
  const [found] = /^\d+/.exec(reading.text.slice(reading.at, reading.at + most)) ?? []
  reading.at += found?.length ?? 0
  return found
}

const number =
  (
    field: Field,
    most: number,
    whole: (value: number, length: number) => number = (value) => value,
  ): Read =>
  (reading) => {
    const found = digits(reading, most)
    if (found === undefined) return false
    reading.found.set(field, whole(Number(found), found.length))
    return true
  }

const name =
  (field: Field, names: readonly string[]): Read =>
  (reading) => {
    const rest = reading.text.slice(reading.at).toLowerCase()
    const at = names.findIndex((each) => rest.startsWith(each.toLowerCase()))
    if (at === -1) return false
    reading.found.set(field, at + 1)
    reading.at += names[at]?.length ?? 0
    return true
  }

const twoDigitYear = (year: number): number => year + (year >= 70 ? 1900 : 2000)

const hourOfHalf: Read = (reading) => {
  reading.halfDay = true
  return hour(reading)
}
const hour = number('hour', 2)
const second = number('second', 2)

const half: Read = (reading) => {
  const [found] = /^[a-z]m/i.exec(reading.text.slice(reading.at)) ?? []
  if (found === undefined || !reading.halfDay) return false
  if (/^p/i.test(found)) reading.found.set('half', 12)
  reading.at += 2
  return true
}

const week =
  (sunday: boolean, strict: boolean): Read =>
  (reading) => {
    if (!number('week', 2)(reading)) return false
    reading.found.set('sundayWeek', Number(sunday)).set('strictWeek', Number(strict))
    const found = reading.found.get('week') ?? 0
    return found <= 53 && !(strict && found === 0)
  }

const weekYear =
  (sunday: boolean): Read =>
  (reading) => {
    reading.found.set('sundayYear', Number(sunday))
    return number('weekYear', 4)(reading)
  }

const skipped =
  (pattern: RegExp): Read =>
  (reading) => {
    while (pattern.test(reading.text[reading.at] ?? '')) reading.at += 1
    return true
  }

const letters: Readonly<Record<string, Read>> = {
  y: number('year', 2, twoDigitYear),
  Y: number('year', 4, (year, length) => (length <= 2 ? twoDigitYear(year) : year)),
  m: number('month', 2),
  c: number('month', 2),
  M: name('month', MONTHS),
  b: name('month', short(MONTHS)),
  d: number('day', 2),
  e: number('day', 2),
  D: (reading) => {
    const isRead = number('day', 2)(reading)
    reading.at = Math.min(reading.at + 2, reading.text.length)
    return isRead
  },
  h: hourOfHalf,
  I: hourOfHalf,
  l: hourOfHalf,
  k: hour,
  H: hour,
  i: number('minute', 2),
  s: second,
  S: second,
  f: number('microsecond', 6, (value, length) => value * 10 ** (6 - length)),
  p: half,
  W: name('weekday', DAYS),
  a: name('weekday', short(DAYS)),
  w: (reading) => {
    if (!number('weekday', 1, (day) => (day === 0 ? 7 : day))(reading)) return false
    return (reading.found.get('weekday') ?? 0) <= 7
  },
  j: number('yearDay', 3),
  u: week(false, false),
  U: week(true, false),
  v: week(false, true),
  V: week(true, true),
  x: weekYear(false),
  X: weekYear(true),
  r: (reading) => reads(reading, '%I:%i:%S %p'),
  T: (reading) => reads(reading, '%H:%i:%S'),
  '.': skipped(/[!-/:-@[-`{-~]/),
  '@': skipped(/[a-z]/i),
  '#': skipped(/\d/),
  '%': (reading) => {
    reading.at += 1
    return reading.text[reading.at - 1] === '%'
  },
}

/** What is behind the end of the format, or of the text, is not looked at. */
function reads(reading: Reading, format: string): boolean {
  let at = 0
  while (at < format.length && reading.at < reading.text.length) {
    skipped(/\s/)(reading)
    if (reading.at >= reading.text.length) return true
    const char = format[at] ?? ''
    at += 1
    if (char === '%' && at < format.length) {
      const letter = format[at] ?? ''
      at += 1
      const read = Object.hasOwn(letters, letter) ? letters[letter] : undefined
      if (!read?.(reading)) return false
    } else if (!/\s/.test(char)) {
      if (char !== reading.text[reading.at]) return false
      reading.at += 1
    }
  }
  return true
}

const DAY_MS = 86_400_000
/** Days from the year 0 to 1970. */
const EPOCH_DAY = 719_528

const dayOf = (year: number, month: number, day: number): number =>
  new Date(0).setUTCFullYear(year, month - 1, day) / DAY_MS

/** Java's names of three formats are taken as well. */
const NAMED: Readonly<Record<string, string>> = {
  yyyyMMdd: '%Y%m%d',
  'yyyy-MM-dd': '%Y-%m-%d',
  'yyyy-MM-dd HH:mm:ss': '%Y-%m-%d %H:%i:%s',
}

/** Microseconds since 1970 of the wall clock that is written; undefined where it is none. */
export function readDate(text: string, format: string): bigint | undefined {
  const reading: Reading = { text, at: 0, found: new Map(), halfDay: false }
  const letterFormat = Object.hasOwn(NAMED, format) ? NAMED[format] : undefined
  if (!reads(reading, letterFormat ?? format)) return undefined
  const { found } = reading
  const part = (field: Field): number => found.get(field) ?? 0
  let hours = part('hour')
  if (reading.halfDay) {
    if (hours < 1 || hours > 12) return undefined
    hours = (hours % 12) + part('half')
  }
  if (hours > 23 || part('minute') > 59 || part('second') > 59) return undefined
  const day = dayFound(found)
  if (day === undefined) return undefined
  const seconds = day * 86_400 + hours * 3600 + part('minute') * 60 + part('second')
  return BigInt(seconds) * 1_000_000n + BigInt(part('microsecond'))
}

/** The day since 1970. */
function dayFound(found: ReadonlyMap<Field, number>): number | undefined {
  const part = (field: Field): number => found.get(field) ?? 0
  if (found.has('week') && found.has('weekday')) return dayOfWeek(found)
  if (part('yearDay') > 0) return inRange(dayOf(part('year'), 1, 1) + part('yearDay') - 1)
  const [year, month, day] = [part('year'), part('month'), part('day')]
  if (month < 1 || month > 12 || day < 1) return undefined
  const at = dayOf(year, month, day)
  return new Date(at * DAY_MS).getUTCMonth() === month - 1 ? at : undefined
}

function dayOfWeek(found: ReadonlyMap<Field, number>): number | undefined {
  const part = (field: Field): number => found.get(field) ?? 0
  const [strict, sunday] = [part('strictWeek') === 1, part('sundayWeek') === 1]
  if (strict !== found.has('weekYear')) return undefined
  if (strict && part('sundayYear') !== part('sundayWeek')) return undefined
  const first = dayOf(strict ? part('weekYear') : part('year'), 1, 1)
  const begins = (first + EPOCH_DAY + (sunday ? 6 : 5)) % 7
  const weeks = (part('week') - 1) * 7
  return inRange(
    sunday
      ? first + (begins === 0 ? 0 : 7) - begins + weeks + (part('weekday') % 7)
      : first + (begins <= 3 ? 0 : 7) - begins + weeks + part('weekday') - 1,
  )
}

const inRange = (day: number): number | undefined =>
  day >= dayOf(0, 1, 1) && day <= dayOf(9999, 12, 31) ? day : undefined
