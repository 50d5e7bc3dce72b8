/**
 * One process per data directory. The lock file names its holder by process id and start time, so that a holder that
 * was killed does not lock anyone out, and a process id that is used again is not taken for the holder.
 * DuckDB's own file lock stands behind it: should two processes find the same stale file at the same moment, the
 * second one fails on opening the database.
 */
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SqlError } from '../session.ts'

const LOCK_FILE = 'lock'

/** Takes the lock or throws SqlError 1105; the returned function releases it. */
export function lockDirectory(directory: string): () => void {
  const file = join(directory, LOCK_FILE)
  const mine = `${process.pid} ${startOf(process.pid) ?? ''}\n`
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, mine, { mode: 0o600 })
  try {
    for (let attempt = 0; ; attempt++) {
      if (tryLink(draft, file)) break
      const holder = readHolder(file)
      if (attempt === 2 || (holder !== undefined && isAlive(holder))) {
        throw new SqlError(
          `The data directory is in use by process ${holder?.pid ?? 'unknown'}`,
          1105,
          'HY000',
        )
      }
      rmSync(file, { force: true })
    }
  } finally {
    rmSync(draft, { force: true })
  }
  return () => {
    if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true })
  }
}

interface Holder {
  readonly pid: number
  readonly start: string
}

/** A link is made whole or not at all, unlike a file that is created and then written. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    const [pid = '', start = ''] = readFileSync(file, 'utf8').trim().split(' ')
    return { pid: Number(pid), start }
  } catch {
    return undefined
  }
}

function isAlive(holder: Holder): boolean {
  if (!Number.isInteger(holder.pid) || holder.pid <= 0) return false
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return holder.start === '' || startOf(holder.pid) === holder.start
}

/** Field 22 of /proc/PID/stat: clock ticks from boot to the process's start. Undefined where there is no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
