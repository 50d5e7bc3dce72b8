/** Adding nodes by a request of either schema, read as ScaleOutInstance's (reference: tencent-emr.md 5.5, 7.1). */
import type { Call } from '../../../../app/call.ts'
import type { ChangeStarted } from '../../../../app/cluster/change.ts'
import type { IdempotencyKey } from '../../../../app/cluster/idempotency.ts'
import type { NodeScripts } from '../../../../app/cluster/scale.ts'
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { Fault, type FaultCode } from '../../../../domain/fault.ts'
import { integer, list, text } from '../../../../shape/shape.ts'
import { bootstrapSecrets, readBootstrap } from '../cluster/bootstrap.ts'
import { prerequisitesOf } from '../cluster/prerequisites.ts'
import { supplyFaults } from '../supply-faults.ts'
import { nodesToAdd } from './new-node.ts'
import { readAddition, type AdditionInput } from './scale-out.ts'
import { termsOf } from './terms.ts'

export const additionOutput = {
  InstanceId: text(),
  DealNames: list(text()),
  ClientToken: text(),
  FlowId: integer(),
  BillId: text(),
  TraceId: text(),
}

export const additionFaults: readonly FaultCode[] = [
  'ClusterNotFound',
  'ClusterBusy',
  'IdempotencyConflict',
  'BalanceShort',
  'NotSupported',
  ...supplyFaults,
  'LimitReached',
]

export interface AdditionRequest {
  readonly id: string
  readonly input: AdditionInput
  readonly key: IdempotencyKey
}

/** The services around are asked first, about the cluster as it is now; what they answer is judged again with the change. */
export async function addNodes(
  core: Core,
  call: Call,
  { id, input, key }: AdditionRequest,
): Promise<ChangeStarted> {
  const cluster = (await core.clusters.peek(call, [id])).get(id)
  if (!cluster) throw new Fault('ClusterNotFound', { id })
  const { group, subnet, placementGroups, tags } = readAddition(input, cluster)
  const scripts = readScripts(input, core.random.base36(SET_LENGTH))
  const around = prerequisitesOf(core, call)
  await around.account()
  const { vpc } = cluster.spec.network
  await around.network({ vpc, subnet }, { zone: group.zone, prefix: '' })
  await around.placementGroups(placementGroups)
  await around.tags(tags)
  const tagged = tags.length > 0
  await around.order({ metadataBought: false, securityGroupMade: false, encrypted: false, tagged })
  return core.clusters.scale(call, id, {
    key,
    nodes: (was) => nodesToAdd(was, readAddition(input, was), core.random),
    terms: termsOf(core, around.uses),
    scripts,
  })
}

const SET_LENGTH = 8
/** What the ids of scripts begin with that a request for more nodes brought. */
const SET = 'scale-out-'

/** The request's own, else those that the cluster has. What earlier requests brought has run. */
function readScripts(
  { PreExecutedFileSettings: settings = [] }: AdditionInput,
  number: string,
): (was: Cluster) => NodeScripts {
  if (settings.length === 0) return ({ spec }) => ({ scripts: spec.scripts ?? [] })
  const set = `${SET}${number}`
  const own = { scripts: readBootstrap(settings, set), secrets: bootstrapSecrets(settings, set) }
  return (was) => ({
    ...own,
    stale: Object.keys(was.secrets).filter((name) => name.startsWith(SET)),
  })
}

export function viewAddition(it: {
  readonly id: string
  readonly token: string | undefined
  readonly started: ChangeStarted
}) {
  const { flow, trace, order } = it.started
  return {
    InstanceId: it.id,
    DealNames: order === undefined ? [] : [order],
    ClientToken: it.token ?? '',
    FlowId: flow,
    BillId: order ?? '',
    TraceId: trace,
  }
}
