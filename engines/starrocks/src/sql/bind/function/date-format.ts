/** MySQL's date format letters in DuckDB's; what has a letter without an exact counterpart is written in pieces, or read by the engine. */
import { nativeCall } from '../../emit/native.ts'
import { once, onceBoth, quote } from '../../emit/text.ts'
import { weekOf, yearWeekOf } from './week.ts'

const letters: Readonly<Record<string, string>> = {
  a: '%a',
  b: '%b',
  c: '%-m',
  d: '%d',
  e: '%-d',
  f: '%f',
  H: '%H',
  h: '%I',
  I: '%I',
  i: '%M',
  j: '%j',
  k: '%-H',
  l: '%-I',
  M: '%B',
  m: '%m',
  p: '%p',
  r: '%I:%M:%S %p',
  S: '%S',
  s: '%S',
  T: '%H:%M:%S',
  U: '%U',
  v: '%V',
  W: '%A',
  w: '%w',
  x: '%G',
  Y: '%Y',
  y: '%y',
  '%': '%%',
}

/** Three Java-style formats that StarRocks takes as well. */
const whole: Readonly<Record<string, string>> = {
  yyyyMMdd: '%Y%m%d',
  'yyyy-MM-dd': '%Y-%m-%d',
  'yyyy-MM-dd HH:mm:ss': '%Y-%m-%d %H:%M:%S',
}

interface DateFormat {
  /** To write by. */
  readonly duck: string
  /** To read by, quoted: a twelve-hour time may come without its half of the day. */
  readonly read: string
}

const dateFormat = (text: string): DateFormat => {
  const named = Object.hasOwn(whole, text) ? whole[text] : undefined
  if (named !== undefined) return { duck: named, read: quote(named) }
  let duck = ''
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? ''
    if (char !== '%') {
      duck += char
      continue
    }
    at += 1
    const letter = text[at] ?? ''
    const found = Object.hasOwn(letters, letter) ? letters[letter] : undefined
    // MySQL prints an unknown letter as it is.
    duck += found ?? letter
  }
  const bare = duck.replaceAll(letters['r'] ?? '', '%I:%M:%S')
  const read = bare === duck ? quote(duck) : `[${quote(duck)}, ${quote(bare)}]`
  return { duck, read }
}

/** Letters that DuckDB does not read. */
const unread = /%[DuVXvxUw.@#]/

/** Whether a time of day is written: str_to_date answers a DATETIME then, a DATE otherwise. */
export const saysTime = (format: string): boolean =>
  Object.hasOwn(whole, format)
    ? format.includes('H')
    : [...format.matchAll(TOKENS)].some(([token]) => /^%[fHhIiklprSsT]/.test(token))

/**
 * A DATETIME, read as the format says that is known, or as each row's own does. What DuckDB does not read by a known one may be a date and
 * more behind it, which StarRocks does not look at.
 */
export const dateRead = (text: string, format: string, known: string | undefined): string => {
  const slowly = (value: string): string =>
    `make_timestamp(${nativeCall('native_read_date', `encode(${value})`, `encode(${format})`)})`
  if (known === undefined || unread.test(known.replaceAll('%%', ''))) return slowly(text)
  return once(
    text,
    (value) => `coalesce(try_strptime(${value}, ${dateFormat(known).read}), ${slowly(value)})`,
  )
}

const twoDigits = (number: string): string => `lpad(CAST(${number} AS VARCHAR), 2, '0')`

/** Letters that DuckDB does not write. */
const computed: Readonly<Record<string, (date: string) => string>> = {
  D: (date) =>
    `CAST(day(${date}) AS VARCHAR) || CASE WHEN day(${date}) BETWEEN 10 AND 19 THEN 'th' WHEN day(${date}) % 10 = 1 THEN 'st' WHEN day(${date}) % 10 = 2 THEN 'nd' WHEN day(${date}) % 10 = 3 THEN 'rd' ELSE 'th' END`,
  u: (date) => twoDigits(weekOf(date, 1)),
  V: (date) => twoDigits(weekOf(date, 2)),
  X: (date) => `lpad(CAST(${yearWeekOf(date, 2)} // 100 AS VARCHAR), 4, '0')`,
}

/** `%` at the very end stands for itself; a letter without a meaning, too. */
const TOKENS = /%[^]|[^%]+|%$/g

const pieceOf = (date: string, token: string): string => {
  const letter = token.length > 1 && token.startsWith('%') ? token.slice(1) : ''
  const compute = Object.hasOwn(computed, letter) ? computed[letter] : undefined
  if (compute) return compute(date)
  const duck = Object.hasOwn(letters, letter) ? letters[letter] : undefined
  return duck === undefined ? quote(letter || token) : `strftime(${date}, ${quote(duck)})`
}

/** A date as a format says that is known. */
export const writtenDate = (date: string, format: string): string => {
  const isPlain = !/%[DuVX]/.test(format.replaceAll('%%', ''))
  if (isPlain && !format.endsWith('%'))
    return `strftime(${date}, ${quote(dateFormat(format).duck)})`
  return once(date, (value) => {
    const pieces = [...format.matchAll(TOKENS)].map(([token]) => pieceOf(value, token))
    return `CASE WHEN ${value} IS NOT NULL THEN ${pieces.join(' || ')} END`
  })
}

/** As each row's own format says; NULL for an empty one. */
export const writtenDateBy = (date: string, format: string): string =>
  onceBoth(date, format, (value, by) => {
    const known = [...Object.keys(letters), ...Object.keys(computed)]
    const cases = known.map(
      (letter) => `WHEN ${quote(letter)} THEN ${pieceOf(value, `%${letter}`)}`,
    )
    const token = `CASE WHEN token[1] <> '%' OR token = '%' THEN token ELSE CASE token[2:] ${cases.join(' ')} ELSE token[2:] END END`
    const list = `list_transform(regexp_extract_all(${by}, '(?s)%.|[^%]+|%$'), lambda token: ${token})`
    const named = Object.entries(whole).map(
      ([text, duck]) => `WHEN ${quote(text)} THEN strftime(${value}, ${quote(duck)})`,
    )
    return `CASE WHEN ${by} <> '' AND ${value} IS NOT NULL THEN CASE ${by} ${named.join(' ')} ELSE array_to_string(${list}, '') END END`
  })
