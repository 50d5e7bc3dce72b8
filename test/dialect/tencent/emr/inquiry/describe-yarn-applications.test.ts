import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { applicationsOf, sampleApplication, silent } from '../../../../support/fixture/inquiry.ts'

const request = { StartTime: 1_000, EndTime: 2_000, Offset: 0, Limit: 10 }

test('what does not run has nothing to tell', async (t) => {
  const it = await startEmr(t)
  const { Total, Results } = await it.answer('DescribeYarnApplications', request)
  assert.deepEqual([Total, Results], [0, []])
})

test('times that are none, and clusters that are not there, are refused', async (t) => {
  const it = await startEmr(t)
  await it.refused('DescribeYarnApplications', [
    [{ ...request, EndTime: 999 }, 'InvalidParameter.ImpalaQueryException', '`EndTime`'],
    [{ ...request, EndTime: 1_000 + 86_401 }, 'InvalidParameter.ImpalaQueryException', '`EndTime`'],
    [{ ...request, InstanceId: 'emr-0' }, 'ResourceNotFound.ClusterNotFound', 'emr-0'],
  ])
})

test('applications of that time are shown as YARN reports them, the newest first, page by page', async (t) => {
  const running = { id: 'application_1_0002', state: 'RUNNING', startedMs: 1_800_000 }
  const { finishedMs: _none, ...unfinished } = sampleApplication
  const inquiries = applicationsOf(
    { id: 'application_1_0000', startedMs: 999_999 },
    { type: 'SPARK', progressPercent: 49.6, elapsedMs: 734_000 },
    {},
  )
  const it = await startEmr(t, {
    inquiries: {
      ...inquiries,
      applications: async (range) => [
        ...((await inquiries.applications?.(range)) ?? []),
        { ...unfinished, ...running },
      ],
    },
  })
  const first = await it.answer('DescribeYarnApplications', { ...request, Limit: 1 })
  const [newest] = first['Results'] as Record<string, unknown>[]
  assert.equal(first['Total'], 3)
  assert.equal(newest?.['Id'], 'application_1_0002')
  assert.equal(newest?.['State'], 'RUNNING')
  assert.equal(newest?.['FinishedTime'], -1)
  const second = await it.answer('DescribeYarnApplications', { ...request, Offset: 1, Limit: 1 })
  const [spark] = second['Results'] as Record<string, unknown>[]
  assert.deepEqual(
    [spark?.['ApplicationType'], spark?.['Progress'], spark?.['ElapsedTime'], spark?.['MapsTotal']],
    ['SPARK', 50, '12min14s', 0],
  )
  const third = await it.answer('DescribeYarnApplications', { ...request, Offset: 2, Limit: 1 })
  const [job] = third['Results'] as Record<string, unknown>[]
  const members = {
    Id: 'application_1_0001',
    User: 'hadoop',
    Queue: 'default',
    MemorySeconds: 58_250,
    VCoreSeconds: 33,
    MapsTotal: 2,
    ReducesTotal: 1,
    FailedMapAttempts: 1,
    MapOutputRecords: 20,
    ReduceOutputRecords: 5,
    GcTimeMillis: 90,
    HDFSBytesRead: 269,
    HDFSBytesWritten: 48,
    StartedTime: 1_500_000,
    FinishedTime: 1_560_000,
  }
  for (const [name, value] of Object.entries(members)) assert.equal(job?.[name], value, name)
})

test('a ResourceManager that does not answer makes the question fail, and no row', async (t) => {
  const it = await startEmr(t, { inquiries: silent })
  await it.refused('DescribeYarnApplications', [
    [request, 'InvalidParameter.ImpalaQueryException', 'nobody answers'],
  ])
})
