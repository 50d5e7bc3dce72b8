/**
 * CSV whose values may be enclosed or escaped, or are to be trimmed, read value by value.
 *
 * An enclosed value may hold separators; the enclosing character is doubled in it or escaped. The escape character takes
 * the meaning from a separator, from the enclosing character and from itself, inside and outside of an enclosure; before
 * anything else it is an ordinary character. A row with too many or too few values is refused, not the load.
 * reference: StarRocks documentation, STREAM LOAD, "enclose", "escape", "trim_space"
 *
 * Bytes are read as a byte string: in UTF-8 no separator can appear inside of a letter, and each value is decoded alone.
 */
import { SqlError } from '../session.ts'
import { nullText, textOfBytes } from './csv-format.ts'
import type { CsvFormat } from './csv-format.ts'
import { tooLong } from './csv-text.ts'
import type { RowSink } from './row-sink.ts'

export interface RecordReader {
  push(chunk: Buffer): void
  end(): void
}

export interface RecordOptions {
  readonly fields: number
  readonly rowBytes: number
}

export function recordReader(
  format: CsvFormat,
  options: RecordOptions,
  sink: Pick<RowSink, 'row' | 'refuse'>,
): RecordReader {
  let held = ''
  let toSkip = format.skipHeader
  const reading = readingOf(format)
  const take = (values: readonly string[], count: number) => {
    if (toSkip > 0) {
      toSkip--
      return
    }
    const [first] = values
    if (count === 1 && first === '') return
    if (count !== options.fields) {
      sink.refuse(
        `Error: Target column count: ${options.fields} doesn't match source value column count: ${count}. Column separator: ${shown(format.columnSeparator)}, Row delimiter: ${shown(format.rowDelimiter)}`,
      )
      return
    }
    const texts: (string | null)[] = []
    for (const value of values) {
      const text = value === nullText ? null : textOfBytes(value)
      if (text === undefined) return sink.refuse('Error: Invalid UTF-8 row')
      texts.push(text)
    }
    sink.row(texts)
  }
  /** Of the row whose end has not come: its values, how many it has, the one that has begun, and how long what was read is. */
  let values: string[] = []
  let count = 0
  let begun: Begun | undefined
  let rowBytes = 0
  const read = (isLast: boolean) => {
    let at = 0
    const passTo = (next: number) => {
      rowBytes += next - at
      at = next
    }
    for (;;) {
      if (!begun) {
        if (format.trimSpace) passTo(behindSpaces(held, at))
        if (at >= held.length && !(isLast && count > 0)) break
        begun = beginning(format, held[at])
        if (begun.isInside) passTo(at + 1)
      }
      const value = readValue(reading, held, { begun, at, isLast })
      passTo(value.next)
      begun = value.begun
      if (begun) break
      count++
      if (count <= options.fields) values.push(value.text)
      if (!value.endsRow) continue
      take(values, count)
      values = []
      count = 0
      rowBytes = 0
    }
    held = held.slice(at)
    if (rowBytes + held.length > options.rowBytes) throw tooLong(options.rowBytes)
  }
  return {
    push(chunk) {
      held += chunk.toString('latin1')
      read(false)
    },
    end: () => read(true),
  }
}

/** A separator in a message, as StarRocks prints it: letters as they are, others by number. */
function shown(bytes: string): string {
  const letters = [...bytes].map((char) => {
    if (char === '\n') return '\\n'
    if (char === '\t') return '\\t'
    return char >= ' ' && char <= '~' ? char : `0x${char.charCodeAt(0).toString(16)}`
  })
  return `'${letters.join('')}'`
}

interface Reading extends CsvFormat {
  /** So much has to be there to know what stands at a place: what ends a value may be the beginning of what ends a row. */
  readonly lookAhead: number
}

function readingOf(format: CsvFormat): Reading {
  const { rowDelimiter, columnSeparator } = format
  return { ...format, lookAhead: 1 + Math.max(rowDelimiter.length, columnSeparator.length) }
}

