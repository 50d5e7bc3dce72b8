/** Creating a cluster by a request of either schema, read as CreateInstance's (reference: tencent-emr.md 2). */
import type { Call } from '../../../../app/call.ts'
import type { Created, NewCluster } from '../../../../app/cluster/create.ts'
import type { NewJobFlow } from '../../../../app/job-flow/begin.ts'
import type { Core } from '../../../../app/core.ts'
import type { FaultCode } from '../../../../domain/fault.ts'
import type { ObjectVolume } from '../../../../domain/object-storage.ts'
import { supplyFaults } from '../supply-faults.ts'
import { readBlueprint } from './blueprint.ts'
import type { CreationInput } from './create-shape.ts'
import { newClusterOf } from './new-cluster.ts'
import { prerequisitesOf } from './prerequisites.ts'

export const creationFaults: readonly FaultCode[] = [
  'IdempotencyConflict',
  'OrderRepeated',
  'BalanceShort',
  'NotSupported',
  ...supplyFaults,
  'LimitReached',
]

interface Creation {
  readonly input: CreationInput
  /** Those that the client sent, without its token. */
  readonly parameters: object
  /** Where its logs go, with the store's own key. */
  readonly logs?: ObjectVolume | undefined
  /** What the cluster is made for. */
  readonly jobFlow?: (cluster: NewCluster['cluster']) => NewJobFlow
}

/** Returns the cluster's id. */
export async function createFrom(core: Core, call: Call, it: Creation): Promise<string> {
  return (await order(core, call, it)).cluster
}

export async function order(
  core: Core,
  call: Call,
  { input, parameters, logs, jobFlow }: Creation,
): Promise<Created> {
  const blueprint = await readBlueprint(input, call.region, prerequisitesOf(core, call))
  return core.clusters.create(call, {
    parameters: { ...parameters, Region: call.region },
    token: blueprint.token,
    // Two subscriptions alike, ordered without a token, are one that was ordered twice (2.9).
    rejectDuplicate: blueprint.token === undefined && blueprint.term.payMode === 'prepaid',
    newCluster() {
      const { random, clock } = core
      const made = newClusterOf({ blueprint, input, logs, random, nowMs: clock.now() })
      return jobFlow ? { ...made, jobFlow: jobFlow(made.cluster) } : made
    },
  })
}
