/**
 * SQLite's write-ahead log as a file, read without SQLite (sqlite.org/fileformat2.html, chapter 4): which commits in it are whole,
 * and what pages they hold. SQLite itself ends at the first frame that is not whole and says nothing of what followed.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { sumOf } from '../commit-mark.ts'

export interface LogContents {
  /** What the file has. */
  readonly size: number
  /** Up to the end of the last whole commit. */
  readonly validBytes: number
  /** The newest committed content of each page, by its number. */
  readonly pages: ReadonlyMap<number, Uint8Array>
  /** How many pages the database has with these commits; 0 without any. */
  readonly databasePages: number
}

const HEADER = 32
const FRAME_HEADER = 24
const LITTLE_ENDIAN = 0x377f0682
const BIG_ENDIAN = 0x377f0683
const EMPTY: LogContents = { size: 0, validBytes: 0, pages: new Map(), databasePages: 0 }

type Sums = readonly [number, number]

/** A file that is not there is an empty log. */
export function readLog(file: string): LogContents {
  const bytes = read(file)
  const nothing = { ...EMPTY, size: bytes.length }
  if (bytes.length < HEADER) return nothing
  const magic = bytes.readUInt32BE(0)
  if (magic !== LITTLE_ENDIAN && magic !== BIG_ENDIAN) return nothing
  const add = adder(bytes, magic === BIG_ENDIAN)
  let sums = add([0, 0], 0, 24)
  if (!isSum(sums, bytes, 24)) return nothing
  const pageSize = bytes.readUInt32BE(8)
  const frameSize = FRAME_HEADER + pageSize
  const pages = new Map<number, Uint8Array>()
  let uncommitted = new Map<number, Uint8Array>()
  let found = { validBytes: HEADER, databasePages: 0 }
  for (let at = HEADER; at + frameSize <= bytes.length; at += frameSize) {
    // The salts of the header are those of every frame since the log was last begun at its front.
    if (bytes.compare(bytes, 16, 24, at + 8, at + 16) !== 0) break
    sums = add(add(sums, at, 8), at + FRAME_HEADER, pageSize)
    if (!isSum(sums, bytes, at + 16)) break
    uncommitted.set(bytes.readUInt32BE(at), bytes.subarray(at + FRAME_HEADER, at + frameSize))
    const databasePages = bytes.readUInt32BE(at + 4)
    if (databasePages === 0) continue
    for (const [number, page] of uncommitted) pages.set(number, page)
    uncommitted = new Map()
    found = { validBytes: at + frameSize, databasePages }
  }
  return { size: bytes.length, pages, ...found }
}

export interface SummedLog {
  /** By number, of the newest content of each page. */
  readonly sums: ReadonlyMap<number, number>
  /** How many pages the database has with the last of the commits. */
  readonly databasePages: number
}

/** Of whole commits in so many frames, which this process wrote: they need no proof. Read from the end, where the newest are. */
export function sumLog(file: string, frames: number, pageSize: number): SummedLog {
  const frameSize = FRAME_HEADER + pageSize
  const chunk = Buffer.allocUnsafe(CHUNK_FRAMES * frameSize)
  const sums = new Map<number, number>()
  let databasePages = 0
  if (frames === 0) return { sums, databasePages }
  const descriptor = openSync(file, 'r')
  try {
    for (let end = frames; end > 0; end -= CHUNK_FRAMES) {
      const first = Math.max(0, end - CHUNK_FRAMES)
      const length = (end - first) * frameSize
      if (readSync(descriptor, chunk, 0, length, HEADER + first * frameSize) < length)
        throw new Error(`${file} has not the ${frames} frames that were written to it`)
      for (let at = length - frameSize; at >= 0; at -= frameSize) {
        const page = chunk.readUInt32BE(at)
        databasePages ||= chunk.readUInt32BE(at + 4)
        if (!sums.has(page))
          sums.set(page, sumOf(chunk.subarray(at + FRAME_HEADER, at + frameSize)))
      }
    }
  } finally {
    closeSync(descriptor)
  }
  return { sums, databasePages }
}
const CHUNK_FRAMES = 64

function isSum([first, second]: Sums, bytes: Buffer, at: number): boolean {
  return bytes.readUInt32BE(at) === first >>> 0 && bytes.readUInt32BE(at + 4) === second >>> 0
}

/** SQLite's checksum, over words in the byte order that the log's header names. */
function adder(bytes: Buffer, bigEndian: boolean) {
  const swapped = bigEndian ? Buffer.from(bytes.subarray(0, bytes.length & ~3)).swap32() : bytes
  const words = new Int32Array(swapped.buffer, swapped.byteOffset, swapped.length >> 2)
  return ([first, second]: Sums, at: number, length: number): Sums => {
    const end = (at + length) >> 2
    for (let word = at >> 2; word < end; word += 2) {
      first = (first + (words[word] ?? 0) + second) | 0
      second = (second + (words[word + 1] ?? 0) + first) | 0
    }
    return [first, second]
  }
}

function read(file: string): Buffer {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw problem
  }
  try {
    // Of its own memory: the words of a slice of a pool would not be aligned.
    const bytes = Buffer.allocUnsafeSlow(fstatSync(descriptor).size)
    let filled = 0
    while (filled < bytes.length) {
      const count = readSync(descriptor, bytes, filled, bytes.length - filled, filled)
      if (count === 0) break
      filled += count
    }
    return bytes.subarray(0, filled)
  } finally {
    closeSync(descriptor)
  }
}
