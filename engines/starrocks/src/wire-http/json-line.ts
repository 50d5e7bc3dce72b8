/**
 * JSON lines on their way to the engine. A run of lines that hold plain objects goes there as it is, for DuckDB to take apart
 * (see `Load.writeDocuments`); everything else goes through the scan, row by row, and in its place between them.
 *
 * What makes an object plain is one pattern, strict enough that JSON.parse would take it and that DuckDB, which takes more,
 * answers the same values: no escapes, nothing nested, and only numbers that a double returns as they are written.
 */
import { isUtf8 } from 'node:buffer'
import type { LoadDocuments } from '../load-sink.ts'
import type { JsonScan } from './json-scan.ts'

export interface JsonLineOptions {
  readonly fields: readonly string[]
  readonly blockBytes: number
  readonly rowBytes: number
  /** For what is no run of plain lines. */
  readonly scan: JsonScan
  documents(rows: LoadDocuments): void
}

const PLAIN_ROW =
  /\{"[ !#-[\]-\uffff]+": ?(?:"[ !#-[\]-\uffff]*"|0|-?[1-9]\d{0,14}|-?(?:0|[1-9]\d{0,8})\.\d{0,3}[1-9]|true|false|null)(?:, ?"[ !#-[\]-\uffff]+": ?(?:"[ !#-[\]-\uffff]*"|0|-?[1-9]\d{0,14}|-?(?:0|[1-9]\d{0,8})\.\d{0,3}[1-9]|true|false|null))*\}\r?\n/y

const NEWLINE = 0x0a

export function jsonLines(options: JsonLineOptions): JsonScan {
  const { scan, blockBytes } = options
  let pieces: Buffer[] = []
  let held = 0
  const readLines = lineReader(options)
  const take = (bytes: Buffer) => {
    // What is longer than a row may be is the scan's to refuse, and so is a row that is not UTF-8.
    if (bytes.length > options.rowBytes || !isUtf8(bytes)) scan.push(bytes)
    else readLines(bytes)
  }
  return {
    push(chunk) {
      pieces.push(chunk)
      held += chunk.length
      if (held < blockBytes) return
      const all = Buffer.concat(pieces, held)
      const end = all.lastIndexOf(NEWLINE) + 1
      const rest = end === 0 ? all.length : end
      take(all.subarray(0, rest))
      pieces = rest < all.length ? [all.subarray(rest)] : []
      held = all.length - rest
    },
    end() {
      if (held > 0) take(Buffer.concat(pieces, held))
      scan.end()
    },
    isBetween: () => held === 0 && scan.isBetween(),
  }
}

function lineReader({ fields, scan, documents }: JsonLineOptions): (lines: Buffer) => void {
  let usual: string | undefined
  const isUsual = (absent: readonly string[]) => (usual ??= absent.join('\n')) === absent.join('\n')
  return (lines) => {
    // The pattern takes whatever is beyond ASCII, so it looks at bytes: a place in the text is one in the lines.
    const text = lines.toString('latin1')
    for (let at = 0; at < text.length;) {
      const isBetween = scan.isBetween()
      const end = isBetween ? runEnd(text, at) : at
      const absent =
        end > at ? absentIn(fields, lines.subarray(at, text.indexOf('\n', at))) : fields
      if (absent.length < fields.length && isUsual(absent)) {
        documents({ rows: lines.subarray(at, end - 1), absent })
        at = end
        continue
      }
      // A run whose rows have other members than those before, or lines that are not plain.
      const next = end > at ? end : otherEnd(text, at, isBetween)
      scan.push(lines.subarray(at, next))
      at = next
    }
  }
}

function runEnd(text: string, from: number): number {
  PLAIN_ROW.lastIndex = from
  let end = from
  while (PLAIN_ROW.test(text)) end = PLAIN_ROW.lastIndex
  return end
}

/** Behind the lines that are not plain; in the midst of a row it is not known which are, so behind the next one. */
function otherEnd(text: string, from: number, isBetween: boolean): number {
  for (let at = from; ;) {
    at = text.indexOf('\n', at) + 1
    if (at === 0) return text.length
    PLAIN_ROW.lastIndex = at
    if (!isBetween || PLAIN_ROW.test(text)) return at
  }
}

/** The fields that the first row of a run lacks. */
function absentIn(fields: readonly string[], row: Buffer): readonly string[] {
  const document = JSON.parse(row.toString('utf8')) as object
  return fields.filter((field) => !Object.hasOwn(document, field))
}
