/**
 * DescribeHDFSStorageInfo: how many files of which kind and size HDFS has. Where none runs, nothing was sampled (reference: api.json,
 * examples.json).
 */
import { integer, list, object, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { checkOrder, seconds } from './window.ts'

const distribution = object({
  MetricItem: text(),
  MetricName: text(),
  Dps: list(object({ Timestamp: text(), Value: text() })),
})

export const describeHdfsStorageInfo = action({
  name: 'DescribeHDFSStorageInfo',
  input: {
    InstanceId: clusterId('InvalidParameterValue'),
    StartTime: seconds,
    EndTime: seconds,
  },
  output: { SampleTime: integer(), StorageSummaryDistribution: list(distribution) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    checkOrder(asked)
    await core.clusters.get(call, asked.InstanceId)
    return { SampleTime: 0, StorageSummaryDistribution: [] }
  },
})
