/**
 * Whether another store of this process committed to a database. No other process does: the data directory is locked for as long as a
 * server has it (data-directory.ts), and SQLite's own `pragma data_version` would cost every read a statement.
 */
import { realpathSync } from 'node:fs'

export interface FileVersion {
  /** Whether another store committed since this was last asked. */
  isForeign(): boolean
  /** This store committed; what others did before still counts as foreign. */
  committed(): void
  release(): void
}

/** By the database's path: how often its stores committed, and how many of them are open. */
const files = new Map<string, { commits: number; stores: number }>()

/** Of a database that exists. Opening it counts as a commit, as that migrates it. */
export function fileVersion(file: string): FileVersion {
  const path = realpathSync(file)
  const shared = files.get(path) ?? { commits: 0, stores: 0 }
  files.set(path, shared)
  shared.stores++
  let seen = ++shared.commits
  return {
    isForeign() {
      if (seen === shared.commits) return false
      seen = shared.commits
      return true
    },
    committed() {
      shared.commits++
      seen++
    },
    release() {
      if (--shared.stores === 0) files.delete(path)
    },
  }
}
