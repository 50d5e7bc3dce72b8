import assert from 'node:assert/strict'
import { test } from 'node:test'
import { daily, startBackedUp } from '../../../../support/fixture/alibaba-backup.ts'

const NAME = 'UpdateBackupPolicy'

test('what is named is other from the next backup on, and what is left out stays', async (t) => {
  const { ask, policies, backups, untilDue } = await startBackedUp(t)
  await ask('AddBackupPolicy', { ...daily, RecurrenceType: 'WEEKLY', RecurrenceValues: [3] })
  const [before] = await policies()
  const { PolicyId } = before
  assert.equal(await ask(NAME, { PolicyId, Hour: 23, ExpireDays: 30 }), true)
  assert.deepEqual((await policies())[0], { ...before, Hour: '23', ExpireDays: 30 })
  await ask(NAME, { PolicyId, RecurrenceValues: [5], Minute: 0, TimeoutSeconds: 60 })
  await untilDue()
  const [{ BackupStartTime, ExpireTime }] = await backups()
  const at = new Date(BackupStartTime + 8 * 3_600_000)
  assert.deepEqual([at.getUTCDay(), at.getUTCHours(), at.getUTCMinutes()], [5, 23, 0])
  assert.equal(ExpireTime - BackupStartTime, 30 * 86_400_000)
})

test('days of another kind, and a policy that is not there, are refused', async (t) => {
  const { ask, refused, policies } = await startBackedUp(t)
  await ask('AddBackupPolicy', daily)
  const [{ PolicyId }] = await policies()
  const wrong = await refused(NAME, { PolicyId, RecurrenceValues: [1] })
  assert.match(wrong.message, /should be empty for DAILY/)
  const strange = await refused(NAME, { PolicyId: 'bk-policy-0', Hour: 1 })
  assert.deepEqual([strange.statusCode, strange.code], [404, 'BackupPolicy.NotFound'])
  const elsewhere = await refused(NAME, { PolicyId, InstanceId: 'c-0', Hour: 1 })
  assert.equal(elsewhere.code, 'Instance.NotFound')
  assert.equal((await policies())[0].Hour, '2')
})
