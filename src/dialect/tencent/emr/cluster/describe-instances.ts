/** DescribeInstances: clusters in full, by id or all of them (reference: tencent-emr.md 5.1). */
import { integer, list, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterResource } from './cluster-id.ts'
import { clusterView } from './view-shape.ts'
import {
  ascending,
  displayStrategy,
  listingOf,
  orderField,
  pageOf,
  pageSizeMax,
} from './listing.ts'
import { shownCluster, tagKeysOf } from './view.ts'

export const describeInstances = action({
  name: 'DescribeInstances',
  input: {
    DisplayStrategy: displayStrategy,
    InstanceIds: optional(list(text({ trim: true, max: 64 }), { max: pageSizeMax })),
    Offset: integer({ min: 0, default: 0 }),
    Limit: integer({ min: 0, max: pageSizeMax, default: pageSizeMax }),
    ProjectId: integer({ min: -1, default: 0 }),
    OrderField: orderField,
    Asc: ascending,
  },
  output: { TotalCnt: integer(), ClusterList: list(clusterView), TagKeys: list(text()) },
  faults: [],
  asks: ['account', 'identity', 'project', 'tag'],
  listing: true,
  resources: (call, { InstanceIds: ids = [] }) =>
    (ids.length > 0 ? ids : ['*']).map((id) => clusterResource(call, id)),
  async run(core, call, input) {
    const { InstanceIds: ids = [], ProjectId: project } = input
    const page = pageOf(input.Offset, input.Limit === 0 ? pageSizeMax : input.Limit)
    const { total, rows } = await core.clusters.list(call, {
      ...listingOf(call, input, page),
      ...(ids.length > 0 ? { ids } : {}),
      ...(project === -1 ? {} : { resourceGroup: String(project) }),
    })
    const clusters = rows.map((row) => row.document)
    const reading = { call, nowMs: core.clock.now() }
    return {
      TotalCnt: total,
      ClusterList: clusters.map((cluster) => shownCluster(cluster, reading)),
      TagKeys: tagKeysOf(clusters),
    }
  },
})
