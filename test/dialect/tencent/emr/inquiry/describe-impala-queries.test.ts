import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'

const request = { StartTime: 1_000, EndTime: 2_000, Offset: 0, Limit: 10 }

test('what does not run has nothing to tell', async (t) => {
  const it = await startEmr(t)
  const { Total, Results } = await it.answer('DescribeImpalaQueries', request)
  assert.deepEqual([Total, Results], [0, []])
})

test('times that are none, and clusters that are not there, are refused', async (t) => {
  const it = await startEmr(t)
  await it.refused('DescribeImpalaQueries', [
    [{ ...request, EndTime: 999 }, 'InvalidParameterValue', '`EndTime`'],
    [{ ...request, EndTime: 1_000 + 86_401 }, 'InvalidParameterValue', '`EndTime`'],
    [{ ...request, InstanceId: 'emr-0' }, 'ResourceNotFound.ClusterNotFound', 'emr-0'],
  ])
})
