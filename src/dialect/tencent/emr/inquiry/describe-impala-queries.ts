/**
 * DescribeImpalaQueries: the queries of Impala in a time of at most a day. Where none of it runs, the cloud answers with an empty list
 * (reference: api.json, appendix B).
 */
import { choice, integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { checkDay, seconds, offsetWindow } from './window.ts'

const row = object({
  Statement: text(),
  Id: text(),
  StartTime: integer(),
  Duration: text(),
  EndTime: integer(),
  State: text(),
  RowsFetched: integer(),
  User: text(),
  DefaultDB: text(),
  Coordinator: text(),
  MaxNodePeakMemoryUsage: text(),
  QueryType: text(),
  ScanHDFSRows: integer(),
  ScanKUDURows: integer(),
  ScanRowsTotal: integer(),
  TotalBytesRead: integer(),
  TotalBytesSent: integer(),
  TotalCpuTime: integer(),
  TotalInnerBytesSent: integer(),
  TotalScanBytesSent: integer(),
  EstimatedPerHostMemBytes: integer(),
  NumRowsFetchedFromCache: integer(),
  SessionId: text(),
  PerNodePeakMemoryBytesSum: integer(),
  BackendsCount: integer(),
  FragmentInstancesCount: integer(),
  RemainingFragmentCount: integer(),
})

const STATES = ['CREATED', 'INITIALIZED', 'COMPILED', 'RUNNING', 'FINISHED', 'EXCEPTION'] as const

export const describeImpalaQueries = action({
  name: 'DescribeImpalaQueries',
  input: {
    InstanceId: clusterId('InvalidParameterValue'),
    ...offsetWindow,
    State: optional(list(choice(STATES), { max: 20 })),
    EndTimeGte: optional(seconds),
    EndTimeLte: optional(seconds),
  },
  output: { Total: integer(), Results: list(row) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    checkDay(asked, 'InvalidParameterValue')
    await core.clusters.get(call, asked.InstanceId)
    return { Total: 0, Results: [] }
  },
})
