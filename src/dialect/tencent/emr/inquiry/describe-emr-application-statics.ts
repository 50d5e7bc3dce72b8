/**
 * DescribeEmrApplicationStatics: what the applications of YARN have used, by queue, user and type. Where none ran there is nothing to
 * tell (reference: api.json, appendix B).
 */
import { choice, integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { pageSizeMax } from '../cluster/listing.ts'
import { checkOrder, seconds } from './window.ts'

const PAGE_MIN = 10
const names = list(text({ max: 256 }), { max: 100 })
const GROUPS = ['queue', 'user', 'applicationType'] as const
const ORDERS = [
  'sumMemorySeconds',
  'sumVCoreSeconds',
  'sumHDFSBytesWritten',
  'sumHDFSBytesRead',
] as const

const statics = object({
  Queue: text(),
  User: text(),
  ApplicationType: text(),
  SumMemorySeconds: integer(),
  SumVCoreSeconds: integer(),
  SumHDFSBytesWritten: text(),
  SumHDFSBytesRead: text(),
  CountApps: integer(),
})

export const describeEmrApplicationStatics = action({
  name: 'DescribeEmrApplicationStatics',
  input: {
    InstanceId: clusterId('InvalidParameterValue'),
    StartTime: optional(seconds),
    EndTime: optional(seconds),
    Queues: optional(names),
    Users: optional(names),
    ApplicationTypes: optional(names),
    GroupBy: optional(list(choice(GROUPS), { max: GROUPS.length })),
    OrderBy: optional(choice(ORDERS)),
    IsAsc: integer({ allowed: [0, 1], default: 0 }),
    Offset: integer({ min: 0, default: 0 }),
    Limit: integer({ min: PAGE_MIN, max: pageSizeMax, default: PAGE_MIN }),
  },
  output: {
    Statics: list(statics),
    TotalCount: integer(),
    Queues: list(text()),
    Users: list(text()),
    ApplicationTypes: list(text()),
  },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, StartTime, EndTime }) {
    if (StartTime !== undefined && EndTime !== undefined) checkOrder({ StartTime, EndTime })
    await core.clusters.get(call, id)
    return { Statics: [], TotalCount: 0, Queues: [], Users: [], ApplicationTypes: [] }
  },
})
