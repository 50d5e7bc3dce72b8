/**
 * The deadline and the cancellation of one statement, and the connection that obeys both.
 *
 * Every call to DuckDB first asks whether the statement was cancelled. DuckDB forgets an interrupt that arrives between two
 * of its own statements, so a cancelled run interrupts again until it has ended. While it waits for an object storage, in some phases
 * of its planner, and while one of its functions computes the 2 048 rows of a vector, it hears none: such a call is left to itself, and
 * nothing more is done on its connection but a ROLLBACK. So a call that writes can be left where it is inside a transaction, which nobody
 * commits then, or writes into a temporary table; COMMIT is waited for. Of what never ends, see running-guards.ts.
 */
import { SqlError } from '../session.ts'
import type { EngineContext } from './engine-context.ts'
import {
  interruptedError,
  interruptedErrno,
  sqlErrorOf,
  timeoutError,
} from '../storage/duck-error.ts'
import { beginSql, commitSql, rollbackSql } from '../storage/stream.ts'
import type { Link, Cancellation } from '../storage/link.ts'

export interface Guard extends Cancellation {
  /** `because`: the error that the client gets in place of the reason's own error. */
  cancel(reason: 'interrupt' | 'timeout', because?: SqlError): void
  /** The error that the client is to see in place of `error`. */
  explain(error: unknown): SqlError
  end(): void
  /** Called once, at the end or at once when it has ended. */
  onEnd(listener: () => void): void
  /** Called once with the reason, at once when it has been cancelled. */
  onCancel(listener: (reason: SqlError) => void): void
  readonly cancelled: boolean
  /** When calls were left to themselves that have not ended yet. */
  readonly leftMs: number | undefined
  /** Whether it has committed anything. */
  hasCommitted: boolean
}

const INTERRUPT_AGAIN_MS = 50
const ABANDON_MS = 1_000

const CLEARING_MS = 1_000

export function guardOf(
  engine: Pick<EngineContext, 'clock' | 'guards'>,
  link: Link,
  timeoutSeconds: number,
  storageSeconds = timeoutSeconds,
): Guard {
  let cancelled: 'interrupt' | 'timeout' | undefined
  let cause: SqlError | undefined
  let ended = false
  const atEnd = announcement<void>()
  const atCancel = announcement<SqlError>()
  const reasonError = () =>
    cause ?? (cancelled === 'timeout' ? timeoutError(timeoutSeconds) : interruptedError())
  const calls = abandonableCalls(reasonError, link, engine.clock)
  const interrupts = interruption(engine.clock, link, calls, () => ended)
  const volumes = new Set<number>()
  const guard: Guard = {
    storageSeconds,
    volumes,
    touched: (volume) => void volumes.add(volume),
    hasCommitted: false,
    get cancelled() {
      return cancelled !== undefined
    },
    get abandoned() {
      return calls.abandoned
    },
    get leftMs() {
      return calls.leftMs
    },
    abandonable: calls.abandonable,
    waitFor: waiting(engine.clock, atCancel.listen),
    check() {
      if (cancelled) throw reasonError()
    },
    cancel(reason, because) {
      if (ended || cancelled) return
      cancelled = reason
      cause = because
      stopDeadline()
      atCancel.announce(reasonError())
      interrupts.begin()
    },
    explain(error) {
      const known = sqlErrorOf(error)
      return cancelled && known.errno === interruptedErrno ? reasonError() : known
    },
    end() {
      ended = true
      stopDeadline()
      if (!calls.areLeft) interrupts.stop()
      // What was left to itself goes on.
      if (calls.abandoned) void calls.abandoned.then(() => engine.guards.ended(guard))
      else engine.guards.ended(guard)
      atEnd.announce()
    },
    onEnd: atEnd.listen,
    onCancel: atCancel.listen,
  }
  const endMs = engine.clock.now() + timeoutSeconds * 1000
  const stopDeadline = engine.clock.at(endMs, () => guard.cancel('timeout'))
  engine.guards.began(guard)
  return guard
}

/** Interrupts again and again, and after a while leaves calls to themselves, until the statement has ended. */
function interruption(
  clock: EngineContext['clock'],
  link: Pick<Link, 'interrupt'>,
  calls: AbandonableCalls,
  hasEnded: () => boolean,
) {
  let cancelTimer: (() => void) | undefined
  return {
    begin() {
      const abandonMs = clock.now() + ABANDON_MS
      const again = () => {
        if (hasEnded() && !calls.areLeft) return
        if (clock.now() >= abandonMs) calls.abandon()
        link.interrupt()
        cancelTimer = clock.at(clock.now() + INTERRUPT_AGAIN_MS, again)
      }
      again()
    },
    stop: () => cancelTimer?.(),
  }
}

const waiting =
  (clock: EngineContext['clock'], onCancel: Guard['onCancel']): Guard['waitFor'] =>
  (others, graceMs = 0) =>
    new Promise((resolve, reject) => {
      onCancel((reason) => {
        if (graceMs === 0) reject(reason)
        else clock.at(clock.now() + graceMs, () => reject(reason))
      })
      others.then(resolve, reject)
    })

