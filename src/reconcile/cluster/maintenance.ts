/**
 * A cluster that runs is looked after once in each of its maintenance windows, as soon as it runs in one. Nothing but the store knows
 * when: the work item of its cluster is due when the next window begins.
 */
import type { Clock } from '../../kernel/clock.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { windowAt } from '../../domain/cluster/maintenance.ts'
import type { Store, Writer } from '../../store/port.ts'
import type { Outcome } from './step.ts'

export interface MaintenanceOptions {
  readonly store: Store
  readonly clock: Clock
  /** Begins the upgrade of one that has not the newest minor version. */
  readonly upgrade?: (tx: Writer, cluster: Cluster) => Promise<void>
}

/** For a cluster of which nothing else is to be done. One that does not run is looked at when it does. */
export function maintain(
  { store, clock, upgrade }: MaintenanceOptions,
  id: string,
): Promise<Outcome> {
  return store.write(async (tx): Promise<Outcome> => {
    const found = await tx.findById('cluster', id)
    if (found?.document.status.state !== 'running') return { done: true }
    const { maintenance } = found.document
    if (!maintenance?.autoUpgrade) return { done: true }
    const nowMs = clock.now()
    const { beganMs, nextMs } = windowAt(maintenance.window, nowMs)
    if (beganMs !== undefined && (maintenance.doneMs ?? -Infinity) < beganMs) {
      const looked = { ...found.document, maintenance: { ...maintenance, doneMs: nowMs } }
      await tx.save('cluster', found, looked)
      await upgrade?.(tx, looked)
    }
    return { done: false, againAtMs: nextMs }
  })
}
