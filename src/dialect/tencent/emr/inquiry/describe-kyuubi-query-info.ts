/**
 * DescribeKyuubiQueryInfo: the queries of Kyuubi. Where none of it runs, the cloud answers with an empty list
 * (reference: api.json, appendix B).
 */
import { integer, list, object, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { pageSizeMax } from '../cluster/listing.ts'
import { checkOrder, seconds } from './window.ts'

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
    StartTime: seconds,
    EndTime: seconds,
    PageSize: integer({ min: 1, max: pageSizeMax }),
    Page: integer({ min: 1 }),
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
