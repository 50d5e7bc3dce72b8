import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { pending } from '../../../../support/fixture/emr-schedule.ts'

test('another scheduler is drafted, and taken back again', async (t) => {
  const it = await startEmr(t)
  await it.refused('ModifyResourceScheduler', [
    [{ OldValue: 'fair', NewValue: 'capacity' }, 'InvalidParameter', 'OldValue'],
    [
      { OldValue: 'capacity', NewValue: 'capacity', InstanceId: 'emr-0' },
      'ResourceNotFound.InstanceNotFound',
      'emr-0',
    ],
  ])
  await it.answer('ModifyResourceScheduler', { OldValue: 'capacity', NewValue: 'fair' })
  assert.deepEqual(await pending(it), [' Scheduler: capacity -> fair'])
  const { ActiveScheduler, Scheduler } = await it.answer('DescribeGlobalConfig')
  assert.deepEqual([ActiveScheduler, Scheduler], ['capacity', 'fair'])
  await it.answer('ModifyResourceScheduler', { OldValue: 'fair', NewValue: 'capacity' })
  assert.deepEqual(await pending(it), [])
})
