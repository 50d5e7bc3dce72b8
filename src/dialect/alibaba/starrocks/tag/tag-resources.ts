/**
 * TagResources: adds tags to instances or replaces their values, for all of the named instances or none.
 * Facts: reference alibaba-starrocks.md 3.2 (at most 50 resources and 20 tags), 3.1 (the answer is the RequestId alone).
 */
import { limits } from '../../../../limits.ts'
import { list } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceResources, regionId, resourceIds, resourceType, tag, tagsOf } from '../shape.ts'

export const tagResources = action({
  name: 'TagResources',
  input: {
    RegionId: regionId,
    ResourceId: resourceIds,
    ResourceType: resourceType,
    Tag: list(tag, { min: 1, max: limits.tagsPerCluster, label: 'Number of tags' }),
  },
  output: {},
  faults: ['ClusterNotFound', 'ClusterBusy', 'LimitReached'],
  asks: ['identity', 'tag'],
  resources: (call, input) => instanceResources(call, input.ResourceId),
  async run(core, call, input) {
    await core.clusters.tag(call, [...new Set(input.ResourceId)], tagsOf(input.Tag))
    return {}
  },
})
