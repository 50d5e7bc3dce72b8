/**
 * Who may write: one at a time, in the order of asking. DuckDB would let writers run side by side and fail the
 * second on a conflict; taking turns makes every write succeed, and a load's label is checked and recorded in one turn.
 */
import { SqlError } from '../session.ts'

export interface Turn {
  /** Runs `work` when all who asked before are done. Throws SqlError when too many wait. */
  take<T>(work: () => Promise<T>): Promise<T>
}

/** Connections are bounded in the thousands, each waits at most once; beyond this a queue only hides an outage. */
const WAITING_MAX = 10_000

export function turn(): Turn {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return {
    async take(work) {
      if (waiting >= WAITING_MAX) {
        throw new SqlError(
          `current running txns on db is ${waiting}, larger than limit ${WAITING_MAX}`,
        )
      }
      waiting++
      const before = last
      const mine = (async () => {
        await before.catch(() => undefined)
        return work()
      })()
      last = mine.catch(() => undefined)
      try {
        return await mine
      } finally {
        waiting--
      }
    },
  }
}
