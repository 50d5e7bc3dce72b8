/**
 * RestartNodeGroup: new processes for the nodes of one group, one node after the other unless it shall be fast. Both ids are
 * optional in the service's definition and needed all the same. Facts: reference alibaba-starrocks.md 3.2, 5.2, 11.6.
 */
import { refuse } from '../../../../domain/fault.ts'
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { nodeGroupId } from './change.ts'

export const restartNodeGroup = action({
  name: 'RestartNodeGroup',
  input: {
    FastMode: optional(flag()),
    InstanceId: optional(instanceId),
    NodeGroupId: optional(nodeGroupId),
    RegionId: optional(regionId),
  },
  output: { Data: flag() },
  faults: ['ClusterNotFound', 'NodeGroupNotFound', 'ClusterBusy', 'NotSupported'],
  asks: ['identity', 'compute'],
  resources: (call, input) => instanceResources(call, [input.InstanceId ?? []].flat()),
  async run(core, call, { FastMode = false, InstanceId, NodeGroupId: group }) {
    if (InstanceId === undefined) throw refuse({ name: 'InstanceId', problem: 'missing' })
    if (group === undefined) throw refuse({ name: 'NodeGroupId', problem: 'missing' })
    const scope = { of: 'group', group } as const
    await core.clusters.restart(call, InstanceId, { scope, rolling: !FastMode })
    return { Data: true }
  },
})
