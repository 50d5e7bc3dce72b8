/**
 * GetNodeGroupFeatureGate: what can be done with a node group, as GetInstanceFeatureGate says it of an instance.
 * Facts: reference alibaba-starrocks.md 3.2, 6.8, 11.6.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { groupIn } from '../../../../domain/cluster/spec.ts'
import { flag, integer, object, optional, type Static } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { groupExtension, instanceExtension } from '../instance/extension.ts'
import { nodeGroupId } from '../node-group/change.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'

const gates = object({
  NeedRestartAfterModifyDiskSize: flag(),
  SupportFastModeModifyResource: flag(),
  SupportFastRestart: flag(),
  SupportModifySpecType: flag(),
})

export const getNodeGroupFeatureGate = action({
  name: 'GetNodeGroupFeatureGate',
  input: { InstanceId: instanceId, NodeGroupId: nodeGroupId, RegionId: optional(regionId) },
  output: { Data: gates, Total: integer() },
  faults: ['ClusterNotFound', 'NodeGroupNotFound'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId, NodeGroupId }) {
    const instance = await core.clusters.get(call, InstanceId)
    return { Data: gatesOf(instance, groupIn(instance.spec.groups, NodeGroupId)), Total: 1 }
  },
})

function gatesOf(instance: Cluster, group: NodeGroup): Static<typeof gates> {
  const { packageType, runMode } = instanceExtension(instance)
  const { component } = groupExtension(group)
  const changeable = packageType === 'official' && component !== 'AGENT' && component !== 'OBSERVER'
  const compute = component === 'BE' || component === 'CN'
  return {
    // Some substrates take a larger disk over without one; nobody may rely on it.
    NeedRestartAfterModifyDiskSize: true,
    SupportFastModeModifyResource: changeable && runMode === 'shared_data',
    SupportFastRestart: true,
    SupportModifySpecType: changeable && compute,
  }
}