/**
 * Waits until what a statement had begun is taken away, or its failure recorded; not for long once the statement is cancelled, as another
 * writer may be in the way of that. The statement's own error is the one to report.
 */
export async function cleared(
  guard: Pick<Guard, 'waitFor'>,
  work: Promise<unknown>,
): Promise<void> {
  await guard.waitFor(work, CLEARING_MS).catch(() => undefined)
}

/** The statement ends with the signal. */
export function cancelBy(signal: AbortSignal | undefined, guard: Guard): void {
  const cancel = () => guard.cancel('interrupt')
  if (!signal) return
  if (signal.aborted) return cancel()
  signal.addEventListener('abort', cancel, { once: true })
  guard.onEnd(() => signal.removeEventListener('abort', cancel))
}

/** What is said once: to who listened before, and at once to who listens then. */
export function announcement<T>() {
  let said: { readonly value: T } | undefined
  let listeners: readonly ((value: T) => void)[] = []
  return {
    listen(listener: (value: T) => void) {
      if (said) listener(said.value)
      else listeners = [...listeners, listener]
    },
    announce(value: T) {
      if (said) return
      said = { value }
      const called = listeners
      listeners = []
      for (const listener of called) listener(value)
    },
  }
}

interface AbandonableCalls extends Pick<Guard, 'abandoned' | 'abandonable' | 'leftMs'> {
  abandon(): void
  /** Whether some still run that were left to themselves. */
  readonly areLeft: boolean
}

/** What those had written that were left is rolled back. */
function abandonableCalls(
  reason: () => SqlError,
  link: Pick<Link, 'run'>,
  clock: EngineContext['clock'],
): AbandonableCalls {
  const calls = new Map<Promise<unknown>, () => void>()
  let abandoned: Promise<void> | undefined
  let left = 0
  let leftMs: number | undefined
  const waitForAll = async (ended: readonly Promise<unknown>[]): Promise<void> => {
    const before = abandoned
    left++
    await Promise.allSettled(ended)
    left--
    // There may be no transaction; that of a connection that is closed by now is rolled back.
    await link.run(rollbackSql).catch(() => 0)
    await before
  }
  return {
    get abandoned() {
      return abandoned
    },
    get areLeft() {
      return left > 0
    },
    get leftMs() {
      return left > 0 ? leftMs : undefined
    },
    async abandonable(call) {
      const givenUp = new Promise<never>((_, reject) => {
        calls.set(call, () => reject(reason()))
      })
      try {
        return await Promise.race([call, givenUp])
      } finally {
        calls.delete(call)
      }
    },
    abandon() {
      if (calls.size === 0) return
      leftMs ??= clock.now()
      abandoned = waitForAll([...calls.keys()])
      for (const giveUp of calls.values()) giveUp()
      calls.clear()
    },
  }
}

/** Every object that DuckDB reads or writes has its address in the statement. */
const reachesStorage = (sql: string): boolean => sql.includes('s3://')

/** What it writes is gone with the connection. */
const TEMPORARY = 'CREATE TEMP TABLE '

/** The link as a statement may use it. ROLLBACK passes even when cancelled. */
export function guardedLink(link: Link, guard: Guard): Link {
  let isInTransaction = false
  const bounded = async <T>(sql: string, call: () => Promise<T>, isLeft = true): Promise<T> => {
    if (sql !== rollbackSql || guard.abandoned) guard.check()
    if (!reachesStorage(sql)) return isLeft ? guard.abandonable(call()) : call()
    await link.boundStorage(guard.storageSeconds)
    guard.check()
    return guard.abandonable(call())
  }
  return {
    ...link,
    cancellation: guard,
    async run(sql, values) {
      const ends = sql === commitSql || sql === rollbackSql
      const isLeft = isInTransaction ? !ends : sql.startsWith(TEMPORARY)
      if (ends) isInTransaction = false
      const changed = await bounded(sql, () => link.run(sql, values), isLeft)
      if (sql === beginSql) isInTransaction = true
      if (sql === commitSql) guard.hasCommitted = true
      return changed
    },
    rows: (sql, values) => bounded(sql, () => link.rows(sql, values)),
    shape: (sql) => bounded(sql, () => link.shape(sql)),
    stream: async (sql) => abandonableChunks(await bounded(sql, () => link.stream(sql)), guard),
    whole: (sql) => bounded(sql, () => link.whole(sql)),
    again: (sql) => bounded(sql, () => link.again(sql)),
  }
}

async function* abandonableChunks<T>(chunks: AsyncIterable<T>, guard: Guard): AsyncGenerator<T> {
  const iterator = chunks[Symbol.asyncIterator]()
  for (;;) {
    const { done, value } = await guard.abandonable(iterator.next())
    if (done) return
    yield value
  }
}
