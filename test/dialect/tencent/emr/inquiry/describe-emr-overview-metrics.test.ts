import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'

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
