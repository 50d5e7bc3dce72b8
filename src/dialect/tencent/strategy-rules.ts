/**
 * How task nodes of this cloud's clusters come and go by autoscaling: in the default specification of their role, paid for by the hour,
 * with what their role has (reference: tencent-emr.md 3.7, api.json AutoScaleResourceConf).
 */
import type { StrategyRules } from '../../app/scaling-strategy/scale-by-strategy.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../domain/cluster/node-group.ts'
import { product } from './emr/action.ts'
import { groupExtension, placementGroupsOf } from './emr/cluster/extension.ts'
import { nodesToAdd } from './emr/node/new-node.ts'
import { termsOf } from './emr/node/terms.ts'
import { specifiedGroup } from './emr/node-spec/node-spec.ts'
import { invalid, unsupported } from './emr/refusal.ts'

/** The group's upper bound in the documents' examples. */
export const elasticNodesMax = 30

export const strategyRules: StrategyRules = {
  product,
  nodesMax: elasticNodesMax,
  size: (cluster) => scalableGroup(cluster, 'ScaleNum'),
  newNodes({ cluster, strategy, count }, random) {
    const group = scalableGroup(cluster, strategy.name)
    const tags = strategy.tags.length > 0 ? strategy.tags : groupExtension(group).tags
    const placementGroups = placementGroupsOf(cluster, group)
    const place = { subnet: group.subnet, placementGroups }
    const addition = { group, count, ...place, tags: [...tags], marks: [] }
    return nodesToAdd(cluster, addition, random)
  },
  termsOf: (parts) => termsOf(parts),
}

/** Throws NotSupported for subscriptions, and InvalidStrategySpec without a default specification of task nodes. */
export function scalableGroup(cluster: Cluster, name: string): NodeGroup {
  if (cluster.charge.mode !== 'postpaid')
    throw unsupported('StrategyType', 'all nodes of a subscription are bought as their cluster is')
  const group = specifiedGroup(cluster, 'task')
  if (group) return group
  throw invalid({
    name,
    code: 'InvalidParameter.InvalidStrategySpec',
    rule: 'there is no default specification for task nodes',
  })
}
