import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { applicationsOf, silent } from '../../../../support/fixture/inquiry.ts'

test('where nothing ran there is nothing to count', async (t) => {
  const it = await startEmr(t)
  const { RequestId: _, ...answer } = await it.answer('DescribeEmrApplicationStatics', {
    GroupBy: ['user', 'queue'],
    OrderBy: 'sumMemorySeconds',
  })
  const nothing = { Statics: [], TotalCount: 0, Queues: [], Users: [], ApplicationTypes: [] }
  assert.deepEqual(answer, nothing)
  await it.refused('DescribeEmrApplicationStatics', [
    [{ StartTime: 2, EndTime: 1 }, 'InvalidParameterValue', '`EndTime`'],
    [{ InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
})

test('what applications have used is summed up by what they are grouped by', async (t) => {
  const it = await startEmr(t, {
    inquiries: applicationsOf(
      { memoryMibSeconds: 10, coreSeconds: 3 },
      { id: 'application_1_0002', memoryMibSeconds: 20, coreSeconds: 1 },
      { id: 'application_1_0003', user: 'ann', type: 'SPARK', memoryMibSeconds: 100 },
      { id: 'application_1_0004', queue: 'root.small', memoryMibSeconds: 1 },
    ),
  })
  const all = await it.answer('DescribeEmrApplicationStatics', {})
  const rows = all['Statics'] as Record<string, unknown>[]
  assert.equal(all['TotalCount'], 3)
  assert.deepEqual(all['Queues'], ['root.default', 'root.small'])
  assert.deepEqual(all['Users'], ['ann', 'hadoop'])
  assert.deepEqual(all['ApplicationTypes'], ['MAPREDUCE', 'SPARK'])
  assert.deepEqual(rows[1], {
    Queue: 'root.default',
    User: 'hadoop',
    ApplicationType: 'MAPREDUCE',
    SumMemorySeconds: 30,
    SumVCoreSeconds: 4,
    SumHDFSBytesWritten: '96 bytes',
    SumHDFSBytesRead: '538 bytes',
    CountApps: 2,
  })
  const some = await it.answer('DescribeEmrApplicationStatics', {
    GroupBy: ['user'],
    Queues: ['default'],
    OrderBy: 'sumVCoreSeconds',
    IsAsc: 1,
  })
  const users = some['Statics'] as Record<string, unknown>[]
  assert.deepEqual(
    users.map(({ User, Queue, CountApps }) => [User, Queue, CountApps]),
    [
      ['hadoop', '', 2],
      ['ann', '', 1],
    ],
  )
  const none = await it.answer('DescribeEmrApplicationStatics', { StartTime: 1_501 })
  assert.equal(none['TotalCount'], 0)
})

test('a ResourceManager that does not answer makes the question fail', async (t) => {
  const it = await startEmr(t, { inquiries: silent })
  await it.refused('DescribeEmrApplicationStatics', [[{}, 'FailedOperation', 'nobody answers']])
})
