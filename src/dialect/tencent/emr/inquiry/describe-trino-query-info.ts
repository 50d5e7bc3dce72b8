/**
 * DescribeTrinoQueryInfo: the queries of Trino or PrestoSQL. Where none of it runs, the cloud answers with an empty list
 * (reference: api.json, appendix B).
 */
import { integer, list, object, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { checkOrder, pagedWindow } from './window.ts'

const row = object({
  Catalog: text(),
  ClientIpAddr: text(),
  CompletedSplits: text(),
  CpuTime: integer(),
  CumulativeMemory: integer(),
  DurationMillis: integer(),
  EndTime: integer(),
  Id: text(),
  InternalNetworkBytes: integer(),
  OutputBytes: integer(),
  PeakUserMemoryBytes: integer(),
  PhysicalInputBytes: integer(),
  ProcessedInputBytes: integer(),
  SqlCompileTime: integer(),
  StartTime: integer(),
  State: text(),
  Statement: text(),
  User: text(),
  WrittenBytes: integer(),
  ErrorMessage: text(),
})

export const describeTrinoQueryInfo = action({
  name: 'DescribeTrinoQueryInfo',
  input: {
    InstanceId: clusterId('InvalidParameterValue'),
    ...pagedWindow,
  },
  output: { TotalCount: integer(), QueryInfoList: list(row) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    checkOrder(asked)
    await core.clusters.get(call, asked.InstanceId)
    return { TotalCount: 0, QueryInfoList: [] }
  },
})
