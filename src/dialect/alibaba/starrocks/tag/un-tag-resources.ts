/**
 * UnTagResources: removes tags by key, or with All every tag. All counts only when no key is named.
 * Facts: reference alibaba-starrocks.md 3.2, 3.1 (the answer is the RequestId alone).
 */
import { refuse } from '../../../../domain/fault.ts'
import { limits } from '../../../../limits.ts'
import { flag, list, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceResources, regionId, resourceIds, resourceType, tagKey } from '../shape.ts'

export const unTagResources = action({
  name: 'UnTagResources',
  input: {
    All: flag({ default: false }),
    RegionId: regionId,
    ResourceId: resourceIds,
    ResourceType: resourceType,
    TagKey: optional(list(tagKey, { max: limits.tagsPerCluster, label: 'Number of tag keys' })),
  },
  output: {},
  faults: ['ClusterNotFound', 'ClusterBusy'],
  asks: ['identity', 'tag'],
  resources: (call, input) => instanceResources(call, input.ResourceId),
  async run(core, call, input) {
    const keys = input.TagKey ?? []
    if (keys.length === 0 && !input.All) throw refuse({ name: 'TagKey', problem: 'missing' })
    await core.clusters.untag(call, [...new Set(input.ResourceId)], keys.length > 0 ? keys : 'all')
    return {}
  },
})
