/**
 * DescribeHiveQueries: the statements that Hive's servers were sent in a time of at most a day, the newest first. Where none of it runs,
 * the cloud answers with an empty list (reference: api.json, appendix B).
 */
import type { StatementRun } from '../../../../domain/inquiry.ts'
import {
  integer,
  list,
  nullable,
  object,
  optional,
  text,
  type Static,
} from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { pageOf } from '../cluster/listing.ts'
import { unanswered } from './unanswered.ts'
import { checkDay, offsetWindow, rangeOf, seconds } from './window.ts'

/** The only one that it has for a question that could not be answered. */
const CODE = 'InvalidParameter.ImpalaQueryException'

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
    checkDay(asked, CODE)
    const { can } = await core.inquiries.of(call, asked.InstanceId)
    const found = (await can.statements?.(rangeOf(asked)).catch(unanswered(CODE))) ?? []
    const { State: states = [], EndTimeGte: from, EndTimeLte: to } = asked
    const all = found
      .filter(({ state }) => states.length === 0 || states.includes(state))
      .filter((each) => isWithin(secondOf(each.finishedMs), { from, to }))
      .toSorted((one, other) => other.startedMs - one.startedMs)
    const { offset, limit } = pageOf(asked.Offset, asked.Limit)
    return { Total: all.length, Results: all.slice(offset, offset + limit).map(view) }
  },
})

function secondOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.floor(ms / 1000)
}

/** What has not ended is in no time but that without bounds. */
function isWithin(
  second: number | undefined,
  { from, to }: { readonly from: number | undefined; readonly to: number | undefined },
): boolean {
  if (second === undefined) return from === undefined && to === undefined
  return second >= (from ?? 0) && second <= (to ?? second)
}

/** As of Trino's, 0 is the end of what has not ended. */
function view(it: StatementRun): Static<typeof row> {
  return {
    Statement: it.statement,
    Duration: `${it.elapsedMs}ms`,
    StartTime: it.startedMs,
    EndTime: it.finishedMs ?? 0,
    State: it.state,
    User: it.user,
    JobIds: [...it.applications],
    ExecutionEngine: it.engine,
    Id: it.id,
  }
}
