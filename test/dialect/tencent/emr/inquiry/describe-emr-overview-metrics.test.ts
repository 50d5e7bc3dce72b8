import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { silent } from '../../../../support/fixture/inquiry.ts'

test('where nobody measures there are no figures', async (t) => {
  const it = await startEmr(t)
  const request = { End: 2, Metric: 'NODE.CPU', Downsample: '30s-min' }
  assert.deepEqual((await it.answer('DescribeEmrOverviewMetrics', request))['Result'], [])
  await it.refused('DescribeEmrOverviewMetrics', [
    [{ ...request, Metric: 'NODE.MOOD' }, 'ResourceNotFound.ResourceNotFound', '`Metric`'],
    [{ ...request, Start: 3 }, 'InvalidParameterValue', '`End`'],
    [{ ...request, InstanceId: 'emr-0' }, 'ResourceNotFound.ClusterNotFound', 'emr-0'],
  ])
})

test('what HDFS holds is measured when it is asked for, in the figures that are wanted', async (t) => {
  const capacity = { totalBytes: 100, usedBytes: 20, remainingBytes: 70, otherBytes: 10 }
  const it = await startEmr(t, { inquiries: { capacity: async () => capacity } })
  const now = Math.floor(it.cloud.clock.now() / 1000)
  const request = { End: now, Metric: 'HDFS.NN.CAPACITY', Downsample: '1m-max' }
  const Tags = '{"type":"CapacityTotal|CapacityRemaining"}'
  const { Result } = await it.answer('DescribeEmrOverviewMetrics', { ...request, Tags })
  const series = Result as Record<string, unknown>[]
  assert.deepEqual(
    series.map(({ Tags: tags, DataPoints, Interval }) => [tags, DataPoints, Interval]),
    [
      [{ Unit: 'byte', Type: 'CapacityTotal' }, ['100'], 60],
      [{ Unit: 'byte', Type: 'CapacityRemaining' }, ['70'], 60],
    ],
  )
  assert.equal(Number(series[0]?.['First']) % 60, 0)
  const all = await it.answer('DescribeEmrOverviewMetrics', request)
  assert.equal((all['Result'] as unknown[]).length, 4)
  const past = { ...request, Start: 1, End: now - 3_600 }
  assert.deepEqual((await it.answer('DescribeEmrOverviewMetrics', past))['Result'], [])
  await it.refused('DescribeEmrOverviewMetrics', [
    [{ ...request, Tags: 'all' }, 'InvalidParameterValue', '`Tags`'],
  ])
  const mute = await startEmr(t, { inquiries: silent })
  await mute.refused('DescribeEmrOverviewMetrics', [
    [request, 'ResourceNotFound.ResourceNotFound', 'nobody answers'],
  ])
})
