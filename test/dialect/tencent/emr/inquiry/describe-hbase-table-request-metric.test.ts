import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { sampleTable, silent } from '../../../../support/fixture/inquiry.ts'

test('a table that nothing serves has no figures', async (t) => {
  const it = await startEmr(t)
  const request = { TableName: 'hbase_meta', Downsample: '5m', RegionServer: '127.0.0.1:6003' }
  const { MetricDataList } = await it.answer('DescribeHBaseTableRequestMetric', request)
  assert.deepEqual(MetricDataList, [])
  await it.refused('DescribeHBaseTableRequestMetric', [
    [{ ...request, Downsample: 'often' }, 'InvalidParameterValue', '`Downsample`'],
    [{ ...request, StartTime: 2, EndTime: 1 }, 'InvalidParameterValue', '`EndTime`'],
    [{ ...request, InstanceId: 'emr-0' }, 'ResourceNotFound.ClusterNotFound', 'emr-0'],
  ])
})

test('what a table has now is the one point of the time that is asked for', async (t) => {
  const asked: unknown[] = []
  const it = await startEmr(t, {
    inquiries: {
      tables: async (server) => {
        asked.push(server)
        return [sampleTable]
      },
    },
  })
  const now = Math.floor(it.cloud.clock.now() / 1000)
  const of = async (more: object) => {
    const request = { TableName: 'default_orders', ...more }
    const { MetricDataList } = await it.answer('DescribeHBaseTableRequestMetric', request)
    const all = MetricDataList as readonly { Timestamps: number[]; Values: number[] }[]
    return all.map(({ Timestamps: [at], ...rest }) => ({ ...rest, at: now - (at ?? 0) < 300 }))
  }
  const point = [
    { MetricName: 'read_request_rate', MetricDesc: 'read request rate', Values: [1.23], at: true },
    { MetricName: 'write_request_rate', MetricDesc: 'write request rate', Values: [0.5], at: true },
  ]
  assert.deepEqual(await of({}), point)
  assert.deepEqual(await of({ StartTime: now - 60, EndTime: now + 60, RegionServer: 'a:1' }), point)
  assert.deepEqual(asked, [undefined, 'a:1'])
  const none = point.map((each) => ({ ...each, Values: [], at: false }))
  assert.deepEqual(await of({ TableName: 'default_other' }), none)
  assert.deepEqual(await of({ EndTime: now - 3_600 }), none)
})

test('servers that do not answer make the question fail', async (t) => {
  const it = await startEmr(t, { inquiries: silent })
  await it.refused('DescribeHBaseTableRequestMetric', [
    [{ TableName: 'default_orders' }, 'ResourceNotFound', 'nobody answers'],
  ])
})
