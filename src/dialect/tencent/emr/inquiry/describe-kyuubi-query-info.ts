/**
 * DescribeKyuubiQueryInfo: the queries of Kyuubi. Where none of it runs, the cloud answers with an empty list
 * (reference: api.json, appendix B).
 */
import { integer, list, object, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { checkOrder, pagedWindow } from './window.ts'

const row = object({
  ClientIP: text(),
  Duration: integer(),
  EndTime: integer(),
  EngineID: text(),
  EngineType: text(),
  Id: text(),
  SessionID: text(),
  BeginTime: integer(),
  ExecutionState: text(),
  ExecutionStatement: text(),
  StatementID: text(),
  User: text(),
})

export const describeKyuubiQueryInfo = action({
  name: 'DescribeKyuubiQueryInfo',
  input: {
    InstanceId: clusterId('InvalidParameterValue'),
    ...pagedWindow,
  },
  output: { TotalCount: integer(), KyuubiQueryInfoList: list(row) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    checkOrder(asked)
    await core.clusters.get(call, asked.InstanceId)
    return { TotalCount: 0, KyuubiQueryInfoList: [] }
  },
})
