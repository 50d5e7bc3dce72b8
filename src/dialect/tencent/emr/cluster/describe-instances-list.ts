/** DescribeInstancesList: clusters in brief, by filters (reference: tencent-emr.md 5.2). */
import type { Call } from '../../../../app/call.ts'
import type { ClusterListing } from '../../../../app/cluster/list.ts'
import type { Core } from '../../../../app/core.ts'
import { limits } from '../../../../limits.ts'
import { integer, list, optional } from '../../../../shape/shape.ts'
import { statesOf } from '../../states.ts'
import { action } from '../action.ts'
import { clusterResource } from './cluster-id.ts'
import { containerOf } from '../container/extension.ts'
import { everyCluster } from './every-cluster.ts'
import { filter, valuesOf, type FilterInput } from './filter.ts'
import { listedCluster } from './view-shape.ts'
import {
  allMax,
  ascending,
  displayStrategy,
  listingOf,
  orderField,
  pageOf,
  pageSizeMax,
} from './listing.ts'
import { shownListed } from './view.ts'

export const describeInstancesList = action({
  name: 'DescribeInstancesList',
  input: {
    DisplayStrategy: displayStrategy,
    Offset: integer({ min: 0, default: 0 }),
    Limit: integer({ min: 0, max: pageSizeMax, default: 0 }),
    OrderField: orderField,
    Asc: ascending,
    Filters: optional(list(filter, { max: 10 })),
    // 2: clusters of containers alone.
    ClusterType: integer({ allowed: [0, 2], default: 0 }),
  },
  output: { TotalCnt: integer(), InstancesList: list(listedCluster) },
  faults: [],
  asks: ['account', 'identity', 'tag'],
  listing: true,
  resources: (call) => [clusterResource(call, '*')],
  async run(core, call, input) {
    const all = input.Offset === 0 && input.Limit === 0
    const page = pageOf(input.Offset, input.Limit === 0 ? pageSizeMax : input.Limit)
    const { total, rows } = await core.clusters.list(call, {
      ...listingOf(call, input, all ? { offset: 0, limit: allMax } : page),
      ...filtersOf(input.Filters ?? []),
      ...(input.ClusterType === 0 ? {} : { ids: await containerIds(core, call) }),
    })
    const reading = { call, nowMs: core.clock.now() }
    return {
      TotalCnt: total,
      InstancesList: rows.map((row) => shownListed(row.document, reading)),
    }
  },
})

async function containerIds(core: Core, call: Call): Promise<readonly string[]> {
  const listing = { region: call.region, exceptStates: ['deleted'], order: 'newest' } as const
  const what = `a search in over ${limits.visibilityScan} clusters`
  const ids: string[] = []
  for await (const cluster of everyCluster(core, call, listing, what))
    if (containerOf(cluster)) ids.push(cluster.id)
  return ids
}

/** A code that no state has finds nothing. */
function filtersOf(filters: readonly FilterInput[]): Partial<ClusterListing> {
  const ids = valuesOf(filters, 'ClusterId')
  const nameIs = valuesOf(filters, 'ClusterName')
  const codes = valuesOf(filters, 'ClusterStatus')?.map((code) => statesOf(Number(code)))
  return {
    ...(ids ? { ids } : {}),
    ...(nameIs ? { nameIs } : {}),
    ...(codes && {
      states: codes.flatMap(({ states }) => states),
      changes: codes.flatMap(({ changes }) => changes),
    }),
  }
}
