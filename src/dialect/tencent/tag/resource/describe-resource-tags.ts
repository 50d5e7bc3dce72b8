/** DescribeResourceTags: the tags of one cluster, or of all that the caller may see. */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { integer, list, optional } from '../../../../shape/shape.ts'
import { limits } from '../../../../limits.ts'
import { clusterResource } from '../../emr/cluster/cluster-id.ts'
import { everyCluster } from '../../emr/cluster/every-cluster.ts'
import { unsupported } from '../../emr/refusal.ts'
import { action } from '../action.ts'
import { pageOf, rowsOf, tagResource } from './page.ts'
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

export const describeResourceTags = action({
  name: 'DescribeResourceTags',
  input: {
    CreateUin: optional(integer({ min: 0 })),
    ResourceRegion: optional(resourceRegion),
    ServiceType: optional(serviceType),
    ResourcePrefix: optional(resourcePrefix),
    ResourceId: optional(resourceId),
    Offset: offset,
    Limit: limit,
    CosResourceId: integer({ allowed: [0, 1], default: 0 }),
  },
  output: {
    TotalCount: integer(),
    Offset: integer(),
    Limit: integer(),
    Rows: list(tagResource),
  },
  faults: ['NotSupported'],
  asks: ['tag'],
  listing: true,
  resources: (call, { ResourceId: id = '*', ResourceRegion: region = '' }) => [
    clusterResource(call, id, region),
  ],
  async run(core, call, input) {
    if (input.CreateUin !== undefined)
      throw unsupported('CreateUin', 'nobody records who made a tag')
    if (input.CosResourceId === 1) throw unsupported('CosResourceId', 'there are no buckets here')
    const { ResourceId: id, ResourceRegion: named = '' } = input
    const where = { ...call, region: regionAsked(named) }
    const clusters = await (id === undefined
      ? allClusters(core, where)
      : clustersOf(core, where, [id]))
    const { total, rows } = pageOf(clusters.flatMap(rowsOf), input)
    return { TotalCount: total, Offset: input.Offset, Limit: input.Limit, Rows: [...rows] }
  },
})

/** Throws Overloaded when there are too many to look through. */
async function allClusters(core: Core, call: Call): Promise<readonly Cluster[]> {
  const all: Cluster[] = []
  const place = call.region === '' ? {} : { region: call.region }
  const listing = { ...place, exceptStates: ['deleted'], order: 'oldest' } as const
  const what = `the tags of over ${limits.visibilityScan} clusters`
  for await (const cluster of everyCluster(core, call, listing, what)) all.push(cluster)
  return all
}
