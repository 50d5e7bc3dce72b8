import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'

test('settings that nobody made are null', async (t) => {
  const it = await startEmr(t)
  const answer = await it.answer('DescribeGlobalConfig')
  const capacity = answer['CapacityGlobalConfig'] as Record<string, unknown>
  assert.deepEqual(
    [answer['EnableResourceSchedule'], capacity['EnableLabel'], capacity['QueueMappingOverride']],
    [true, false, null],
  )
  const settings = capacity['DefaultSettings'] as { Name: string; Value: unknown }[]
  assert.deepEqual(
    settings.map(({ Name, Value }) => [Name, Value]),
    [
      ['node-locality-delay', null],
      ['multiple-assignments-enabled', null],
      ['maximum-container-assignments', null],
      ['resource-calculator', null],
    ],
  )
  await it.refused('DescribeGlobalConfig', [
    [{ InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
})
