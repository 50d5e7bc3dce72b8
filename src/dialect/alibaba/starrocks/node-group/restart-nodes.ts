/**
 * RestartNodes: new processes for single nodes, or for all nodes of a group of which none is named; one after the other unless it
 * shall be fast. Members are optional in the service's definition and needed all the same. Facts: reference alibaba-starrocks.md 3.2, 5.2, 11.6.
 */
import { groupIn, nodesIn, type ClusterSpec } from '../../../../domain/cluster/spec.ts'
import { Fault, refuse } from '../../../../domain/fault.ts'
import { flag, list, object, optional, type Static } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId, shortText } from '../shape.ts'
import { nodeGroupId } from './change.ts'

/** An instance has fewer groups, and a group fewer nodes. */
const GROUPS_MAX = 50
const NODES_MAX = 200

const restartedGroup = object({
  FastMode: optional(flag()),
  NodeGroupId: nodeGroupId,
  NodeIds: optional(list(shortText('Node id'), { max: NODES_MAX, label: 'Number of node ids' })),
})

export const restartNodes = action({
  name: 'RestartNodes',
  input: {
    InstanceId: optional(instanceId),
    RegionId: optional(regionId),
    RestartNodeGroups: optional(
      list(restartedGroup, { max: GROUPS_MAX, label: 'Number of restart node groups' }),
    ),
  },
  output: { Data: flag() },
  faults: ['ClusterNotFound', 'NodeGroupNotFound', 'NodeNotFound', 'ClusterBusy', 'NotSupported'],
  asks: ['identity', 'compute'],
  resources: (call, input) => instanceResources(call, [input.InstanceId ?? []].flat()),
  async run(core, call, { InstanceId, RestartNodeGroups: groups = [] }) {
    if (InstanceId === undefined) throw refuse({ name: 'InstanceId', problem: 'missing' })
    if (groups.length === 0) throw refuse({ name: 'RestartNodeGroups', problem: 'missing' })
    const scope = ({ spec }: { readonly spec: ClusterSpec }) =>
      ({ of: 'nodes', nodes: nodesOf(spec, groups) }) as const
    await core.clusters.restart(call, InstanceId, { scope, rolling: !isFast(groups) })
    return { Data: true }
  },
})

type RestartedGroup = Static<typeof restartedGroup>

/** Throws NodeGroupNotFound, and NodeNotFound for a node that is not of the group that it is named with. */
function nodesOf(spec: ClusterSpec, wanted: readonly RestartedGroup[]): readonly string[] {
  const ids = wanted.flatMap(({ NodeGroupId, NodeIds = [] }) => {
    const group = groupIn(spec.groups, NodeGroupId)
    const scope =
      NodeIds.length === 0
        ? ({ of: 'group', group: group.id } as const)
        : ({ of: 'nodes', nodes: NodeIds } as const)
    return nodesIn({ ...spec, groups: [group] }, scope)
  })
  return [...new Set(ids)]
}

/** It is one restart, at one pace. Throws NotSupported. */
function isFast(groups: readonly RestartedGroup[]): boolean {
  const paces = new Set(groups.map(({ FastMode = false }) => FastMode))
  if (paces.size === 1) return paces.has(true)
  const detail = 'the node groups of one request are restarted at one pace'
  throw new Fault('NotSupported', { what: 'FastMode for some of the node groups', detail })
}
