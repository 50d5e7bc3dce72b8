/**
 * DescribeSparkApplications: the applications of Spark. Where none of it runs, the cloud answers with an empty list
 * (reference: api.json, appendix B).
 */
import { integer, list, object, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { checkOrder, pagedWindow } from './window.ts'

const row = object({
  ID: text(),
  Name: text(),
  User: text(),
  StartTime: integer(),
  EndTime: integer(),
  Duration: integer(),
  State: text(),
  ApplicationType: text(),
  CoreSeconds: integer(),
  MemorySeconds: text(),
  Insight: text(),
})

export const describeSparkApplications = action({
  name: 'DescribeSparkApplications',
  input: {
    InstanceId: clusterId('InvalidParameterValue'),
    ...pagedWindow,
  },
  output: { TotalCount: integer(), ResultList: list(row) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    checkOrder(asked)
    await core.clusters.get(call, asked.InstanceId)
    return { TotalCount: 0, ResultList: [] }
  },
})
