/** DescribeResourceTagsByResourceIds: the tags of clusters by id. The Terraform provider reads every cluster's tags with it. */
import { choice, integer, list } from '../../../../shape/shape.ts'
import { limits } from '../../../../limits.ts'
import { clusterResource } from '../../emr/cluster/cluster-id.ts'
import { action } from '../action.ts'
import { CATEGORY, pageOf, rowsOf, tagResource } from './page.ts'
import {
  clustersOf,
  limit,
  offset,
  regionAsked,
  resourceId,
  resourcePrefix,
  resourceRegion,
  serviceType,
} from './resource.ts'

export const describeResourceTagsByResourceIds = action({
  name: 'DescribeResourceTagsByResourceIds',
  input: {
    ServiceType: serviceType,
    ResourcePrefix: resourcePrefix,
    ResourceIds: list(resourceId, { min: 1, max: limits.resourcesPerTagging }),
    ResourceRegion: resourceRegion,
    Offset: offset,
    Limit: limit,
    Category: choice([CATEGORY, 'System', 'All'], { default: 'All' }),
  },
  output: {
    TotalCount: integer(),
    Offset: integer(),
    Limit: integer(),
    Tags: list(tagResource),
  },
  faults: [],
  asks: ['tag'],
  resources: (call, { ResourceIds: ids, ResourceRegion: region }) =>
    ids.map((id) => clusterResource(call, id, region)),
  async run(core, call, input) {
    const region = regionAsked(input.ResourceRegion)
    const clusters = await clustersOf(core, { ...call, region }, input.ResourceIds)
    const all = input.Category === 'System' ? [] : clusters.flatMap(rowsOf)
    const { total, rows } = pageOf(all, input)
    return { TotalCount: total, Offset: input.Offset, Limit: input.Limit, Tags: [...rows] }
  },
})
