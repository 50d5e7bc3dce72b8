/**
 * The commit mark: a file beside a database that says which commit was acknowledged last, and what each of the database's pages
 * held when it was last put in order. A database that is behind its mark has lost something; a page that is not as its sum is damaged.
 *
 * - It is written after the commit that it names and never before, so that it is behind or equal to what is durable: it refuses no
 *   sound database. It costs one small write without a flush: what was written survives the end of the process, and loss of power
 *   leaves an earlier mark, which bounds less.
 * - Two records take turns, each in a sector of its own: one that was torn leaves the other.
 * - Sums of pages are changed only while the log still holds the same pages, and pages in the log are not judged by them.
 */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { writeWhole } from './whole-file.ts'

export interface Mark {
  /** The last commit that is known to have been acknowledged. */
  readonly commit: number
  /** Everything was put into the database, and its log was empty. */
  readonly clean: boolean
  /** By page, from the first. */
  readonly sums: Uint32Array
}

export interface MarkWriter {
  /** After each commit. */
  note(commit: number): void
  /** The sums of pages from now on, in a database of so many; on the disk when it returns. */
  sum(sums: ReadonlyMap<number, number>, count: number): void
  /** On the disk when it returns. */
  setClean(clean: boolean): void
  close(): void
}

const MAGIC = 'EMRYSMRK'
const FORMAT = 1
const RECORD_BYTES = 64
const RECORDS = [0, 512] as const
const SUMS_AT = 4096
const AT = { format: 8, flags: 12, turn: 16, commit: 24, pages: 32, sum: 60 } as const
const CLEAN = 1

interface Entry {
  readonly turn: number
  readonly commit: number
  readonly clean: boolean
  readonly pages: number
}

export function markOf(databaseFile: string): string {
  return `${databaseFile}-mark`
}

export function sumOf(page: Uint8Array): number {
  return crc32(page)
}

/** Each page is summed before the next one is asked for: readers of a file use one buffer for many. */
export function sumsOf(pages: Iterable<Uint8Array>): Uint32Array {
  const sums: number[] = []
  for (const page of pages) sums.push(sumOf(page))
  return Uint32Array.from(sums)
}

/** Undefined when there is none; throws a sentence when it cannot be what was written. */
export function readMark(file: string): Mark | undefined {
  const bytes = read(file)
  if (bytes === undefined) return undefined
  const entry = newest(bytes)
  const sumless = entry?.pages === 0 && entry.commit > 0
  if (entry === undefined || sumless || bytes.length < SUMS_AT + 4 * entry.pages)
    throw new Error(`${file} is damaged (${bytes.length} bytes)`)
  const sums = Uint32Array.from({ length: entry.pages }, (_, at) =>
    bytes.readUInt32LE(SUMS_AT + 4 * at),
  )
  return { commit: entry.commit, clean: entry.clean, sums }
}

/** A crash leaves what was there or the whole. */
export function createMark(file: string, { commit, clean, sums }: Mark): void {
  const bytes = Buffer.alloc(SUMS_AT + 4 * sums.length)
  for (const [turn, at] of RECORDS.entries())
    record({ turn, commit, clean, pages: sums.length }).copy(bytes, at)
  for (const [at, sum] of sums.entries()) bytes.writeUInt32LE(sum, SUMS_AT + 4 * at)
  writeWhole(file, bytes)
}

/** The file must be there and whole. */
export function openMark(file: string): MarkWriter {
  const bytes = readFileSync(file)
  let entry = newest(bytes)
  if (entry === undefined) throw new Error(`${file} is damaged`)
  let sums = bytes.subarray(SUMS_AT)
  const descriptor = openSync(file, 'r+')
  const scratch = Buffer.alloc(RECORD_BYTES)
  const put = (changed: Partial<Entry>) => {
    entry = { ...entry!, ...changed, turn: entry!.turn + 1 }
    writeSync(descriptor, record(entry, scratch), 0, RECORD_BYTES, RECORDS[entry.turn % 2])
  }
  return {
    note(commit) {
      try {
        put({ commit })
      } catch {
        // The commit is durable and its caller gets that answer; a mark that is behind only bounds less.
      }
    },
    sum(changed, count) {
      if (sums.length < 4 * count)
        sums = Buffer.concat([sums, Buffer.alloc(blockAfter(4 * count) - sums.length)])
      const blocks = new Set<number>()
      for (const [number, sum] of changed) {
        sums.writeUInt32LE(sum, 4 * (number - 1))
        blocks.add(Math.floor((4 * (number - 1)) / BLOCK))
      }
      for (const block of blocks) {
        const at = block * BLOCK
        writeSync(descriptor, sums, at, Math.min(BLOCK, sums.length - at), SUMS_AT + at)
      }
      put({ pages: count })
      fsyncSync(descriptor)
    },
    setClean(clean) {
      // Both, so that a damaged record does not bring the other answer back.
      put({ clean })
      put({ clean })
      fsyncSync(descriptor)
    },
    close: () => closeSync(descriptor),
  }
}

/** Sums are written in pieces of this size. */
const BLOCK = 4096

function blockAfter(length: number): number {
  return Math.ceil(length / BLOCK) * BLOCK
}

function record({ turn, commit, clean, pages }: Entry, bytes = Buffer.alloc(RECORD_BYTES)): Buffer {
  bytes.write(MAGIC, 'latin1')
  bytes.writeUInt32LE(FORMAT, AT.format)
  bytes.writeUInt32LE(clean ? CLEAN : 0, AT.flags)
  bytes.writeDoubleLE(turn, AT.turn)
  bytes.writeDoubleLE(commit, AT.commit)
  bytes.writeUInt32LE(pages, AT.pages)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, AT.sum)), AT.sum)
  return bytes
}

function newest(bytes: Buffer): Entry | undefined {
  const [first, second] = RECORDS.map((at) => entryIn(bytes.subarray(at, at + RECORD_BYTES)))
  if (!first || !second) return first ?? second
  return first.turn > second.turn ? first : second
}

function entryIn(bytes: Buffer): Entry | undefined {
  if (bytes.length < RECORD_BYTES || bytes.toString('latin1', 0, AT.format) !== MAGIC)
    return undefined
  if (bytes.readUInt32LE(AT.sum) !== crc32(bytes.subarray(0, AT.sum))) return undefined
  if (bytes.readUInt32LE(AT.format) !== FORMAT) return undefined
  return {
    turn: bytes.readDoubleLE(AT.turn),
    commit: bytes.readDoubleLE(AT.commit),
    clean: (bytes.readUInt32LE(AT.flags) & CLEAN) !== 0,
    pages: bytes.readUInt32LE(AT.pages),
  }
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw problem
  }
}
