/**
 * What a cluster that runs is given with time: restarts that were planned, and its maintenance. Nothing but the store knows when: the
 * work item of its cluster is due when the next of it is.
 */
import { planIncidentRestart, type Cluster } from '../../domain/cluster/cluster.ts'
import { nextPlanned } from '../../domain/cluster/incident.ts'
import type { Writer } from '../../store/port.ts'
import { maintain, type MaintenanceOptions } from './maintenance.ts'
import type { Outcome } from './step.ts'

export interface AttentionOptions extends MaintenanceOptions {
  /** Begins the restart that was asked for an incident. */
  readonly restart?: (tx: Writer, cluster: Cluster, planned: PlannedIncident) => Promise<void>
}

export type PlannedIncident = NonNullable<ReturnType<typeof nextPlanned>>

/** Whether `attend` may find something to do. */
export function wantsAttention({ maintenance, status }: Cluster): boolean {
  return maintenance !== undefined || nextPlanned(status.incidents) !== undefined
}

/** For a cluster of which nothing else is to be done. */
export async function attend(options: AttentionOptions, cluster: Cluster): Promise<Outcome> {
  const { id, maintenance, status } = cluster
  const restarts = nextPlanned(status.incidents) ? await restartWhenDue(options, id) : done
  const maintained = maintenance ? await maintain(options, id) : done
  if (restarts.done) return maintained
  if (maintained.done) return restarts
  const { againAtMs = Infinity } = restarts
  return { done: false, againAtMs: Math.min(againAtMs, maintained.againAtMs ?? Infinity) }
}

const done: Outcome = { done: true }

/** It is taken off the cluster in the transaction that begins it, so that it happens once. */
function restartWhenDue({ store, clock, restart }: AttentionOptions, id: string): Promise<Outcome> {
  return store.write(async (tx): Promise<Outcome> => {
    const found = await tx.findById('cluster', id)
    // One that does not run is looked at when it does.
    if (found?.document.status.state !== 'running') return done
    const planned = nextPlanned(found.document.status.incidents)
    if (!planned) return done
    const nowMs = clock.now()
    const { atMs } = planned.restart
    if (atMs > nowMs) return { done: false, againAtMs: atMs }
    const begun = planIncidentRestart(found.document, planned.id, undefined)
    await tx.save('cluster', found, begun)
    await restart?.(tx, begun, planned)
    return { done: false, againAtMs: nowMs }
  })
}
