/**
 * The deadline and the cancellation of one statement, and the connection that obeys both.
 *
 * Every call to DuckDB first asks whether the statement was cancelled. DuckDB forgets an interrupt that arrives between two
 * of its own statements, so a cancelled run interrupts again until it has ended.
 */
import { SqlError } from '../session.ts'
import type { EngineContext } from './engine-context.ts'
import {
  interruptedError,
  interruptedErrno,
  sqlErrorOf,
  timeoutError,
} from '../storage/duck-error.ts'
import { commitSql, rollbackSql } from '../storage/link.ts'
import type { Link, Patience } from '../storage/link.ts'

export interface Guard extends Patience {
  /** `because`: the error that the client gets in place of the reason's own error. */
  cancel(reason: 'interrupt' | 'timeout', because?: SqlError): void
  /** The error that the client is to see in place of `error`. */
  explain(error: unknown): SqlError
  end(): void
  /** Called once, at the end or at once when it has ended. */
  onEnd(listener: () => void): void
  readonly cancelled: boolean
  /** Whether it has committed anything. */
  hasCommitted: boolean
}

const INTERRUPT_AGAIN_MS = 50

export function guardOf(
  engine: EngineContext,
  link: Link,
  timeoutSeconds: number,
  storageSeconds = timeoutSeconds,
): Guard {
  let cancelled: 'interrupt' | 'timeout' | undefined
  let cause: SqlError | undefined
  let ended = false
  let listeners: readonly (() => void)[] = []
  let cancelTimer: (() => void) | undefined
  const reasonError = () =>
    cause ?? (cancelled === 'timeout' ? timeoutError(timeoutSeconds) : interruptedError())
  const interruptUntilEnded = () => {
    if (ended) return
    link.interrupt()
    cancelTimer = engine.clock.at(engine.clock.now() + INTERRUPT_AGAIN_MS, interruptUntilEnded)
  }
  const volumes = new Set<number>()
  const guard: Guard = {
    storageSeconds,
    volumes,
    touched: (volume) => void volumes.add(volume),
    hasCommitted: false,
    get cancelled() {
      return cancelled !== undefined
    },
    check() {
      if (cancelled) throw reasonError()
    },
    cancel(reason, because) {
      if (ended || cancelled) return
      cancelled = reason
      cause = because
      stopDeadline()
      interruptUntilEnded()
    },
    explain(error) {
      const known = sqlErrorOf(error)
      return cancelled && known.errno === interruptedErrno ? reasonError() : known
    },
    end() {
      ended = true
      stopDeadline()
      cancelTimer?.()
      const called = listeners
      listeners = []
      for (const listener of called) listener()
    },
    onEnd(listener) {
      if (ended) listener()
      else listeners = [...listeners, listener]
    },
  }
  const stopDeadline = engine.clock.at(engine.clock.now() + timeoutSeconds * 1000, () =>
    guard.cancel('timeout'),
  )
  return guard
}

/** The link as a statement may use it. ROLLBACK passes even when cancelled. */
export function guardedLink(link: Link, guard: Guard): Link {
  return {
    ...link,
    patience: guard,
    async run(sql, values) {
      if (sql !== rollbackSql) guard.check()
      const changed = await link.run(sql, values)
      if (sql === commitSql) guard.hasCommitted = true
      return changed
    },
    rows(sql, values) {
      guard.check()
      return link.rows(sql, values)
    },
    shape(sql) {
      guard.check()
      return link.shape(sql)
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
