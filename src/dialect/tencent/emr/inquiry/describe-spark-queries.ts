/**
 * DescribeSparkQueries: what Spark began for statements in a time, the newest first. Where none of it runs, the cloud answers with an empty
 * list (reference: api.json, appendix B).
 */
import type { Execution } from '../../../../domain/inquiry.ts'
import {
  choice,
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
import { checkOrder, offsetWindow, rangeOf } from './window.ts'

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
    const { can } = await core.inquiries.of(call, asked.InstanceId)
    const found = await can.executions?.(rangeOf(asked)).catch(unanswered('InvalidParameterValue'))
    const states: readonly string[] = asked.Status ?? []
    const all = (found ?? [])
      .filter(({ state }) => states.length === 0 || states.includes(state))
      .toSorted((one, other) => other.startedMs - one.startedMs)
    const { offset, limit } = pageOf(asked.Offset, asked.Limit)
    return { Total: all.length, Results: all.slice(offset, offset + limit).map(view) }
  },
})

/** 0 is the end of what has not ended. */
function view(it: Execution): Static<typeof row> {
  const { scanned, written, startedMs, elapsedMs } = it
  return {
    Statement: it.statement,
    Duration: elapsedMs,
    Status: it.state,
    Id: it.id,
    ScanPartitionNum: scanned.partitions,
    ScanRowNum: scanned.rows,
    ScanFileNum: scanned.files,
    ScanTotalData: scanned.bytes,
    ApplicationId: [it.application],
    OutputRowNum: written.rows,
    OutputFileNum: written.files,
    OutputPartitionNum: written.partitions,
    OutputTotalData: written.bytes,
    BeginTime: Math.floor(startedMs / 1000),
    EndTime: it.state === 'RUNNING' ? 0 : Math.floor((startedMs + elapsedMs) / 1000),
  }
}
