/**
 * ChangeResourceGroup: files an instance under another resource group; the one it is in already is accepted.
 * Facts: reference alibaba-starrocks.md 3.2, 8.2, 9.3.
 */
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId, resourceGroupId, resourceType } from '../shape.ts'

export const changeResourceGroup = action({
  name: 'ChangeResourceGroup',
  input: {
    RegionId: optional(regionId),
    InstanceId: instanceId,
    NewResourceGroupId: resourceGroupId,
    ResourceType: resourceType,
  },
  output: { Data: flag() },
  faults: ['ClusterNotFound', 'ClusterBusy'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, input) {
    await core.clusters.moveResourceGroup(call, input.InstanceId, input.NewResourceGroupId)
    return { Data: true }
  },
})
