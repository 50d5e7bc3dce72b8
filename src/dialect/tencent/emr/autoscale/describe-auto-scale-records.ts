/** DescribeAutoScaleRecords: what strategies have done, or could not do (reference: examples.json, AutoScaleRecord). */
import type { Operation } from '../../../../domain/operation.ts'
import { limits } from '../../../../limits.ts'
import { integer, list, object, optional, text, type Static } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { pageOf, pageSizeMax } from '../cluster/listing.ts'
import { noTime, timeText } from '../time-text.ts'
import { recordFilter } from './record-filter.ts'
import { byLoad, byTime } from './rule.ts'

const record = object({
  StrategyName: text(),
  ScaleAction: text(),
  ActionStatus: text(),
  ActionTime: text(),
  ScaleInfo: text(),
  ExpectScaleNum: integer(),
  EndTime: text(),
  StrategyType: integer(),
  SpecInfo: text(),
  CompensateFlag: integer(),
  CompensateCount: integer(),
  RetryCount: integer(),
  RetryInfo: text(),
  RetryEnReason: text(),
  RetryReason: text(),
  ShortageClass: integer(),
})

const MANAGED = 1

export const describeAutoScaleRecords = action({
  name: 'DescribeAutoScaleRecords',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidFilterKey'),
    Filters: optional(
      list(object({ Key: text({ max: 64 }), Value: text({ max: 64 }) }), { max: 10 }),
    ),
    Offset: integer({ min: 0, default: 0 }),
    Limit: integer({ min: 1, max: pageSizeMax, default: pageSizeMax }),
    RecordSource: integer({ allowed: [0, MANAGED], default: 0 }),
    Asc: integer({ allowed: [0, 1], default: 0 }),
  },
  output: { TotalCount: integer(), RecordList: list(record) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, Filters = [], Offset, Limit, RecordSource, Asc }) {
    const isWanted = recordFilter(Filters)
    const { rows } = await core.operations.list(call, id, {
      verbs: ['elastic-scale-out', 'elastic-scale-in'],
      order: Asc === 1 ? 'oldest' : 'newest',
      limit: limits.adminRows,
      offset: 0,
    })
    // Nothing here is scaled by the service itself.
    const all =
      RecordSource === MANAGED ? [] : rows.map(({ document }) => document).filter(isWanted)
    const { offset, limit } = pageOf(Offset, Limit)
    return {
      TotalCount: all.length,
      RecordList: all.slice(offset, offset + limit).map((each) => viewRecord(each, call.language)),
    }
  },
})

const STATUSES = { running: 'IN_PROCESS', completed: 'SUCCESS', failed: 'FAILED' } as const

function viewRecord(it: Operation, language: 'zh' | 'en'): Static<typeof record> {
  const out = it.verb === 'elastic-scale-out'
  return {
    StrategyName: it.cause?.strategy ?? '',
    ScaleAction: out ? 'SCALE_OUT' : 'SCALE_IN',
    ActionStatus: STATUSES[it.status],
    ActionTime: timeText(it.startedMs),
    ScaleInfo: infoOf(it, language),
    ExpectScaleNum: out ? (it.cause?.amount ?? 0) : 0,
    EndTime: it.endedMs === undefined ? noTime : timeText(it.endedMs),
    StrategyType: it.cause?.byLoad ? byLoad : byTime,
    SpecInfo: '',
    CompensateFlag: 0,
    CompensateCount: 0,
    RetryCount: 0,
    RetryInfo: '',
    RetryEnReason: it.status === 'failed' ? (it.detail ?? '') : '',
    RetryReason: '',
    ShortageClass: 0,
  }
}

function infoOf(
  { verb, before = '0', after = '0', status, detail }: Operation,
  language: 'zh' | 'en',
): string {
  if (status === 'failed') return detail ?? ''
  const count = Math.abs(Number(after) - Number(before))
  const out = verb === 'elastic-scale-out'
  if (language === 'en')
    return `${out ? 'Scale-out' : 'Scale-in'}: ${before} nodes before, ${after} after, ${count} succeeded, 0 failed`
  const word = out ? '扩容' : '缩容'
  return `${word}信息:[${word}前:${before}台, ${word}后:${after}台, 成功:${count}台, 失败:0台]`
}
