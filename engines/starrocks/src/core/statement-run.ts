/**
 * One statement on its way: its deadline, who may interrupt it, and the connection seen through both.
 *
 * Every call to DuckDB first asks whether the statement was cancelled. DuckDB forgets an interrupt that arrives between two
 * of its own statements, so a cancelled run interrupts again until it has ended.
 */
import type { Result } from '../session.ts'
import { SqlError } from '../session.ts'
import type { OutputColumn } from '../sql/translate.ts'
import type { Core } from './core.ts'
import { interruptedError, interruptedErrno, sqlErrorOf, timeoutError } from './duck-error.ts'
import { rollback } from './link.ts'
import type { Link } from './link.ts'
import { columnOf, rowsOf } from './wire.ts'
import type { DuckDBDataChunk } from '@duckdb/node-api'

export interface Guard {
  /** Throws when the statement was cancelled. */
  check(): void
  cancel(reason: 'interrupt' | 'timeout'): void
  /** The error that the client is to see in place of `error`. */
  explain(error: unknown): SqlError
  end(): void
}

const INTERRUPT_AGAIN_MS = 50

export function guardOf(core: Core, link: Link, timeoutSeconds: number): Guard {
  let cancelled: 'interrupt' | 'timeout' | undefined
  let ended = false
  let cancelTimer: (() => void) | undefined
  const reasonError = () =>
    cancelled === 'timeout' ? timeoutError(timeoutSeconds) : interruptedError()
  const strike = () => {
    if (ended) return
    link.interrupt()
    cancelTimer = core.clock.at(core.clock.now() + INTERRUPT_AGAIN_MS, strike)
  }
  const guard: Guard = {
    check() {
      if (cancelled) throw reasonError()
    },
    cancel(reason) {
      if (ended || cancelled) return
      cancelled = reason
      stopDeadline()
      strike()
    },
    explain(error) {
      const known = sqlErrorOf(error)
      return cancelled && known.errno === interruptedErrno ? reasonError() : known
    },
    end() {
      ended = true
      stopDeadline()
      cancelTimer?.()
    },
  }
  const stopDeadline = core.clock.at(core.clock.now() + timeoutSeconds * 1000, () =>
    guard.cancel('timeout'),
  )
  return guard
}

/** The link as a statement may use it. ROLLBACK passes even when cancelled. */
export function guardedLink(link: Link, guard: Guard): Link {
  return {
    ...link,
    run(sql, values) {
      if (sql !== rollback) guard.check()
      return link.run(sql, values)
    },
    rows(sql, values) {
      guard.check()
      return link.rows(sql, values)
    },
    stream(sql) {
      guard.check()
      return link.stream(sql)
    },
    whole(sql) {
      guard.check()
      return link.whole(sql)
    },
  }
}

/** A result whose rows are converted as they are pulled. */
export function rowsResult(
  columns: readonly OutputColumn[],
  chunks: AsyncIterable<DuckDBDataChunk> | Iterable<DuckDBDataChunk>,
  guard: Guard,
): Result {
  async function* converted() {
    for await (const chunk of chunks) {
      guard.check()
      yield rowsOf(chunk, columns)
    }
  }
  return { kind: 'rows', columns: columns.map(columnOf), chunks: converted() }
}

export const done = (affectedRows = 0, info = '', warnings = 0): Result => ({
  kind: 'done',
  affectedRows,
  warnings,
  info,
})

/** A refusal of something that StarRocks has and this engine does not. */
export const unsupported = (what: string): SqlError =>
  new SqlError(`${what} is not supported by this engine (StarRocks-compatible, on DuckDB)`)
