/**
 * DescribeTrinoQueryInfo: the queries of Trino or PrestoSQL that were begun in a time, the newest first. Where none of it runs, the cloud
 * answers with an empty list (reference: api.json, appendix B).
 */
import type { QueryRun } from '../../../../domain/inquiry.ts'
import { integer, list, object, text, type Static } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { unanswered } from './unanswered.ts'
import { checkOrder, pagedWindow, rangeOf } from './window.ts'

const row = object({
  Catalog: text(),
  ClientIpAddr: text(),
  CompletedSplits: text(),
  CpuTime: integer(),
  CumulativeMemory: integer(),
  DurationMillis: integer(),
  EndTime: integer(),
  Id: text(),
  InternalNetworkBytes: integer(),
  OutputBytes: integer(),
  PeakUserMemoryBytes: integer(),
  PhysicalInputBytes: integer(),
  ProcessedInputBytes: integer(),
  SqlCompileTime: integer(),
  StartTime: integer(),
  State: text(),
  Statement: text(),
  User: text(),
  WrittenBytes: integer(),
  ErrorMessage: text(),
})

export const describeTrinoQueryInfo = action({
  name: 'DescribeTrinoQueryInfo',
  input: {
    InstanceId: clusterId('InvalidParameterValue'),
    ...pagedWindow,
  },
  output: { TotalCount: integer(), QueryInfoList: list(row) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    checkOrder(asked)
    const { can } = await core.inquiries.of(call, asked.InstanceId)
    const found = can.queries?.(rangeOf(asked)).catch(unanswered('InvalidParameterValue'))
    const all = [...((await found) ?? [])].sort((one, other) => other.startedMs - one.startedMs)
    const offset = (asked.Page - 1) * asked.PageSize
    const page = all.slice(offset, offset + asked.PageSize)
    return { TotalCount: all.length, QueryInfoList: page.map(view) }
  },
})

/** By example, 0 is the end of what has not ended. */
function view(it: QueryRun): Static<typeof row> {
  return {
    Catalog: it.catalog,
    ClientIpAddr: it.client,
    CompletedSplits: String(it.completedSplits),
    CpuTime: it.processorMs,
    CumulativeMemory: it.memoryByteMs,
    DurationMillis: it.elapsedMs,
    EndTime: Math.floor((it.finishedMs ?? 0) / 1000),
    Id: it.id,
    InternalNetworkBytes: it.exchangedBytes,
    OutputBytes: it.resultBytes,
    PeakUserMemoryBytes: it.peakMemoryBytes,
    PhysicalInputBytes: it.readBytes,
    ProcessedInputBytes: it.processedBytes,
    SqlCompileTime: it.planningMs,
    StartTime: Math.floor(it.startedMs / 1000),
    State: it.state,
    Statement: it.statement,
    User: it.user,
    WrittenBytes: it.writtenBytes,
    ErrorMessage: it.error ?? '',
  }
}
