/**
 * DescribeSparkApplications: the applications of Spark that were begun in a time, the newest first, as YARN knows them. Where none of it
 * runs, the cloud answers with an empty list (reference: api.json, examples.json).
 */
import type { Application } from '../../../../domain/inquiry.ts'
import { integer, list, object, text, type Static } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { unanswered } from './unanswered.ts'
import { checkOrder, pagedWindow, rangeOf } from './window.ts'

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
    const { can } = await core.inquiries.of(call, asked.InstanceId)
    const all = await can.applications?.(rangeOf(asked)).catch(unanswered('InternalError'))
    const own = (all ?? [])
      .filter(({ type }) => type === 'SPARK')
      .sort((one, other) => other.startedMs - one.startedMs)
    const from = (asked.Page - 1) * asked.PageSize
    return {
      TotalCount: own.length,
      ResultList: own.slice(from, from + asked.PageSize).map(viewRow),
    }
  },
})

function viewRow(it: Application): Static<typeof row> {
  return {
    ID: it.id,
    Name: it.name,
    User: it.user,
    StartTime: it.startedMs,
    EndTime: it.finishedMs ?? 0,
    Duration: it.elapsedMs,
    State: stateOf(it),
    ApplicationType: it.type,
    CoreSeconds: it.coreSeconds,
    MemorySeconds: `${it.memoryMibSeconds} MB Seconds`,
    // Nothing was found out about it.
    Insight: 'UNKNOWN',
  }
}

/** `completed` by example. */
function stateOf({ finishedMs, finalState }: Application): string {
  if (finishedMs === undefined) return 'running'
  return finalState === 'SUCCEEDED' ? 'completed' : finalState.toLowerCase()
}
