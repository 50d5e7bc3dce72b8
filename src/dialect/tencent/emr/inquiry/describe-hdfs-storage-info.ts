/**
 * DescribeHDFSStorageInfo: how many files of which size and age HDFS has, and their bytes. Where none runs, nothing was sampled
 * (reference: api.json, examples.json).
 */
import type { FileSum, FileSurvey } from '../../../../domain/inquiry.ts'
import { integer, list, object, text, type Static } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { unanswered } from './unanswered.ts'
import { checkOrder, seconds } from './window.ts'

const distribution = object({
  MetricItem: text(),
  MetricName: text(),
  Dps: list(object({ Timestamp: text(), Value: text() })),
})

/** Files are looked at when they are asked for: of a time that is over for longer than this, nothing was sampled. */
const SAMPLE_SECONDS = 86_400

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
    const { can } = await core.inquiries.of(call, asked.InstanceId)
    const nowMs = core.clock.now()
    const sampled = Math.floor(nowMs / 1000)
    const isOver = asked.EndTime < sampled - SAMPLE_SECONDS
    const files = isOver
      ? undefined
      : await can.files?.(nowMs).catch(unanswered('InternalError.DoOpenTSDBRequestException'))
    if (!files) return { SampleTime: 0, StorageSummaryDistribution: [] }
    return { SampleTime: sampled, StorageSummaryDistribution: itemsOf(files, sampled) }
  },
})

/** Names of both figures, and of what they count. */
const SIZES = {
  empty: ['empty_count', undefined, '空文件'],
  small: ['small_count', 'small_file_size', '小文件'],
  medium: ['other_count', 'other_file_size', '其他'],
  big: ['big_count', 'big_file_size', '大文件'],
} as const

const AGES = {
  hot: ['hot_count', 'hot_size', '热文件'],
  warm: ['warm_count', 'warm_size', '温文件'],
  cold: ['cold_count', 'cold_size', '冷文件'],
  unknown: ['other_atime_count', 'other_atime_size', '其他'],
} as const

type Names = readonly [count: string, bytes: string | undefined, title: string]

function itemsOf({ all, kinds }: FileSurvey, sampled: number) {
  const item = (MetricItem: string, MetricName: string, value: number) => ({
    MetricItem,
    MetricName,
    Dps: [{ Timestamp: String(sampled), Value: String(value) }],
  })
  const both = ([count, bytes, title]: Names, sum: FileSum): Static<typeof distribution>[] => [
    item(count, title, sum.count),
    ...(bytes === undefined ? [] : [item(bytes, title, sum.bytes)]),
  ]
  return [
    item('total_count', '总数', all.count),
    item('total_size', '总量', all.bytes),
    ...sizes.flatMap((each) => (kinds ? both(SIZES[each], kinds.bySize[each]) : [])),
    ...ages.flatMap((each) => (kinds ? both(AGES[each], kinds.byAge[each]) : [])),
  ]
}

const sizes = ['empty', 'small', 'medium', 'big'] as const
const ages = ['hot', 'warm', 'cold', 'unknown'] as const
