/** What may be asked of job flows; the reconciler runs them (reconcile/job-flow). */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { openJobFlowStates, type JobFlow } from '../../domain/job-flow.ts'
import { limits } from '../../limits.ts'
import { Fault } from '../../domain/fault.ts'
import type { Store } from '../../store/port.ts'
import type { Call } from '../call.ts'
import {
  claimIdempotencyKey,
  type IdempotencyKey,
  type IdempotencyParts,
} from '../cluster/idempotency.ts'
import { presentCluster } from '../cluster/modify.ts'
import { beginJobFlow, jobFlowId, type JobFlowParts, type NewJobFlow } from './begin.ts'

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

export interface JobFlowsParts extends JobFlowParts, IdempotencyParts {
  readonly store: Store
}

export function jobFlows(parts: JobFlowsParts): JobFlows {
  const { store } = parts
  return {
    run: (call, id, { key, decide }) =>
      store.write(async (tx) => {
        const cluster = (await presentCluster(tx, call, id)).document
        const { account } = cluster
        const listing = { account, parent: id, order: 'newest', limit: 1, offset: 0 } as const
        const open = await tx.list('jobFlow', {
          ...listing,
          states: openJobFlowStates,
        })
        const limit = limits.openJobFlows
        if (open.total >= limit) throw new Fault('LimitReached', { what: 'open job flows', limit })
        const members = decide(cluster)
        const number = await tx.count('job-flow')
        const answer = { number }
        const earlier = await claimIdempotencyKey(tx, parts, call, { ...key, answer })
        if (earlier) return earlier.number
        await beginJobFlow(tx, parts, { call, cluster, number, members })
        return number
      }),
    find: (call, number) =>
      store.read(async (tx) => {
        const { account } = call.principal
        const found = await tx.find('jobFlow', account, jobFlowId(number))
        if (!found) return undefined
        const cluster = (await tx.find('cluster', account, found.document.cluster))?.document
        const isOthers = !cluster || cluster.product !== call.product
        const elsewhere = call.region !== '' && cluster?.region !== call.region
        if (isOthers || elsewhere || call.visible?.(cluster) === false) return undefined
        return found.document
      }),
  }
}
