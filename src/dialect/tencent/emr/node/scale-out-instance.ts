/** ScaleOutInstance: more nodes of one role, of the role's specification (reference: tencent-emr.md 5.5, 7.1). */
import type { Call } from '../../../../app/call.ts'
import type { ChangeStarted } from '../../../../app/cluster/change.ts'
import type { IdempotencyKey } from '../../../../app/cluster/idempotency.ts'
import type { Core } from '../../../../app/core.ts'
import { Fault } from '../../../../domain/fault.ts'
import { integer, list, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { checkToken } from '../cluster/option.ts'
import { prerequisitesOf } from '../cluster/prerequisites.ts'
import { nodesToAdd } from './new-node.ts'
import { readAddition, refuseScripts, refuseUnsupported } from './scale-out.ts'
import { scaleOut, type ScaleOutInput } from './scale-out-shape.ts'
import { termsOf } from './terms.ts'

export const scaleOutInstance = action({
  name: 'ScaleOutInstance',
  input: scaleOut,
  output: {
    InstanceId: text(),
    DealNames: list(text()),
    ClientToken: text(),
    FlowId: integer(),
    BillId: text(),
    TraceId: text(),
  },
  faults: [
    'ClusterNotFound',
    'ClusterBusy',
    'IdempotencyConflict',
    'BalanceShort',
    'NotSupported',
    'ResourceMissing',
    'ResourceMismatch',
    'ResourceUnfit',
    'ResourceFull',
    'ResourceShort',
    'QuotaExceeded',
    'LimitReached',
  ],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    const { ClientToken, ...parameters } = input
    refuseUnsupported(input)
    const token = checkToken(ClientToken)
    const key = { token, parameters: { ...parameters, Region: call.region } }
    const earlier = await core.clusters.started(call, key)
    const { flow, trace, order } = earlier ?? (await begin(core, call, { input, key }))
    return {
      InstanceId: input.InstanceId,
      DealNames: order === undefined ? [] : [order],
      ClientToken: token ?? '',
      FlowId: flow,
      BillId: order ?? '',
      TraceId: trace,
    }
  },
})

/** The services around are asked first, about the cluster as it is now; what they answer is judged again with the change. */
async function begin(
  core: Core,
  call: Call,
  { input, key }: { readonly input: ScaleOutInput; readonly key: IdempotencyKey },
): Promise<ChangeStarted> {
  const id = input.InstanceId
  const cluster = (await core.clusters.peek(call, [id])).get(id)
  if (!cluster) throw new Fault('ClusterNotFound', { id })
  const { subnet, placementGroups, tags } = readAddition(input, cluster)
  refuseScripts(cluster)
  const around = prerequisitesOf(core, call)
  await around.account()
  const { vpc, zone } = cluster.spec.network
  await around.network({ vpc, subnet }, { zone, prefix: '' })
  await around.placementGroups(placementGroups)
  await around.tags(tags)
  const tagged = tags.length > 0
  await around.order({ metadataBought: false, securityGroupMade: false, encrypted: false, tagged })
  return core.clusters.scale(call, id, {
    key,
    nodes: (was) => nodesToAdd(was, readAddition(input, was), core.random),
    terms: termsOf(core, around.uses),
  })
}
