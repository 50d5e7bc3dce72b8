/**
 * The writers' mutex: one at a time, first come, first served. DuckDB would let writers run side by side and fail the
 * second on a conflict; with the mutex every write succeeds, and a load's label is checked and recorded under one lock.
 */
import { SqlError } from '../session.ts'
import type { Cancellation } from './link.ts'

export interface WriteMutex {
  /**
   * Runs `work` when all that came before are done, and what they left to itself is rolled back. Throws SqlError when too many wait, or
   * when it was cancelled before its turn.
   */
  withLock<T>(work: () => Promise<T>, cancellation?: Cancellation): Promise<T>
}

/** Listeners of writes. */
export interface WriteListener {
  /** Before a write waits for its turn. */
  admit(cancellation?: Cancellation): Promise<void> | undefined
  /** With the lock, when one has ended, however it ended. */
  written(): void
}

/** Connections are bounded in the thousands, each waits at most once; beyond this a queue only hides an outage. */
const WAITING_MAX = 10_000

export function writeMutex(listener?: WriteListener): WriteMutex {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return {
    async withLock(work, cancellation) {
      await listener?.admit(cancellation)
      if (waiting >= WAITING_MAX) {
        throw new SqlError(
          `current running txns on db is ${waiting}, larger than limit ${WAITING_MAX}`,
        )
      }
      waiting++
      const before = last
      let left: Promise<void> | undefined
      const mine = (async () => {
        await (cancellation?.waitFor(before) ?? before)
        cancellation?.check()
        try {
          return await work()
        } finally {
          left = cancellation?.abandoned
          listener?.written()
        }
      })()
      // Who is cancelled while it waits ends before those that it waits for.
      last = Promise.allSettled([before, mine]).then(() => left)
      try {
        return await mine
      } finally {
        waiting--
      }
    },
  }
}
