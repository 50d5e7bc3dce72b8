/**
 * The log and the mark of a database that is open: who commits notes it here, and the log is put into the database here and nowhere
 * else, because the sums of its pages have to be on the disk before the log is emptied.
 */
import { constants, statSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { createMark, markOf, openMark, readMark, sumOf } from '../commit-mark.ts'
import type { Connection } from './connection.ts'
import { readLog } from './log.ts'
import { COMMIT_COUNTER, pagesIn } from './soundness.ts'

export interface KeptLog {
  /** A commit is durable. */
  note(commit: number): void
  /** Whether the log has grown so much that it must be put into the database now. */
  isLong(): boolean
  /** Puts it into the database and empties it, unless another program is reading from it. */
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

/** About 2000 pages: pages that every commit writes are put into the database once for all of them. */
const LONG_BYTES = 8 * 1024 * 1024

export function keptLog({ file, connection, begun }: LogOptions): KeptLog {
  const logFile = `${file}-wal`
  if (!begun) begin(file, connection)
  const mark = openMark(markOf(file))
  mark.setClean(false)
  let longAt = LONG_BYTES
  const logBytes = () => statSync(logFile, { throwIfNoEntry: false })?.size ?? 0
  let copies = 0
  const checkpoint = () => {
    // Where it fails, on a full disk say, the log has everything; it is not tried again with every commit.
    longAt = logBytes() + LONG_BYTES
    if (copies > 0) return
    try {
      const { pages, databasePages } = readLog(logFile)
      if (databasePages === 0) return
      // First, while the log has the same pages: whoever ends after this finds them there, or in the database as they were summed.
      mark.sum(new Map([...pages].map(([number, page]) => [number, sumOf(page)])), databasePages)
      connection.exec('pragma wal_checkpoint(truncate)')
      if (logBytes() === 0) longAt = LONG_BYTES
    } catch {
      return
    }
  }
  return {
    note: mark.note,
    isLong: () => logBytes() > longAt,
    checkpoint,
    async copy(target) {
      checkpoint()
      copies++
      try {
        await copyWhole(file, target)
      } finally {
        copies--
      }
    },
    close() {
      if (logBytes() === 0) mark.setClean(true)
      mark.close()
    },
  }
}

/** The file alone, which has everything while the log is empty. A page that is not as it was written is not passed on. */
async function copyWhole(file: string, target: string): Promise<void> {
  if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0)
    throw new Error(`${file} is being read by another program, or its disk is full`)
  const mark = readMark(markOf(file))
  if (mark === undefined) throw new Error(`${markOf(file)} is gone`)
  await copyFile(file, target, constants.COPYFILE_EXCL)
  const copied = sumsOf(target)
  if (copied.length !== mark.sums.length || copied.some((sum, at) => sum !== mark.sums[at]))
    throw new Error(`${file} is damaged: it is not what was written to it`)
  createMark(markOf(target), { ...mark, clean: true })
}

/** All of it is put into the database and summed; killed before the mark is there, it is done again. */
function begin(file: string, connection: Connection): void {
  connection.exec('pragma wal_checkpoint(truncate)')
  createMark(markOf(file), { commit: commitsOf(connection), clean: false, sums: sumsOf(file) })
}

export function sumsOf(file: string): Uint32Array {
  return Uint32Array.from(pagesIn(file), sumOf)
}

export function commitsOf(connection: Connection): number {
  const row = connection.first('select value from counter where name = ?', [COMMIT_COUNTER])
  return Number(row?.['value'] ?? 0)
}
