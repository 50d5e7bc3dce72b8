/** The sweep: enqueues every unsettled document that has no work item, and drops what has expired. Once every `limits.sweepMs`. */
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/log.ts'
import { statesWhere } from '../domain/cluster/lifecycle.ts'
import { openJobFlowStates } from '../domain/job-flow.ts'
import { limits } from '../limits.ts'
import type { Reconciler } from './loop.ts'
import type { Store } from '../store/port.ts'

export interface SweepOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
  readonly reconcilers: readonly Pick<Reconciler, 'sweep'>[]
}

/** How many lost work items one sweep repairs; the next one takes the rest. */
const SWEPT_MAX = 1000
/** By kind: the states in which there is always something to come. */
const unsettled = {
  cluster: statesWhere(({ settled }) => !settled),
  backup: ['running', 'completed', 'failed', 'deleting'],
  backupPolicy: [''],
  // Without a state where an earlier version wrote it.
  scalingRule: ['', 'open'],
  scalingStrategy: [''],
  logDelivery: [''],
  inspection: ['open'],
  jobFlow: openJobFlowStates,
} as const
const kinds = Object.keys(unsettled) as readonly (keyof typeof unsettled)[]

/** Returns how many documents it found without a work item; in a store that lost nothing, none. */
export async function sweep({ store, clock, log, reconcilers }: SweepOptions): Promise<number> {
  let found = 0
  for (const kind of kinds) {
    const lost = await store.read((tx) => tx.unqueued(kind, unsettled[kind], SWEPT_MAX))
    if (lost.length === 0) continue
    found += lost.length
    log.warn({ kind, found: lost.length }, 'the sweep found work that no work item stood for')
    await store.write(async (tx) => {
      for (const id of lost) await tx.enqueue(kind, id, clock.now())
    })
  }
  const prune = () => store.write((tx) => tx.prune(clock.now(), clock.now() - limits.auditMs))
  let pruned: number
  do pruned = await prune()
  while (pruned > 0)
  for (const reconciler of reconcilers) await reconciler.sweep?.()
  return found
}
