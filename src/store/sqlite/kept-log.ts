/**
 * The log and the mark of a database that is open: who commits notes it here, and the log is put into the database here and nowhere
 * else, because the sums of its pages have to be on the disk before the log is emptied.
 */
import { closeSync, openSync, read, readSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { createMark, markOf, openMark, readMark, sumOf, sumsOf } from '../commit-mark.ts'
import type { Connection } from './connection.ts'
import { readLog, sumLog, type SummedLog } from './log.ts'
import { COMMIT_COUNTER, LOCK_PAGE, PAGE_BYTES, pagesOf } from './soundness.ts'

export interface KeptLog {
  /** A commit is durable. */
  note(commit: number): void
  /** Whether the log has grown so much that it must be put into the database now. */
  isLong(): boolean
  /** Puts it into the database, as far as no other program is reading from it. */
  checkpoint(): void
  /** Between two commits: the database as it is, in another file; until it resolves the log is not put into the database. */
  copy(target: string): Promise<void>
  /** When no connection is left. */
  close(): void
}

interface LogOptions {
  readonly file: string
  /** The one that writes. */
  readonly connection: Connection
  /** False: no sums were ever taken, and they begin with what is there. */
  readonly begun: boolean
}

/** Pages that every commit writes are put into the database once for all of them. */
const LONG_FRAMES = 4_000
const COPIED_PAGES = 64

export function keptLog({ file, connection, begun }: LogOptions): KeptLog {
  // Closed after the connections: closing any descriptor of a file ends the locks that SQLite holds on it in this process.
  const logFile = `${file}-wal`
  const database = openSync(file, 'r')
  const index = openSync(`${file}-shm`, 'r')
  if (!begun) begin(file, { connection, database })
  const mark = openMark(markOf(file))
  mark.setClean(false)
  let longAt = LONG_FRAMES
  let copies = 0
  /** Whether everything is in the database. */
  let complete = false
  const sumLogged = ({ sums, databasePages }: SummedLog) => {
    if (databasePages > 0) mark.sum(sums, databasePages)
  }
  const checkpoint = () => {
    if (copies > 0 || complete) return
    // Where it fails, on a full disk say, the log has everything; it is not tried again with every commit.
    longAt = framesOf(index) + LONG_FRAMES
    try {
      const known = framesOf(index)
      // First, while the log has the same pages: whoever ends after this finds them there, or in the database as they were summed.
      sumLogged(sumLog(logFile, known, PAGE_BYTES))
      // Not emptied: a log of full length is written without the system noting its growth. The next commit writes it from its beginning.
      const { log, checkpointed } = connection.first('pragma wal_checkpoint(passive)', []) ?? {}
      if (log !== known) {
        const { pages, databasePages } = readLog(logFile)
        const sums = new Map([...pages].map(([number, page]) => [number, sumOf(page)]))
        sumLogged({ sums, databasePages })
      }
      complete = log === checkpointed
      if (complete) longAt = LONG_FRAMES
    } catch {
      return
    }
  }
  return {
    note(commit) {
      complete = false
      mark.note(commit)
    },
    isLong: () => framesOf(index) > longAt,
    checkpoint,
    async copy(target) {
      checkpoint()
      if (!complete)
        throw new Error(`${file} is being read by another program, or its disk is full`)
      copies++
      try {
        await copyWhole(file, database, target)
      } finally {
        copies--
      }
    },
    close() {
      closeSync(index)
      closeSync(database)
      if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) === 0) mark.setClean(true)
      mark.close()
    },
  }
}

/** The number of frames in the log, from SQLite's index of it (sqlite.org/walformat.html). */
function framesOf(index: number): number {
  readSync(index, FRAMES, 0, 4, 16)
  return new Uint32Array(FRAMES.buffer, FRAMES.byteOffset, 1)[0] ?? 0
}
const FRAMES = Buffer.allocUnsafeSlow(4)

/** The file alone, which has everything. A page that is not as it was written is not passed on. */
async function copyWhole(file: string, database: number, target: string): Promise<void> {
  const mark = readMark(markOf(file))
  if (mark === undefined) throw new Error(`${markOf(file)} is gone`)
  const copy = await open(target, 'wx', 0o600)
  try {
    const chunk = Buffer.alloc(COPIED_PAGES * PAGE_BYTES)
    for (let first = 0; first < mark.sums.length; first += COPIED_PAGES) {
      const length = Math.min(COPIED_PAGES, mark.sums.length - first) * PAGE_BYTES
      const got = await readAt(database, chunk.subarray(0, length), first * PAGE_BYTES)
      const isWhole = (page: Uint8Array, at: number) =>
        first + at + 1 === LOCK_PAGE || sumOf(page) === mark.sums[first + at]
      const pages = Array.from({ length: length / PAGE_BYTES }, (_, at) =>
        chunk.subarray(at * PAGE_BYTES, (at + 1) * PAGE_BYTES),
      )
      if (got < length || !pages.every(isWhole))
        throw new Error(`${file} is damaged: it is not what was written to it`)
      await copy.write(chunk, 0, length, first * PAGE_BYTES)
    }
  } finally {
    await copy.close()
  }
  createMark(markOf(target), { ...mark, clean: true })
}

const readAt = promisify(
  (
    descriptor: number,
    into: Buffer,
    at: number,
    done: (problem: Error | null, count: number) => void,
  ) => void read(descriptor, into, 0, into.length, at, done),
)

/** All of it is put into the database and summed; killed before the mark is there, it is done again. */
function begin(
  file: string,
  { connection, database }: { readonly connection: Connection; readonly database: number },
): void {
  connection.exec('pragma wal_checkpoint(truncate)')
  const sums = sumsOf(pagesOf(database))
  createMark(markOf(file), { commit: commitsOf(connection), clean: false, sums })
}

export function commitsOf(connection: Connection): number {
  const row = connection.first('select value from counter where name = ?', [COMMIT_COUNTER])
  return Number(row?.['value'] ?? 0)
}
