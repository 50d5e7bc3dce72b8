/** MySQL's date format letters in DuckDB's: a letter without an exact counterpart refuses the whole format. */
import { analyzingError } from '../../sql-error.ts'
import { quote } from '../../emit/text.ts'

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

/** Letters that say a time of day: str_to_date answers a DATETIME then, a DATE otherwise. */
const timeLetters: ReadonlySet<string> = new Set('fHhIiklprSsT')

export interface DateFormat {
  /** To write by. */
  readonly duck: string
  /** To read by, quoted: a twelve-hour time may come without its half of the day. */
  readonly read: string
  readonly hasTime: boolean
}

export const dateFormat = (text: string): DateFormat => {
  const named = Object.hasOwn(whole, text) ? whole[text] : undefined
  if (named !== undefined) return { duck: named, read: quote(named), hasTime: text.includes('H') }
  let duck = ''
  let hasTime = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? ''
    if (char !== '%') {
      duck += char
      continue
    }
    at += 1
    const letter = text[at] ?? ''
    const found = Object.hasOwn(letters, letter) ? letters[letter] : undefined
    if (found === undefined) {
      if (['D', 'u', 'V', 'X', ''].includes(letter))
        throw analyzingError(`The date format %${letter} is not supported.`)
      // MySQL prints an unknown letter as it is.
      duck += letter
      continue
    }
    duck += found
    if (timeLetters.has(letter)) hasTime = true
  }
  const bare = duck.replaceAll(letters['r'] ?? '', '%I:%M:%S')
  const read = bare === duck ? quote(duck) : `[${quote(duck)}, ${quote(bare)}]`
  return { duck, read, hasTime }
}
