/**
 * One record of a volume's log: what the database's file became, and bytes of its write-ahead log. A line of JSON, then the bytes.
 * Records are numbered from 1 on without a gap, and a number is given once: whoever finds it taken is not the writer any more.
 */

/** What the store has is not what a volume has, or is not ours any more: trying again does not help. */
export class VolumeError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'VolumeError'
  }
}

export interface RecordHeader {
  readonly format: 1
  readonly number: number
  /** Of which process it is. */
  readonly writer: string
  /** The record that has all pieces; this one's own number when it has them itself, and the write-ahead log starts over. */
  readonly base: number
  /** Pieces of the file that changed since the record before, by their place: their SHA-256. */
  readonly pieces: readonly (readonly [number, string])[]
  readonly fileBytes: number
  /** Where its bytes belong in the write-ahead log, which ends with them. */
  readonly logFrom: number
  /** Where its whole commits end; what comes behind is the beginning of one that later records continue with. */
  readonly logEnd: number
}

export interface LogRecord {
  readonly header: RecordHeader
  readonly bytes: Uint8Array
}

/** A write-ahead log of more bytes goes into several records. */
export const RECORD_LOG_BYTES = 4 * 1024 * 1024
/** Those and the line: a piece takes 80 bytes there, so it bounds a database to some 800 GB. */
export const RECORD_BYTES = RECORD_LOG_BYTES + 64 * 1024 * 1024

const FOLDER = 'log/'
const DIGITS = 16

export const recordName = (number: number): string =>
  `${FOLDER}${String(number).padStart(DIGITS, '0')}`

export const recordFolder = FOLDER

export function recordNumber(name: string): number | undefined {
  const digits = name.slice(FOLDER.length)
  return /^\d{16}$/.test(digits) ? Number(digits) : undefined
}

export function encodeRecord({ header, bytes }: LogRecord): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), bytes])
}

export function decodeRecord(content: Buffer, number: number): LogRecord {
  const end = content.indexOf(0x0a)
  let header: RecordHeader | undefined
  try {
    header = JSON.parse(content.subarray(0, end).toString()) as RecordHeader
  } catch {
    // Said below.
  }
  if (end < 0 || header?.format !== 1 || header.number !== number)
    throw new VolumeError(`record ${number} of the volume is damaged`)
  return { header, bytes: content.subarray(end + 1) }
}
