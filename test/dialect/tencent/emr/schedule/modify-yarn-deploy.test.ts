import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { pending } from '../../../../support/fixture/emr-schedule.ts'

test('a deployment says which scheduler it is for', async (t) => {
  const it = await startEmr(t)
  await it.answer('ModifyResourceScheduler', { OldValue: 'capacity', NewValue: 'fair' })
  await it.refused('ModifyYarnDeploy', [
    [{ NewScheduler: 'capacity' }, 'InvalidParameter', 'NewScheduler'],
    [
      { NewScheduler: 'capacity', InstanceId: 'emr-0' },
      'ResourceNotFound.InstanceNotFound',
      'emr-0',
    ],
  ])
  const answer = await it.answer('ModifyYarnDeploy', {
    NewScheduler: 'fair',
    OldScheduler: 'capacity',
  })
  assert.deepEqual([answer['IsDraft'], answer['ErrorMsg']], [false, ''])
  await it.cloud.settle()
  assert.deepEqual(await pending(it), [])
})
