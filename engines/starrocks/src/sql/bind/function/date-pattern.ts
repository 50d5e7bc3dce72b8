/** Dates by the patterns of Joda (`yyyy-MM-dd'T'HH:mm:ss`) and of Teradata (`yyyy/mm/dd hh24:mi:ss`). */
import { SqlError } from '../../../session.ts'
import type { Bound } from '../../bound.ts'
import { callNode, constant } from '../../bound.ts'
import { once, quote } from '../../emit/text.ts'
import { analyzingError } from '../../sql-error.ts'
import { simpleType, stringType } from '../../type.ts'
import { convertTo } from '../conversion.ts'
import { argumentAt, requireArity } from './special-call.ts'
import type { SpecialCall, SpecialFunction } from './special-call.ts'

const datetime = simpleType('datetime')

/** Runs of one letter, and what stands between them as it is; quotes take letters out of their meaning. */
const tokensOf = (pattern: string): readonly { letter: string; count: number; text: string }[] =>
  [...pattern.matchAll(/'((?:[^']|'')*)(?:'|$)|([A-Za-z])\2*|[^A-Za-z']+/g)].map((found) => {
    const [whole, quoted] = found
    const text = quoted === undefined ? whole : quoted.replaceAll("''", "'") || "'"
    const letter = found[2] ?? ''
    return { letter: quoted === undefined ? letter : '', count: whole.length, text }
  })

/** How DuckDB writes and reads a letter that is repeated once, twice, and more often. */
const written: Readonly<Record<string, readonly [string, string, string]>> = {
  y: ['%-Y', '%y', '%Y'],
  Y: ['%-Y', '%y', '%Y'],
  x: ['%G', '%G', '%G'],
  w: ['%V', '%V', '%V'],
  e: ['%u', '%u', '%u'],
  M: ['%-m', '%m', '%b'],
  d: ['%-d', '%d', '%d'],
  D: ['%-j', '%j', '%j'],
  E: ['%a', '%a', '%a'],
  a: ['%p', '%p', '%p'],
  H: ['%-H', '%H', '%H'],
  h: ['%-I', '%I', '%I'],
  m: ['%-M', '%M', '%M'],
  s: ['%-S', '%S', '%S'],
}

/** Numbers that strftime writes in another width, or not at all. */
const numbers: Readonly<Record<string, (wall: string) => string>> = {
  C: (wall) => `year(${wall}) // 100`,
  y: (wall) => `year(${wall})`,
  Y: (wall) => `year(${wall})`,
  x: (wall) => `isoyear(${wall})`,
  w: (wall) => `week(${wall})`,
  e: (wall) => `isodow(${wall})`,
  M: (wall) => `month(${wall})`,
  d: (wall) => `day(${wall})`,
  D: (wall) => `dayofyear(${wall})`,
  H: (wall) => `hour(${wall})`,
  h: (wall) => `(hour(${wall}) + 11) % 12 + 1`,
  K: (wall) => `hour(${wall}) % 12`,
  k: (wall) => `(hour(${wall}) + 23) % 24 + 1`,
  m: (wall) => `minute(${wall})`,
  s: (wall) => `second(${wall})`,
}

const inFormat = (text: string): string => text.replaceAll('%', '%%')

const jodaFormat = (letter: string, count: number): string | undefined => {
  if (letter === 'M' && count > 3) return '%B'
  if (letter === 'E' && count > 3) return '%A'
  return Object.hasOwn(written, letter) ? written[letter]?.[Math.min(count, 3) - 1] : undefined
}

/** A letter's number with zeros before it, where strftime does not write it so. */
const paddedNumber = (letter: string, count: number, wall: string): string | undefined => {
  const number = Object.hasOwn(numbers, letter) ? numbers[letter] : undefined
  if (number === undefined || (letter === 'M' && count > 2)) return undefined
  if ('yYMdHhms'.includes(letter) && count <= 2) return undefined
  if ('yY'.includes(letter) && count === 4) return undefined
  const value = letter === 'x' && count === 2 ? `${number(wall)} % 100` : number(wall)
  return `printf('%0${Math.min(count, LONGEST)}d', CAST(${value} AS BIGINT))`
}

/** StarRocks writes no more characters. */
const LONGEST = 127

/** `+0800`, or `+08:00` for more than one letter. */
const offsetText = (zone: string, wall: string, colon: string): string => {
  const fixed = /^([+-]\d{2}):(\d{2})$/.exec(zone)
  if (fixed) return quote(`${fixed[1] ?? ''}${colon}${fixed[2] ?? ''}`)
  const minutes = `CAST((epoch(${wall}) - epoch(timezone('UTC', timezone(${quote(zone)}, ${wall})))) / 60 AS INTEGER)`
  return once(
    minutes,
    (east) =>
      `CASE WHEN ${east} < 0 THEN '-' ELSE '+' END || lpad(CAST(abs(${east}) // 60 AS VARCHAR), 2, '0') || ${quote(colon)} || lpad(CAST(abs(${east}) % 60 AS VARCHAR), 2, '0')`,
  )
}

