/**
 * DescribeNodeGroups: the node groups of one instance. The instance is named by ClusterId in the query; instanceId in the body is
 * deprecated and still used. An instance that does not exist has no groups, and a listing of nothing is no error.
 * Facts: reference alibaba-starrocks.md 3.2, 6.2, 9.2, 9.3, 9.5 (P12).
 */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { Fault, refuse } from '../../../../domain/fault.ts'
import { limits } from '../../../../limits.ts'
import { choice, integer, list, object, optional, type Static } from '../../../../shape/shape.ts'
import { nodeGroupStatuses } from '../../states.ts'
import { nodeGroupView, viewNodeGroup } from './view.ts'
import { action } from '../action.ts'
import { instanceResources, pageOf, paging, regionId, shortText } from '../shape.ts'

const members = {
  ClusterId: optional(shortText('Cluster id')),
  ...paging,
  componentType: optional(
    choice(['FE', 'BE', 'CN', 'OBSERVER', 'AGENT'], { label: 'Component type', ignoreCase: true }),
  ),
  instanceId: optional(shortText('Instance id')),
  nodeGroupIds: optional(
    list(shortText('Node group id'), {
      max: limits.pageSize,
      label: 'Number of node group ids',
    }),
  ),
  nodeGroupName: optional(shortText('Node group name')),
  RegionId: optional(regionId),
  status: optional(choice(nodeGroupStatuses, { label: 'Status', ignoreCase: true })),
  tags: optional(
    list(object({ key: shortText('Tag key'), value: optional(shortText('Tag value')) }), {
      max: limits.tagsPerCluster,
      label: 'Number of tags',
    }),
  ),
}

type Filters = Static<ReturnType<typeof object<typeof members>>>
type View = Static<typeof nodeGroupView>

export const describeNodeGroups = action({
  name: 'DescribeNodeGroups',
  input: members,
  output: { Data: list(nodeGroupView), Total: integer() },
  faults: [],
  asks: ['identity', 'compute', 'block-storage'],
  resources: (call, input) =>
    instanceResources(call, [input.ClusterId ?? input.instanceId ?? []].flat()),
  async run(core, call, input) {
    const id = input.ClusterId ?? input.instanceId
    if (id === undefined) throw refuse({ name: 'ClusterId', problem: 'missing' })
    const cluster = await find(core, call, id)
    const nowMs = core.clock.now()
    const views = cluster
      ? shownGroups(cluster).map((group) => viewNodeGroup(cluster, group, nowMs))
      : []
    const matching = views.filter((view) => matches(view, input))
    const { limit, offset } = pageOf(input)
    return { Data: matching.slice(offset, offset + limit), Total: matching.length }
  },
})

/** Those that are wanted, and one that is on its way out. */
function shownGroups({ spec, change }: Cluster): readonly NodeGroup[] {
  if (change?.kind !== 'remove-group') return spec.groups
  const kept = new Map(spec.groups.map((group) => [group.id, group]))
  return change.before.groups.map((group) => kept.get(group.id) ?? group)
}

async function find(core: Core, call: Call, id: string): Promise<Cluster | undefined> {
  try {
    return await core.clusters.get(call, id)
  } catch (problem) {
    if (problem instanceof Fault && problem.code === 'ClusterNotFound') return undefined
    throw problem
  }
}

function matches(view: View, filters: Filters): boolean {
  const { componentType, nodeGroupIds = [], nodeGroupName, status, tags = [] } = filters
  return (
    (componentType === undefined || view.ComponentType === componentType) &&
    (nodeGroupIds.length === 0 || nodeGroupIds.includes(view.NodeGroupId)) &&
    (nodeGroupName === undefined || view.NodeGroupName.includes(nodeGroupName)) &&
    (status === undefined || view.Status === status) &&
    tags.every(({ key, value = '' }) =>
      view.Tags.some((tag) => tag.Key === key && (value === '' || tag.Value === value)),
    )
  )
}
