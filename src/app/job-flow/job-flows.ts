/** What may be asked of job flows; the reconciler runs them (reconcile/job-flow). */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { jobOf, type JobFlow } from '../../domain/job-flow.ts'
import { limits } from '../../limits.ts'
import { Fault } from '../../domain/fault.ts'
import type { Store } from '../../store/port.ts'
import type { Call } from '../call.ts'
import {
  claimIdempotencyKey,
  type IdempotencyKey,
  type IdempotencyParts,
} from '../cluster/idempotency.ts'
import type { Placement } from '../cluster/placement.ts'
import { presentCluster, recordOperation, type OperationParts } from '../cluster/modify.ts'

export type NewJobFlow = Pick<JobFlow, 'name' | 'node' | 'endsCluster' | 'steps'>

export interface JobFlows {
  /** Returns its number. Throws ClusterNotFound, IdempotencyConflict, and LimitReached when too many are open. */
  run(
    call: Call,
    id: string,
    it: { readonly key: IdempotencyKey; readonly decide: (was: Cluster) => NewJobFlow },
  ): Promise<number>
  /** Undefined for one that there is not, and for one of a cluster that the caller must not see. */
  find(call: Call, number: number): Promise<JobFlow | undefined>
}

export interface JobFlowsParts extends OperationParts, IdempotencyParts {
  readonly store: Store
  readonly placement: Pick<Placement, 'checkJobs'>
}

export function jobFlows(parts: JobFlowsParts): JobFlows {
  const { store, clock, placement } = parts
  return {
    run: (call, id, { key, decide }) =>
      store.write(async (tx) => {
        const cluster = (await presentCluster(tx, call, id)).document
        const { account } = cluster
        const listing = { account, parent: id, order: 'newest', limit: 1, offset: 0 } as const
        const open = await tx.list('jobFlow', {
          ...listing,
          states: ['waiting', 'running', 'complete', 'terminating'],
        })
        const limit = limits.openJobFlows
        if (open.total >= limit) throw new Fault('LimitReached', { what: 'open job flows', limit })
        const members = decide(cluster)
        const number = await tx.count('job-flow')
        const jobs = members.steps.map((step, at) => jobOf({ id: idOf(number) }, step, at))
        placement.checkJobs(cluster, jobs)
        const answer = { number }
        const earlier = await claimIdempotencyKey(tx, parts, call, { ...key, answer })
        if (earlier) return earlier.number
        const nowMs = clock.now()
        const flow = { id: idOf(number), number, account, cluster: id, ...members }
        await tx.insert('jobFlow', { ...flow, state: 'waiting', createdMs: nowMs }, nowMs)
        await tx.enqueue('jobFlow', flow.id, nowMs)
        await recordOperation(tx, parts, { call, id, verb: 'run-job-flow' })
        return number
      }),
    find: (call, number) =>
      store.read(async (tx) => {
        const { account } = call.principal
        const found = await tx.find('jobFlow', account, idOf(number))
        if (!found) return undefined
        const cluster = (await tx.find('cluster', account, found.document.cluster))?.document
        const isOthers = !cluster || cluster.product !== call.product
        const elsewhere = call.region !== '' && cluster?.region !== call.region
        if (isOthers || elsewhere || call.visible?.(cluster) === false) return undefined
        return found.document
      }),
  }
}

function idOf(number: number): string {
  return `job-flow-${number}`
}