const jodaPieces = (zone: string, pattern: string, wall: string): readonly string[] => {
  const pieces: string[] = []
  let format = ''
  const flush = () => {
    if (format !== '') pieces.push(`strftime(${wall}, ${quote(format)})`)
    format = ''
  }
  for (const { letter, count, text } of tokensOf(pattern)) {
    if (letter === 'S' || letter === 'Z') {
      flush()
      pieces.push(
        letter === 'S'
          ? `rpad(left(strftime(${wall}, '%f'), ${count}), ${count}, '0')`
          : offsetText(zone, wall, count > 1 ? ':' : ''),
      )
      continue
    }
    const number = letter === 'G' ? "'AD'" : paddedNumber(letter, count, wall)
    if (number !== undefined) {
      flush()
      pieces.push(number)
    } else format += jodaFormat(letter, count) ?? inFormat(text)
  }
  flush()
  return pieces
}

/** The pattern, or undefined when it is NULL. */
const patternOf = ({ call }: SpecialCall): string | undefined => {
  const [, pattern] = call.args
  if (pattern?.kind === 'null') return undefined
  if (pattern?.kind !== 'string') throw analyzingError(`${call.name}() needs a constant pattern.`)
  return pattern.value
}

const jodaWrite: SpecialFunction = (special) => {
  requireArity(special, 2, 2)
  const wall = convertTo(argumentAt(special, 0), datetime)
  const pattern = patternOf(special)
  if (pattern === undefined || pattern === '') return constant('CAST(NULL AS VARCHAR)', stringType)
  const zone = special.environment.context.scope.session.timeZone
  return callNode(stringType, [wall], ([x = '']) =>
    once(x, (value) => {
      const pieces = jodaPieces(zone, pattern, value).join(' || ')
      return `CASE WHEN ${value} IS NOT NULL THEN ${pieces} END`
    }),
  )
}

const parsedBy = (special: SpecialCall, format: string): Bound =>
  callNode(
    datetime,
    [convertTo(argumentAt(special, 0), stringType)],
    ([x = '']) => `try_strptime(${x}, ${quote(format)})`,
  )

const jodaRead: SpecialFunction = (special) => {
  requireArity(special, 2, 2)
  const pattern = patternOf(special)
  if (pattern === undefined) return constant('CAST(NULL AS TIMESTAMP)', datetime)
  const parts = tokensOf(pattern).map(({ letter, count, text }) =>
    letter === 'S' ? '%f' : (jodaFormat(letter, count) ?? inFormat(text)),
  )
  return parsedBy(special, parts.join('').replaceAll('%-', '%'))
}

const teradata: Readonly<Record<string, string>> = {
  yyyy: '%Y',
  yy: '%y',
  mm: '%m',
  dd: '%d',
  hh24: '%H',
  hh: '%H',
  mi: '%M',
  ss: '%S',
  am: '%p',
  pm: '%p',
}

const teradataFormat = (pattern: string): string => {
  const found = pattern.match(/hh24|yyyy|yy|mm|dd|hh|mi|ss|am|pm|[-/,.;: ]|[\s\S]/g) ?? []
  const parts = found.map((part) => {
    if (Object.hasOwn(teradata, part)) return teradata[part] ?? ''
    if (/^[-/,.;: ]$/.test(part)) return part
    throw new SqlError(`The format parameter ${pattern} is invalid format`)
  })
  const format = parts.join('')
  return format.includes('%p') ? format.replace('%H', '%I') : format
}

/** A date may have more behind it than the pattern says; a time may not. */
const teradataRead =
  (type: 'date' | 'datetime'): SpecialFunction =>
  (special) => {
    requireArity(special, 2, 2)
    const pattern = patternOf(special)
    if (pattern === undefined) return constant(`CAST(NULL AS ${duck[type]})`, simpleType(type))
    const read = teradataFormat(pattern)
    if (type === 'datetime') return timeBy(special, read, /am|pm/.exec(pattern)?.[0])
    const format = quote(read)
    return callNode(
      simpleType('date'),
      [convertTo(argumentAt(special, 0), stringType)],
      ([x = '']) =>
        once(
          x,
          (value) =>
            `CAST(coalesce(try_strptime(${value}, ${format}), try_strptime(left(${value}, ${pattern.length}), ${format})) AS DATE)`,
        ),
    )
  }

/** `am` in a pattern takes no `pm`, and the other way around. */
const timeBy = (special: SpecialCall, format: string, half: string | undefined): Bound =>
  half === undefined
    ? parsedBy(special, format)
    : callNode(datetime, [convertTo(argumentAt(special, 0), stringType)], ([x = '']) =>
        once(
          x,
          (value) =>
            `CASE WHEN contains(lower(${value}), '${half}') THEN try_strptime(${value}, ${quote(format)}) END`,
        ),
      )

const duck = { date: 'DATE', datetime: 'TIMESTAMP' } as const

export const patternFunctions: Readonly<Record<string, SpecialFunction>> = {
  jodatime_format: jodaWrite,
  str_to_jodatime: jodaRead,
  to_tera_date: teradataRead('date'),
  to_tera_timestamp: teradataRead('datetime'),
}