/** A value whose end has not come, as far as it was read: one may have megabytes, and none of them is read twice. */
interface Begun {
  readonly enclosed: string
  /** The closing character has not come. */
  readonly isInside: boolean
  readonly bare: string
}

/** What was read of a value: all of it, or, with `begun`, as much as has come. */
interface Value {
  readonly text: string
  readonly next: number
  readonly endsRow: boolean
  readonly begun?: Begun
}

interface Place {
  readonly begun: Begun
  readonly at: number
  readonly isLast: boolean
}

function behindSpaces(text: string, from: number): number {
  let at = from
  while (text[at] === ' ') at++
  return at
}

const beginning = ({ enclose }: CsvFormat, first: string | undefined): Begun => ({
  enclosed: '',
  isInside: enclose !== undefined && first === enclose,
  bare: '',
})

function readValue(reading: Reading, text: string, place: Place): Value {
  if (!place.begun.isInside) return readBare(reading, text, place)
  const inner = readEnclosed(reading, text, place)
  if (inner.begun.isInside) return { text: '', endsRow: false, ...inner }
  return readBare(reading, text, { ...place, begun: inner.begun, at: inner.next })
}

/** Up to the closing character, which is left behind. */
function readEnclosed(
  { enclose = '', escape }: Reading,
  text: string,
  { begun, at: from, isLast }: Place,
): { readonly begun: Begun; readonly next: number } {
  const parts: string[] = []
  let start = from
  let at = from
  // What the last one that has come means is for the next one to say.
  for (const stop = isLast ? text.length : text.length - 1; at < stop; at++) {
    const char = text[at]
    const next = text[at + 1]
    if (char === enclose) {
      if (next !== enclose)
        return {
          begun: {
            ...begun,
            enclosed: begun.enclosed + joined(parts, text.slice(start, at)),
            isInside: false,
          },
          next: at + 1,
        }
    } else if (char !== escape || escape === undefined) continue
    else if (next === undefined) break
    else if (next !== enclose && next !== escape) continue
    parts.push(text.slice(start, at))
    start = ++at
  }
  if (isLast) throw new SqlError('The last row of the body is enclosed and its end is missing')
  const enclosed = begun.enclosed + joined(parts, text.slice(start, at))
  return { begun: { ...begun, enclosed }, next: at }
}

/** As one piece: millions of them would be put together at once when the whole value is first looked at. */
const joined = (parts: readonly string[], last: string): string => parts.join('') + last

/** Up to a separator or, in the last row, the end of the body. */
function readBare(reading: Reading, text: string, { begun, at: from, isLast }: Place): Value {
  const { columnSeparator, rowDelimiter, escape, lookAhead } = reading
  const parts: string[] = []
  let start = from
  let at = from
  const ended = (separator: string, endsRow: boolean): Value => {
    const whole = begun.bare + joined(parts, text.slice(start, at))
    const bare = reading.trimSpace ? whole.replace(/ +$/, '') : whole
    return { text: begun.enclosed + bare, next: at + separator.length, endsRow }
  }
  for (const stop = isLast ? text.length : text.length - lookAhead + 1; at < stop; at++) {
    // Rows first, as for plain text: `|\n` may end a row whose values end with `|`.
    if (text.startsWith(rowDelimiter, at)) return ended(rowDelimiter, true)
    if (text.startsWith(columnSeparator, at)) return ended(columnSeparator, false)
    if (escape === undefined || text[at] !== escape) continue
    const special = escaped(text, at + 1, reading)
    if (special === '') continue
    parts.push(text.slice(start, at), special)
    at += special.length
    start = at + 1
  }
  if (isLast) return ended('', true)
  return {
    text: '',
    next: at,
    endsRow: false,
    begun: { ...begun, bare: begun.bare + joined(parts, text.slice(start, at)) },
  }
}

/** What the escape character protects at `at`; empty when there is nothing to protect. */
function escaped(text: string, at: number, format: CsvFormat): string {
  const candidates = [format.enclose, format.escape, format.columnSeparator, format.rowDelimiter]
  return candidates.find((what) => what !== undefined && text.startsWith(what, at)) ?? ''
}
