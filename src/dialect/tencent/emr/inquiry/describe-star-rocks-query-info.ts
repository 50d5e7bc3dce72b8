/**
 * DescribeStarRocksQueryInfo: the queries of StarRocks in the cluster. Where none of it runs, the cloud answers with an empty list
 * (reference: api.json, appendix B).
 */
import { integer, list, object, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { checkOrder, pagedWindow } from './window.ts'

const row = object({
  ClientIP: text(),
  CPUCost: integer(),
  DefaultDB: text(),
  EndTime: integer(),
  ExecutionIP: text(),
  QueryID: text(),
  QueryType: text(),
  MemCost: integer(),
  PlanCpuCosts: integer(),
  PlanMemCosts: integer(),
  QueryTime: integer(),
  ResourceGroup: text(),
  ReturnRows: integer(),
  ScanBytes: integer(),
  ScanRows: integer(),
  BeginTime: integer(),
  ExecutionState: text(),
  ExecutionStatement: text(),
  User: text(),
  ErrorCode: text(),
})

export const describeStarRocksQueryInfo = action({
  name: 'DescribeStarRocksQueryInfo',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    ...pagedWindow,
  },
  output: { TotalCount: integer(), StarRocksQueryInfoList: list(row) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    checkOrder(asked)
    await core.clusters.get(call, asked.InstanceId)
    return { TotalCount: 0, StarRocksQueryInfoList: [] }
  },
})
