import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'

const request = { StartTime: 1_000, EndTime: 2_000, Page: 1, PageSize: 10 }

test('what does not run has nothing to tell', async (t) => {
  const it = await startEmr(t)
  const { TotalCount, KyuubiQueryInfoList } = await it.answer('DescribeKyuubiQueryInfo', request)
  assert.deepEqual([TotalCount, KyuubiQueryInfoList], [0, []])
})

test('times that are none, and clusters that are not there, are refused', async (t) => {
  const it = await startEmr(t)
  await it.refused('DescribeKyuubiQueryInfo', [
    [{ ...request, EndTime: 999 }, 'InvalidParameterValue', '`EndTime`'],
    [{ ...request, InstanceId: 'emr-0' }, 'ResourceNotFound.ClusterNotFound', 'emr-0'],
  ])
})
