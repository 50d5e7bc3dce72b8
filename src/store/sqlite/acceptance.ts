/** The word of the server's administrator that what is there counts, although it may be less than what was acknowledged. */
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createMark, markOf, sumsOf } from '../commit-mark.ts'
import { connect } from './connection.ts'
import { commitsOf } from './kept-log.ts'
import { examine, pagesIn } from './soundness.ts'

/**
 * Copies what is there to `aside` and makes a mark that fits the database. One that cannot be read is given up as a whole, and the
 * server starts over. Returns how many commits are left. Nobody else may have the database open.
 */
export function acceptLoss(file: string, aside: string): number {
  const { readable } = examine(file)
  const files = [file, `${file}-wal`, `${file}-shm`, markOf(file)]
  mkdirSync(aside, { mode: 0o700 })
  for (const each of files) if (existsSync(each)) copyFileSync(each, join(aside, basename(each)))
  rmSync(markOf(file), { force: true })
  if (readable) return adopt(file)
  for (const each of files) rmSync(each, { force: true })
  createMark(markOf(file), { commit: 0, clean: false, sums: new Uint32Array() })
  return 0
}

/** Makes a mark for a database as it is, which nobody has open. Returns how many commits it has. */
export function adopt(file: string): number {
  const connection = connect(file, { readOnly: false })
  let commit: number
  try {
    connection.exec('pragma wal_checkpoint(truncate)')
    commit = commitsOf(connection)
  } finally {
    connection.close()
  }
  createMark(markOf(file), { commit, clean: false, sums: sumsOf(pagesIn(file)) })
  return commit
}
