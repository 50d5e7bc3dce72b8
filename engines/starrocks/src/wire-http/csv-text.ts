/**
 * Plain CSV on its way to the engine: cut into blocks of whole rows, without blank rows and skipped ones, and without
 * rows that are not UTF-8. The engine cuts the blocks into values (see `Load.writeText`); nothing here looks at one.
 * reference: StarRocks be/src/exec/csv_scanner.cpp: blank rows are skipped, other encodings are filtered rows.
 */
import { isUtf8 } from 'node:buffer'
import { SqlError } from '../session.ts'
import type { CsvFormat } from './csv-format.ts'

export interface TextBlock {
  /** Rows joined by the row delimiter, none at the end. Never empty. */
  readonly rows: Buffer
}

export interface TextCutter {
  push(chunk: Buffer): TextBlock | undefined
  /** What is left: the last row needs no delimiter. */
  end(): TextBlock | undefined
}

export interface CutOptions {
  readonly blockBytes: number
  readonly rowBytes: number
  refuse(reason: string): void
}

export function textCutter(format: CsvFormat, options: CutOptions): TextCutter {
  const delimiter = Buffer.from(format.rowDelimiter, 'latin1')
  const clean = cleaner(delimiter, options)
  let pieces: Buffer[] = []
  let held = 0
  // A row longer than a block is looked for again only after as much again has come.
  let lookAt = options.blockBytes
  let toSkip = format.skipHeader

  const skipped = (bytes: Buffer): Buffer => {
    let rest = bytes
    while (toSkip > 0) {
      const end = rest.indexOf(delimiter)
      if (end < 0) break
      rest = rest.subarray(end + delimiter.length)
      toSkip--
    }
    return rest
  }
  const hold = (bytes: Buffer) => {
    pieces = bytes.length > 0 ? [bytes] : []
    held = bytes.length
    lookAt = Math.max(options.blockBytes, held * 2)
  }
  return {
    push(chunk) {
      pieces.push(chunk)
      held += chunk.length
      if (held < lookAt) return undefined
      const all = skipped(Buffer.concat(pieces, held))
      const end = all.lastIndexOf(delimiter)
      if (toSkip > 0 || end < 0) {
        if (all.length > options.rowBytes) throw tooLong(options.rowBytes)
        hold(all)
        return undefined
      }
      hold(all.subarray(end + delimiter.length))
      return clean(all.subarray(0, end))
    },
    end() {
      const all = skipped(Buffer.concat(pieces, held))
      pieces = []
      return toSkip > 0 ? undefined : clean(all)
    },
  }
}

export const tooLong = (rowBytes: number): SqlError =>
  new SqlError(`CSV line length exceed limit ${rowBytes}`)

function cleaner(delimiter: Buffer, options: CutOptions) {
  const between = delimiter.toString('utf8')
  const twice = Buffer.concat([delimiter, delimiter])
  const hasBlank = (rows: Buffer) =>
    rows.subarray(0, delimiter.length).equals(delimiter) ||
    rows.subarray(-delimiter.length).equals(delimiter) ||
    rows.includes(twice)
  return (bytes: Buffer): TextBlock | undefined => {
    const rows = isUtf8(bytes) ? bytes : readableRows(bytes, delimiter, options)
    if (rows.length === 0) return undefined
    if (!hasBlank(rows)) return { rows }
    const kept = rows
      .toString('utf8')
      .split(between)
      .filter((row) => row !== '')
      .join(between)
    return kept === '' ? undefined : { rows: Buffer.from(kept) }
  }
}

function readableRows(bytes: Buffer, delimiter: Buffer, options: CutOptions): Buffer {
  const rows: Buffer[] = []
  for (let at = 0; at <= bytes.length;) {
    const found = bytes.indexOf(delimiter, at)
    const end = found < 0 ? bytes.length : found
    const row = bytes.subarray(at, end)
    if (isUtf8(row)) rows.push(...(rows.length > 0 ? [delimiter, row] : [row]))
    else options.refuse('Error: Invalid UTF-8 row')
    at = end + delimiter.length
  }
  return Buffer.concat(rows)
}
