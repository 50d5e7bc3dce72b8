/**
 * ModifyNodeNumber: more nodes for a group, or fewer, of which the highest go. Backends are decommissioned one by one unless
 * Parallelism says how many at a time; compute nodes are drained side by side, for as long as TerminationGracePeriodSeconds says.
 * Frontends come in odd numbers and stay. Facts: reference alibaba-starrocks.md 3.2 (Resource change), 4.2, 10 (C11).
 */
import type { NodesToAdd, NodesToRemove } from '../../../../app/cluster/scale.ts'
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { highestNodes } from '../../../../domain/cluster/spec.ts'
import { Fault } from '../../../../domain/fault.ts'
import { integer, optional, type Static, type TObject } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceResources } from '../shape.ts'
import { changeAsks, changeFaults, changeMembers } from './change.ts'
import { furtherNodes } from './new-group.ts'
import { changeableGroup, checkTarget } from './rules.ts'
import { orderOnWire, promotionOf, termsOf } from './terms.ts'

const NODES_MAX = 100
/** A day; no source says how long nodes may take. */
const GRACE_MAX = 86_400

const members = {
  ...changeMembers,
  Parallelism: optional(integer({ min: 1, max: NODES_MAX, label: 'Parallelism' })),
  TerminationGracePeriodSeconds: optional(
    integer({ min: 0, max: GRACE_MAX, label: 'Termination grace period seconds' }),
  ),
}

type NumberInput = Static<TObject<typeof members>>

export const modifyNodeNumber = action({
  name: 'ModifyNodeNumber',
  input: members,
  output: { Data: integer() },
  faults: [...changeFaults, 'ResourceFull'],
  asks: changeAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, input) {
    const promotion = await promotionOf(core, call, input.PromotionOptionNo)
    const seconds = input.TerminationGracePeriodSeconds
    const started = await core.clusters.scale(call, input.InstanceId, {
      nodes: (was) => nodesOf(core, was, input),
      terms: termsOf(core, promotion),
      ...(seconds === undefined ? {} : { graceMs: seconds * 1000 }),
    })
    return { Data: orderOnWire(started) }
  },
})

function nodesOf(core: Core, was: Cluster, input: NumberInput): NodesToAdd | NodesToRemove {
  const { NodeGroupId, Target, Parallelism, TerminationGracePeriodSeconds } = input
  const it = changeableGroup(was, NodeGroupId)
  checkTarget(it, 'residentNodeNumber', Target)
  const { group, place } = it
  const more = Target - group.nodes.length
  if (more > 0) {
    refuseWith({ Parallelism, TerminationGracePeriodSeconds }, 'no node is removed')
    return { add: [{ group: group.id, nodes: furtherNodes(group, more, core.random) }] }
  }
  if (place.component === 'FE')
    throw new Fault('NotSupported', {
      what: 'Removing nodes of fe',
      detail: 'frontends can only be added',
    })
  if (place.component === 'BE')
    refuseWith(
      { TerminationGracePeriodSeconds },
      'backends are removed when their data has moved, however long it takes',
    )
  const drainAtOnce = Parallelism ?? (place.component === 'BE' ? 1 : undefined)
  return {
    remove: highestNodes(group, -more),
    ...(drainAtOnce === undefined ? {} : { drainAtOnce }),
  }
}

/** Throws NotSupported for the first that is given. */
function refuseWith(given: Readonly<Record<string, number | undefined>>, detail: string): void {
  const what = Object.keys(given).find((name) => given[name] !== undefined)
  if (what !== undefined) throw new Fault('NotSupported', { what, detail })
}
