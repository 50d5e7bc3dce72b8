/**
 * More nodes for a group, or fewer, of which the highest go. Backends are decommissioned one by one unless Parallelism says how many
 * at a time; compute nodes are drained side by side, for as long as TerminationGracePeriodSeconds says. Frontends come in odd numbers
 * and stay; what remains has to hold the data. Facts: reference alibaba-starrocks.md 3.2 (Resource change), 4.2, 10 (C11), 11.6.
 */
import type { NodesToAdd, NodesToRemove } from '../../../../app/cluster/scale.ts'
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { residents } from '../../../../domain/cluster/node-group.ts'
import { highestNodes, withoutNodes } from '../../../../domain/cluster/spec.ts'
import { Fault } from '../../../../domain/fault.ts'
import type { Modification, ModificationInput } from './modification.ts'
import { furtherNodes } from './new-group.ts'
import { changeableGroup, requireNext, requireRoom } from './rules.ts'

export interface NumberInput extends ModificationInput {
  readonly Target: number
  readonly Parallelism?: number
  readonly TerminationGracePeriodSeconds?: number
}

export function nodeNumberOf({ random }: Pick<Core, 'random'>, input: NumberInput): Modification {
  const seconds = input.TerminationGracePeriodSeconds
  return {
    instance: input.InstanceId,
    promotion: input.PromotionOptionNo,
    autoPay: input.AutoPay ?? true,
    request: (terms) => ({
      nodes: (was) => nodesOf(random, was, input),
      terms,
      ...(seconds === undefined ? {} : { graceMs: seconds * 1000 }),
    }),
  }
}

function nodesOf(
  random: Core['random'],
  was: Cluster,
  input: NumberInput,
): NodesToAdd | NodesToRemove {
  const { NodeGroupId, Target, Parallelism, TerminationGracePeriodSeconds } = input
  const it = changeableGroup(was, NodeGroupId)
  const { group, place, now } = it
  requireNext(it, { ...now, residentNodeNumber: Target }, { what: 'Number', target: Target })
  // Nodes that came by a scaling rule are its own.
  const own = residents(group)
  const more = Target - own.nodes.length
  if (more > 0) {
    refuseWith({ Parallelism, TerminationGracePeriodSeconds }, 'no node is removed')
    return { add: [{ group: group.id, nodes: furtherNodes(group, more, random) }] }
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
  const remove = highestNodes(own, -more)
  requireRoom(was, withoutNodes(was.spec, remove))
  const drainAtOnce = Parallelism ?? (place.component === 'BE' ? 1 : undefined)
  return {
    remove,
    ...(drainAtOnce === undefined ? {} : { drainAtOnce }),
  }
}

/** Throws NotSupported for the first that is given. */
function refuseWith(given: Readonly<Record<string, number | undefined>>, detail: string): void {
  const what = Object.keys(given).find((name) => given[name] !== undefined)
  if (what !== undefined) throw new Fault('NotSupported', { what, detail })
}
