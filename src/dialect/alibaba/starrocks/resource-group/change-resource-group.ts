/**
 * ChangeResourceGroup: files an instance under another resource group; the one it is in already is accepted.
 * Facts: reference alibaba-starrocks.md 3.2, 8.2, 9.3.
 */
import { action } from '../../../../gateway/action.ts'
import { flag, optional } from '../../../../shape/shape.ts'
import {
  instanceId,
  instanceResources,
  product,
  regionId,
  resourceGroupId,
  resourceType,
  version,
} from '../shape.ts'

export const ChangeResourceGroup = action({
  product,
  version,
  name: 'ChangeResourceGroup',
  route: { method: 'POST', path: '/webapi/resourceGroup/change' },
  permission: { action: 'sr:ChangeResourceGroup' },
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
