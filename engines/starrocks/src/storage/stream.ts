/**
 * Streams of one connection. A stream is planned before it runs, each in a transaction of its own, and DuckDB leaves out conditions that all
 * rows fulfil when it plans: rows that are committed between the two would pass without being looked at. So where anything may have been
 * written meanwhile, both are done in one transaction, which sees no such rows.
 */
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'

/** Statements that may change rows, of all connections of a database. */
export interface WriteCount {
  begun: number
  running: number
}

export const beginSql = 'BEGIN TRANSACTION'
export const commitSql = 'COMMIT'
/** The one statement that also a cancelled run may send. */
export const rollbackSql = 'ROLLBACK'

type NextChunk = () => Promise<DuckDBDataChunk | null>

interface Streams {
  /** Planned and begun. */
  stream(sql: string): Promise<NextChunk>
  /** Runs a statement that may write, or begin or end a transaction. */
  writing(sql: string, run: () => Promise<number>): Promise<number>
  /** Whether a stream's transaction is open that was not read to its end. */
  readonly isLeft: boolean
  readonly isInTransaction: boolean
  leave(): Promise<void>
}

export function streams(connection: DuckDBConnection, writes: WriteCount): Streams {
  let isLeft = false
  let isInTransaction = false
  const begun = async (sql: string) => {
    const statement = await connection.prepare(sql)
    try {
      return await statement.stream()
    } finally {
      statement.destroySync()
    }
  }
  const leave = async () => {
    isLeft = false
    await connection.run(rollbackSql)
  }
  const orLeave = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      // The first error is the one to report.
      await leave().catch(() => undefined)
      throw error
    }
  }
  const held = async (sql: string): Promise<NextChunk> => {
    await connection.run(beginSql)
    isLeft = true
    const result = await orLeave(begun(sql))
    return async () => {
      const chunk = await orLeave(result.fetchChunk())
      if (chunk !== null && chunk.rowCount > 0) return chunk
      await leave()
      return null
    }
  }
  return {
    get isLeft() {
      return isLeft
    },
    get isInTransaction() {
      return isInTransaction
    },
    async stream(sql) {
      const before = writes.begun
      const isQuiet = writes.running === 0
      if (isInTransaction || isQuiet) {
        const result = await begun(sql)
        if (isInTransaction || writes.begun === before) return () => result.fetchChunk()
      }
      return held(sql)
    },
    async writing(sql, run) {
      writes.begun++
      writes.running++
      try {
        const changed = await run()
        if (sql === beginSql) isInTransaction = true
        return changed
      } finally {
        writes.running--
        if (sql === commitSql || sql === rollbackSql) isInTransaction = false
      }
    },
    leave,
  }
}
