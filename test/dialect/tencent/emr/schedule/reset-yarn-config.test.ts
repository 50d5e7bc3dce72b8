import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { edit, half, pending, share } from '../../../../support/fixture/emr-schedule.ts'

test('what was drafted of one scheduler, or of all, is dropped', async (t) => {
  const it = await startEmr(t)
  const draft = async () => {
    await edit(it, 'capacity', share('q', 50), half)
    await edit(it, 'fair', { OpType: 0, Name: 'f', ParentId: 'root' })
  }
  const counts = async () => [
    (await pending(it, { Scheduler: 'capacity' })).length > 0,
    (await pending(it, { Scheduler: 'fair' })).length > 0,
  ]
  await draft()
  await it.answer('ResetYarnConfig', { Key: 'capacityLabel' })
  assert.deepEqual(await counts(), [true, true])
  await it.answer('ResetYarnConfig', { Key: 'capacity' })
  assert.deepEqual(await counts(), [false, true])
  await edit(it, 'capacity', share('q', 50), half)
  assert.deepEqual(await counts(), [true, true])
  await it.answer('ResetYarnConfig')
  assert.deepEqual(await counts(), [false, false])
  await it.refused('ResetYarnConfig', [
    [{ InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
})
