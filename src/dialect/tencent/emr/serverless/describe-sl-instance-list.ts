/** DescribeSLInstanceList: serverless HBase instances, by filters (reference: tencent-emr.md 4.1, api.json). */
import type { ClusterListing } from '../../../../app/cluster/list.ts'
import { changeVerbs } from '../../../../domain/operation.ts'
import { choice, integer, list, optional } from '../../../../shape/shape.ts'
import { statesOf } from '../../states.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { filter, valuesOf, type FilterInput } from '../cluster/filter.ts'
import { listingOf, orderField, pageOf, pageSizeMax } from '../cluster/listing.ts'
import { action } from './action.ts'
import { listedInstance } from './shape.ts'
import { ADJUSTING, viewListedInstance } from './view.ts'

export const describeSLInstanceList = action({
  name: 'DescribeSLInstanceList',
  input: {
    DisplayStrategy: choice(['clusterList', 'monitorManage'], {
      code: 'InvalidParameter.DisplayStrategyNotMatch',
    }),
    Offset: integer({ min: 0, default: 0 }),
    Limit: integer({ min: 0, max: pageSizeMax, default: 10 }),
    OrderField: orderField,
    // The other way round than of clusters, as its own page has it.
    Asc: integer({ allowed: [0, 1], default: 0 }),
    Filters: optional(list(filter, { max: 10 })),
  },
  output: { TotalCnt: integer(), InstancesList: list(listedInstance) },
  faults: [],
  asks: ['account', 'identity', 'tag'],
  listing: true,
  resources: (call) => [clusterResource(call, '*')],
  async run(core, call, input) {
    const asked = { ...input, Asc: 1 - input.Asc }
    const page = pageOf(input.Offset, input.Limit === 0 ? pageSizeMax : input.Limit)
    const { total, rows } = await core.clusters.list(call, {
      ...listingOf(call, asked, page),
      ...filtersOf(input.Filters ?? []),
    })
    const reading = { call, nowMs: core.clock.now() }
    return {
      TotalCnt: total,
      InstancesList: rows.map((row) => viewListedInstance(row.document, reading)),
    }
  },
})

function filtersOf(filters: readonly FilterInput[]): Partial<ClusterListing> {
  const ids = valuesOf(filters, 'ClusterId')
  const nameIs = valuesOf(filters, 'ClusterName')
  const codes = valuesOf(filters, 'ClusterStatus')?.map(Number)
  return {
    ...(ids ? { ids } : {}),
    ...(nameIs ? { nameIs } : {}),
    ...(codes && {
      states: codes.flatMap((code) => statesOf(code).states),
      changes: codes.includes(ADJUSTING) ? changeVerbs : [],
    }),
  }
}
