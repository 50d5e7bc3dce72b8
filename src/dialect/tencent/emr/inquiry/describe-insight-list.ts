/**
 * DescribeInsightList: what was found about applications and queries. Where none of it runs, the cloud answers with an empty list
 * (reference: api.json, appendix B).
 */
import { choice, flag, integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { checkOrder, pagedWindow } from './window.ts'

const row = object({
  ID: text(),
  Type: text(),
  RuleID: text(),
  RuleName: text(),
  RuleExplain: text(),
  Detail: text(),
  Suggestion: text(),
  Value: integer(),
  ScheduleTaskExecID: text(),
  ScheduleFlowName: text(),
  ScheduleTaskName: text(),
  JobConf: text(),
  Context: text(),
})

const TYPES = [
  'HIVE',
  'SPARK',
  'DLC_SPARK',
  'SPARK_SQL',
  'SCHEDULE',
  'MAPREDUCE',
  'TRINO',
  'TEZ',
] as const

export const describeInsightList = action({
  name: 'DescribeInsightList',
  input: {
    InstanceId: clusterId('InvalidParameterValue'),
    ...pagedWindow,
    Type: optional(choice(TYPES)),
    MustHasContext: flag({ default: false }),
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
