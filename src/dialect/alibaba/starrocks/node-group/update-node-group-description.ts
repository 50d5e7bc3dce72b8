/**
 * UpdateNodeGroupDescription: other words about a node group; nothing that runs is touched. The request names no instance: the
 * group is found among those of the instances that the caller may see. Without a description it has none any more, as absent and
 * empty are one on this wire. `X-Acs-Ram-Auth-Context` is declared by the service, for its own use, and ignored.
 * Facts: reference alibaba-starrocks.md 3.2, 9.3.
 */
import { optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceResources, regionId } from '../shape.ts'
import { nodeGroupId } from './change.ts'
import { groupDescription } from './shape.ts'

export const updateNodeGroupDescription = action({
  name: 'UpdateNodeGroupDescription',
  input: {
    Description: optional(groupDescription),
    NodeGroupId: nodeGroupId,
    RegionId: optional(regionId),
  },
  output: {},
  faults: ['NodeGroupNotFound'],
  asks: ['identity'],
  listing: true,
  resources: (call) => instanceResources(call, []),
  async run(core, call, { NodeGroupId, Description = '' }) {
    await core.clusters.setDescription(call, NodeGroupId, Description)
    return {}
  },
})
