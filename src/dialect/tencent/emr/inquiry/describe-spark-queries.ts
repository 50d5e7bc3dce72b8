/**
 * DescribeSparkQueries: the queries of Spark. Where none of it runs, the cloud answers with an empty list
 * (reference: api.json, appendix B).
 */
import { choice, integer, list, nullable, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { checkOrder, offsetWindow } from './window.ts'

const row = object({
  Statement: text(),
  Duration: integer(),
  Status: text(),
  Id: text(),
  ScanPartitionNum: integer(),
  ScanRowNum: integer(),
  ScanFileNum: integer(),
  ScanTotalData: integer(),
  ApplicationId: nullable(list(text())),
  OutputRowNum: integer(),
  OutputFileNum: integer(),
  OutputPartitionNum: integer(),
  OutputTotalData: integer(),
  BeginTime: integer(),
  EndTime: integer(),
})

export const describeSparkQueries = action({
  name: 'DescribeSparkQueries',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    ...offsetWindow,
    Status: optional(list(choice(['RUNNING', 'COMPLETED', 'FAILED']), { max: 20 })),
  },
  output: { Total: integer(), Results: list(row) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    checkOrder(asked)
    await core.clusters.get(call, asked.InstanceId)
    return { Total: 0, Results: [] }
  },
})
