/** Creating a cluster by a request of either schema, read as CreateInstance's (reference: tencent-emr.md 2). */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import type { FaultCode } from '../../../../domain/fault.ts'
import { readBlueprint } from './blueprint.ts'
import type { CreationInput } from './create-shape.ts'
import { newClusterOf } from './new-cluster.ts'
import { prerequisitesOf } from './prerequisites.ts'

export const creationFaults: readonly FaultCode[] = [
  'IdempotencyConflict',
  'OrderRepeated',
  'BalanceShort',
  'NotSupported',
  'ResourceMissing',
  'ResourceMismatch',
  'ResourceUnfit',
  'ResourceFull',
  'ResourceShort',
  'QuotaExceeded',
  'LimitReached',
]

/** Returns the cluster's id. `parameters` are those that the client sent, without its token. */
export async function createFrom(
  core: Core,
  call: Call,
  { input, parameters }: { readonly input: CreationInput; readonly parameters: object },
): Promise<string> {
  const blueprint = await readBlueprint(input, call.region, prerequisitesOf(core, call))
  const created = await core.clusters.create(call, {
    parameters: { ...parameters, Region: call.region },
    token: blueprint.token,
    // Two subscriptions alike, ordered without a token, are one that was ordered twice (2.9).
    rejectDuplicate: blueprint.token === undefined && blueprint.term.payMode === 'prepaid',
    newCluster: () =>
      newClusterOf({ blueprint, input, random: core.random, nowMs: core.clock.now() }),
  })
  return created.cluster
}
