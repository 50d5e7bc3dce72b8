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
  let lookAt = 0
  let toSkip = format.skipHeader
  const take = (values: readonly string[]) => {
    if (toSkip > 0) {
      toSkip--
      return
    }
    const [first] = values
    if (values.length === 1 && first === '') return
    if (values.length !== options.fields) {
      sink.refuse(
        `Error: Target column count: ${options.fields} doesn't match source value column count: ${values.length}. Column separator: ${shown(format.columnSeparator)}, Row delimiter: ${shown(format.rowDelimiter)}`,
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
  const read = (isLast: boolean) => {
    let at = 0
    while (at < held.length) {
      const found = readRecord(held, at, format, isLast)
      if (!found) break
      take(found.values)
      at = found.next
    }
    held = held.slice(at)
    if (held.length > options.rowBytes) throw tooLong(options.rowBytes)
    // A row longer than what has come is begun again only after as much again has come.
    lookAt = held.length * 2
  }
  return {
    push(chunk) {
      held += chunk.toString('latin1')
      if (held.length >= lookAt) read(false)
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

interface Found {
  readonly values: readonly string[]
  readonly next: number
}

interface Value {
  readonly text: string
  readonly next: number
  readonly endsRow: boolean
}

/** One row from `from` on; undefined when its end has not come yet. */
function readRecord(
  text: string,
  from: number,
  format: CsvFormat,
  isLast: boolean,
): Found | undefined {
  const values: string[] = []
  for (let at = from; ;) {
    const value = readValue(text, at, format, isLast)
    if (!value) return undefined
    values.push(value.text)
    at = value.next
    if (value.endsRow) return { values, next: at }
  }
}

function readValue(
  text: string,
  from: number,
  format: CsvFormat,
  isLast: boolean,
): Value | undefined {
  let at = from
  if (format.trimSpace) while (text[at] === ' ') at++
  if (format.enclose === undefined || text[at] !== format.enclose) {
    return readBare(text, at, format, isLast)
  }
  const inner = readEnclosed(text, at + 1, format, isLast)
  if (!inner) return undefined
  const rest = readBare(text, inner.next, format, isLast)
  return rest && { ...rest, text: inner.text + rest.text }
}

/** Up to the closing character, which is left behind. */
function readEnclosed(
  text: string,
  from: number,
  { enclose = '', escape }: CsvFormat,
  isLast: boolean,
): { readonly text: string; readonly next: number } | undefined {
  let value = ''
  let start = from
  for (let at = from; at < text.length; at++) {
    const char = text[at]
    const next = text[at + 1]
    if (char === enclose) {
      if (next !== enclose) return { text: value + text.slice(start, at), next: at + 1 }
    } else if (char !== escape || escape === undefined) continue
    else if (next === undefined) break
    else if (next !== enclose && next !== escape) continue
    value += text.slice(start, at)
    start = ++at
  }
  if (isLast) throw new SqlError('The last row of the body is enclosed and its end is missing')
  return undefined
}

/**
 * Up to a separator or, in the last row, the end of the body. A separator that the network cut in two needs no care: a row
 * whose end has not come is read again from its beginning.
 */
function readBare(
  text: string,
  from: number,
  format: CsvFormat,
  isLast: boolean,
): Value | undefined {
  const { columnSeparator, rowDelimiter, escape } = format
  let value = ''
  let start = from
  const ended = (at: number, separator: string, endsRow: boolean): Value => {
    const whole = value + text.slice(start, at)
    const trimmed = format.trimSpace ? whole.replace(/ +$/, '') : whole
    return { text: trimmed, next: at + separator.length, endsRow }
  }
  for (let at = from; at < text.length; at++) {
    // Rows first, as for plain text: `|\n` may end a row whose values end with `|`.
    if (text.startsWith(rowDelimiter, at)) return ended(at, rowDelimiter, true)
    if (text.startsWith(columnSeparator, at)) return ended(at, columnSeparator, false)
    if (escape === undefined || text[at] !== escape) continue
    const special = escaped(text, at + 1, format)
    if (special === '') continue
    value += text.slice(start, at) + special
    at += special.length
    start = at + 1
  }
  return isLast ? ended(text.length, '', true) : undefined
}

/** What the escape character protects at `at`; empty when there is nothing to protect. */
function escaped(text: string, at: number, format: CsvFormat): string {
  const candidates = [format.enclose, format.escape, format.columnSeparator, format.rowDelimiter]
  return candidates.find((what) => what !== undefined && text.startsWith(what, at)) ?? ''
}
