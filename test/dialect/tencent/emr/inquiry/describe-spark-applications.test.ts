import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { applicationsOf, silent } from '../../../../support/fixture/inquiry.ts'

const request = { StartTime: 1_000, EndTime: 2_000, Page: 1, PageSize: 10 }

test('what does not run has nothing to tell', async (t) => {
  const it = await startEmr(t)
  const { TotalCount, ResultList } = await it.answer('DescribeSparkApplications', request)
  assert.deepEqual([TotalCount, ResultList], [0, []])
})

test('times that are none, and clusters that are not there, are refused', async (t) => {
  const it = await startEmr(t)
  await it.refused('DescribeSparkApplications', [
    [{ ...request, EndTime: 999 }, 'InvalidParameterValue', '`EndTime`'],
    [{ ...request, InstanceId: 'emr-0' }, 'ResourceNotFound.ClusterNotFound', 'emr-0'],
  ])
})

test('applications of Spark are those that YARN knows, page by page', async (t) => {
  const it = await startEmr(t, {
    inquiries: applicationsOf(
      {},
      { id: 'application_1_0002', type: 'SPARK' },
      { id: 'application_1_0003', type: 'SPARK', finalState: 'FAILED', startedMs: 1_600_000 },
    ),
  })
  const answer = await it.answer('DescribeSparkApplications', { ...request, Page: 2, PageSize: 1 })
  assert.equal(answer['TotalCount'], 2)
  assert.deepEqual(answer['ResultList'], [
    {
      ID: 'application_1_0002',
      Name: 'word count',
      User: 'hadoop',
      StartTime: 1_500_000,
      EndTime: 1_560_000,
      Duration: 60_000,
      State: 'completed',
      ApplicationType: 'SPARK',
      CoreSeconds: 33,
      MemorySeconds: '58250 MB Seconds',
      Insight: 'UNKNOWN',
    },
  ])
  const mute = await startEmr(t, { inquiries: silent })
  await mute.refused('DescribeSparkApplications', [[request, 'InternalError', 'nobody answers']])
})
