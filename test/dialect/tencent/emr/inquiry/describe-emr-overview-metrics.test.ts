import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { askAdmin } from '../../../../support/http/admin.ts'
import { silent } from '../../../../support/fixture/inquiry.ts'

test('where nobody measures there are no figures', async (t) => {
  const it = await startEmr(t, { inquiries: {} })
  const request = { End: 2, Metric: 'NODE.CPU', Downsample: '30s-min' }
  const End = Math.floor(it.cloud.clock.now() / 1000)
  for (const Metric of ['NODE.CPU', 'HDFS.NN.CAPACITY']) {
    const now = { ...request, Metric, End }
    assert.deepEqual((await it.answer('DescribeEmrOverviewMetrics', now))['Result'], [])
  }
  assert.deepEqual((await it.answer('DescribeEmrOverviewMetrics', request))['Result'], [])
  await it.refused('DescribeEmrOverviewMetrics', [
    [{ ...request, Metric: 'NODE.MOOD' }, 'ResourceNotFound.ResourceNotFound', '`Metric`'],
    [{ ...request, Start: 3 }, 'InvalidParameterValue', '`End`'],
    [{ ...request, InstanceId: 'emr-0' }, 'ResourceNotFound.ClusterNotFound', 'emr-0'],
  ])
})

test('the cores of all nodes are counted, and how much of them applications have', async (t) => {
  const it = await startEmr(t)
  const figures = async (members: object = {}) => {
    const End = Math.floor(it.cloud.clock.now() / 1000)
    const request = { End, Metric: 'NODE.CPU', Downsample: '30s-min', ...members }
    const { Result } = await it.answer('DescribeEmrOverviewMetrics', request)
    return (Result as { Tags: object; DataPoints: string[] }[]).map((series) => [
      series.Tags,
      ...series.DataPoints,
    ])
  }
  const used = { Type: 'CPUUsedPercent', Unit: '' }
  const total = { Type: 'CPUCoresTotal', Unit: '核' }
  assert.deepEqual(await figures(), [
    [used, '0'],
    [total, '12'],
  ])
  const body = { cluster: it.id, applications: 1, containers: 5, memoryMib: 1024, cores: 1 }
  await askAdmin(it.cloud.port, 'demands', { method: 'POST', body })
  assert.deepEqual(await figures({ Tags: '{"type":"CPUUsedPercent"}' }), [[used, '41.7']])
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
