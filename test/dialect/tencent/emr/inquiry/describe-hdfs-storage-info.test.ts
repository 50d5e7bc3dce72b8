import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FileSurvey } from '../../../../../src/domain/inquiry.ts'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { silent } from '../../../../support/fixture/inquiry.ts'

test('where no HDFS runs, nothing was sampled', async (t) => {
  const it = await startEmr(t)
  const request = { StartTime: 1, EndTime: 2 }
  const answer = await it.answer('DescribeHDFSStorageInfo', request)
  assert.deepEqual([answer['SampleTime'], answer['StorageSummaryDistribution']], [0, []])
  await it.refused('DescribeHDFSStorageInfo', [
    [{ StartTime: 2, EndTime: 1 }, 'InvalidParameterValue', '`EndTime`'],
    [{ ...request, InstanceId: 'emr-0' }, 'ResourceNotFound.ClusterNotFound', 'emr-0'],
  ])
})

const sum = (count: number, bytes: number) => ({ count, bytes })
const survey: FileSurvey = {
  all: sum(6, 700),
  kinds: {
    bySize: { empty: sum(1, 0), small: sum(2, 100), medium: sum(3, 600), big: sum(0, 0) },
    byAge: { hot: sum(4, 400), warm: sum(1, 200), cold: sum(0, 0), unknown: sum(1, 100) },
  },
}

test('its files are counted by size and age when they are asked for', async (t) => {
  const it = await startEmr(t, { inquiries: { files: async () => survey } })
  const now = Math.floor(it.cloud.clock.now() / 1000)
  const request = { StartTime: now - 60, EndTime: now }
  const answer = await it.answer('DescribeHDFSStorageInfo', request)
  assert.ok(Math.abs(Number(answer['SampleTime']) - now) < 60)
  const items = answer['StorageSummaryDistribution'] as {
    MetricItem: string
    MetricName: string
    Dps: { Timestamp: string; Value: string }[]
  }[]
  const values = Object.fromEntries(items.map((each) => [each.MetricItem, each.Dps[0]?.Value]))
  assert.deepEqual(values, {
    total_count: '6',
    total_size: '700',
    empty_count: '1',
    small_count: '2',
    small_file_size: '100',
    other_count: '3',
    other_file_size: '600',
    big_count: '0',
    big_file_size: '0',
    hot_count: '4',
    hot_size: '400',
    warm_count: '1',
    warm_size: '200',
    cold_count: '0',
    cold_size: '0',
    other_atime_count: '1',
    other_atime_size: '100',
  })
  assert.equal(items[0]?.Dps[0]?.Timestamp, String(answer['SampleTime']))
  assert.equal(items[0]?.MetricName, '总数')

  const past = { StartTime: now - 3 * 86_400, EndTime: now - 2 * 86_400 }
  const none = await it.answer('DescribeHDFSStorageInfo', past)
  assert.deepEqual(none['StorageSummaryDistribution'], [])
})

test('of more files than can be looked at, only the sums are shown; a NameNode that is silent, nothing', async (t) => {
  const it = await startEmr(t, { inquiries: { files: async () => ({ all: survey.all }) } })
  const now = Math.floor(it.cloud.clock.now() / 1000)
  const request = { StartTime: now - 60, EndTime: now }
  const answer = await it.answer('DescribeHDFSStorageInfo', request)
  assert.equal((answer['StorageSummaryDistribution'] as unknown[]).length, 2)
  const mute = await startEmr(t, { inquiries: silent })
  await mute.refused('DescribeHDFSStorageInfo', [
    [request, 'InternalError.DoOpenTSDBRequestException', 'nobody answers'],
  ])
})
