import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'

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
