/**
 * DescribeHiveQueries: the queries of Hive in a time of at most a day. Where none of it runs, the cloud answers with an empty list
 * (reference: api.json, appendix B).
 */
import { integer, list, nullable, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { checkDay, seconds, offsetWindow } from './window.ts'

const row = object({
  Statement: text(),
  Duration: text(),
  StartTime: integer(),
  EndTime: integer(),
  State: text(),
  User: text(),
  JobIds: nullable(list(text())),
  ExecutionEngine: text(),
  Id: text(),
})

export const describeHiveQueries = action({
  name: 'DescribeHiveQueries',
  input: {
    InstanceId: clusterId('InvalidParameterValue'),
    ...offsetWindow,
    State: optional(list(text({ max: 64 }), { max: 20 })),
    EndTimeGte: optional(seconds),
    EndTimeLte: optional(seconds),
  },
  output: { Total: integer(), Results: list(row) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    checkDay(asked, 'InvalidParameter.ImpalaQueryException')
    await core.clusters.get(call, asked.InstanceId)
    return { Total: 0, Results: [] }
  },
})
