import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'

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
