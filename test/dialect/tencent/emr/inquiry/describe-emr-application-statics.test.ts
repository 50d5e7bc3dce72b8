import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'

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
