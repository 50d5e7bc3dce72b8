/** The sweep: enqueues every unsettled document that has no work item, and drops what has expired. Once every `limits.sweepMs`. */
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/log.ts'
import { statesWhere } from '../domain/cluster/lifecycle.ts'
import { limits } from '../limits.ts'
import type { Store } from '../store/port.ts'

export interface SweepOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
}

/** How many lost work items one sweep repairs; the next one takes the rest. */
const SWEPT_MAX = 1000
const unsettled = statesWhere(({ settled }) => !settled)

/** Returns how many documents it found without a work item; in a store that lost nothing, none. */
export async function sweep({ store, clock, log }: SweepOptions): Promise<number> {
  const lost = await store.read((tx) => tx.unqueued('cluster', unsettled, SWEPT_MAX))
  if (lost.length > 0) {
    log.warn({ found: lost.length }, 'the sweep found work that no work item stood for')
    await store.write(async (tx) => {
      for (const id of lost) await tx.enqueue('cluster', id, clock.now())
    })
  }
  await store.write((tx) => tx.prune(clock.now(), clock.now() - limits.auditMs))
  return lost.length
}
