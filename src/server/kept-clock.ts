/**
 * Composition root, its part for time: service time passes from where it was. Had it been moved, a restart does not turn it back.
 * How far it was moved is a counter of the store, which answers for it as for everything else.
 */
import { systemClock, type MovableClock } from '../kernel/clock.ts'
import { limits } from '../limits.ts'
import type { DataDirectory } from '../store/data-directory.ts'
import type { Store } from '../store/port.ts'

export const CLOCK_COUNTER = 'clock-ahead-ms'
/** Where earlier versions kept it. */
const EARLIER = 'clock'

export interface KeptClock {
  clock(): Promise<MovableClock>
  /** Durable when it resolves. */
  keep(aheadMs: number): Promise<void>
}

export function keptClock(parts: {
  readonly directory: DataDirectory
  readonly store: Store
}): KeptClock {
  const { directory, store } = parts
  const raise = (aheadMs: number) =>
    store.write(async (tx) => {
      const known = await tx.counted(CLOCK_COUNTER)
      return aheadMs > known ? tx.count(CLOCK_COUNTER, aheadMs - known) : known
    })
  return {
    async clock() {
      const aheadMs = await raise(earlierAhead(directory))
      directory.forget(EARLIER)
      const clock = systemClock()
      clock.advance(aheadMs)
      return clock
    },
    async keep(aheadMs) {
      await raise(aheadMs)
    },
  }
}

/** Throws a sentence for what cannot have been written there. */
function earlierAhead(directory: DataDirectory): number {
  const text = directory.kept(EARLIER) ?? '0'
  const aheadMs = Number(text)
  if (/^\d+$/.test(text) && aheadMs <= limits.clockAheadMs) return aheadMs
  throw new Error(
    `the clock file ${directory.file(EARLIER)} is damaged: it must say by how many milliseconds service time was moved, 0 to ${limits.clockAheadMs}; put it back as it was, or remove it to begin at the machine's time`,
  )
}
