/**
 * One SQLite connection with its prepared statements. `synchronous=FULL` in WAL mode: a commit returns only when the log is
 * on the disk, so that what was acknowledged survives loss of power as well as `kill -9`. Both are read back from the connection:
 * SQLite keeps to another mode without an error where it cannot have the one that was requested.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { Row, SqlConnection } from '../sql/connection.ts'

export type { Row }

/** Answers on the spot. */
export interface Connection extends SqlConnection {
  all(sql: string, values: readonly SQLInputValue[]): readonly Row[]
  first(sql: string, values: readonly SQLInputValue[]): Row | undefined
  /** Returns how many rows changed. */
  run(sql: string, values: readonly SQLInputValue[]): number
  exec(sql: string): void
  /** How many statements changed something; also of those that were undone. */
  changes(): number
  /** Whether a transaction was begun and has not ended; SQLite ends one by itself after some errors. */
  isInTransaction(): boolean
  close(): void
}

/** Listings with many ids have many texts; beyond this many the statements are prepared again. */
const STATEMENTS_MAX = 500

/** What SQLite calls `synchronous = full`. */
const FULL = 2

/** Throws unless every commit of the connection is on the disk when it returns. */
export function demandDurable(connection: Connection): void {
  const mode = connection.first('pragma journal_mode', [])?.['journal_mode']
  const synchronous = connection.first('pragma synchronous', [])?.['synchronous']
  if (mode === 'wal' && synchronous === FULL) return
  throw new Error(
    `the store cannot promise that commits are on the disk: journal_mode is ${String(mode)}, not wal; synchronous is ${String(synchronous)}, not ${FULL}`,
  )
}

export function connect(file: string, options: { readOnly: boolean }): Connection {
  const database = new DatabaseSync(file, { readOnly: options.readOnly, timeout: 5_000 })
  // The log is put into the database by kept-log.ts alone.
  if (!options.readOnly) database.exec('pragma journal_mode = wal; pragma wal_autocheckpoint = 0')
  database.exec('pragma synchronous = full; pragma temp_store = memory; pragma cache_size = -16000')
  const prepared = new Map<string, Prepared>()
  let changes = 0
  const prepare = (sql: string): Prepared => {
    const known = prepared.get(sql)
    if (known) return known
    if (prepared.size >= STATEMENTS_MAX) prepared.clear()
    const each = { statement: database.prepare(inOwnWords(sql, options)), writes: writes(sql) }
    prepared.set(sql, each)
    return each
  }
  return {
    all(sql, values) {
      const each = prepare(sql)
      const rows = each.statement.all(...values)
      if (each.writes && rows.length > 0) changes++
      return rows
    },
    first(sql, values) {
      const each = prepare(sql)
      const row = each.statement.get(...values)
      if (each.writes && row !== undefined) changes++
      return row
    },
    run(sql, values) {
      const rows = Number(prepare(sql).statement.run(...values).changes)
      if (rows > 0) changes++
      return rows
    },
    exec: (sql) => database.exec(sql),
    changes: () => changes,
    isInTransaction: () => database.isTransaction,
    close() {
      prepared.clear()
      database.close()
    },
  }
}

interface Prepared {
  readonly statement: StatementSync
  readonly writes: boolean
}

/** Of statements that have rows: one that writes says what it wrote. */
function writes(sql: string): boolean {
  return !sql.startsWith('select') && !sql.startsWith('pragma')
}

/** Who only reads may know the document already (document.ts). */
const PLACE = 'd.seq, d.revision'
/** What a document is read from. */
export const DOCUMENT = `${PLACE}, d.kind, d.id, d.body`

/** One process owns the file, so that nobody else claims anything. */
function inOwnWords(sql: string, { readOnly }: { readonly readOnly: boolean }): string {
  return sql
    .replace('{document}', readOnly ? PLACE : DOCUMENT)
    .replace('{like}', 'like')
    .replace('{claim}', '')
    .replace('{mine}', '')
}
