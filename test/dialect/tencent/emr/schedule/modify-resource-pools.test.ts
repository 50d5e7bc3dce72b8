import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { edit, masterFile, settings } from '../../../../support/fixture/emr-schedule.ts'

test('the queues of the latest scheduler come into force', async (t) => {
  const it = await startEmr(t)
  await it.answer('ModifyResourceScheduler', { OldValue: 'capacity', NewValue: 'fair' })
  await edit(it, 'fair', { OpType: 0, Name: 'q', ParentId: 'root', ...settings({ weight: '2' }) })
  await it.refused('ModifyResourcePools', [
    [{ Key: 'capacity' }, 'InvalidParameter', 'Key'],
    [{ Key: 'fair', InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
  assert.equal((await it.answer('ModifyResourcePools', { Key: 'fair' }))['IsDraft'], false)
  await it.cloud.settle()
  assert.equal((await masterFile(it, 'fair-scheduler.xml'))['root.q.weight'], '2')
})
