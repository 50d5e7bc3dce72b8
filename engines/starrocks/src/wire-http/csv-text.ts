/**
 * Plain CSV on its way to the engine: cut into blocks of whole rows, without blank rows and skipped ones, and without
 * rows that are not UTF-8. The engine cuts the blocks into values (see `Load.writeText`); nothing here looks at one.
 * reference: StarRocks be/src/exec/csv_scanner.cpp: blank rows are passed over, other encodings are filtered rows.
 */
import { isUtf8 } from 'node:buffer'
import { SqlError } from '../session.ts'
import type { CsvFormat } from './csv-format.ts'

export interface TextBlock {
  /** Rows joined by the row delimiter, none at the end. Never empty. */
  readonly rows: string
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
  const twice = between + between
  return (bytes: Buffer): TextBlock | undefined => {
    const rows = isUtf8(bytes) ? bytes.toString('utf8') : readableRows(bytes, delimiter, options)
    if (rows === '') return undefined
    const blank = rows.startsWith(between) || rows.endsWith(between) || rows.includes(twice)
    if (!blank) return { rows }
    const kept = rows
      .split(between)
      .filter((row) => row !== '')
      .join(between)
    return kept === '' ? undefined : { rows: kept }
  }
}

function readableRows(bytes: Buffer, delimiter: Buffer, options: CutOptions): string {
  const rows: string[] = []
  for (let at = 0; at <= bytes.length;) {
    const found = bytes.indexOf(delimiter, at)
    const end = found < 0 ? bytes.length : found
    const row = bytes.subarray(at, end)
    if (isUtf8(row)) rows.push(row.toString('utf8'))
    else options.refuse('Error: Invalid UTF-8 row')
    at = end + delimiter.length
  }
  return rows.join(delimiter.toString('utf8'))
}
