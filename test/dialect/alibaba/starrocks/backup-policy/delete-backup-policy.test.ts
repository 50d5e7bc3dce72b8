import assert from 'node:assert/strict'
import { test } from 'node:test'
import { daily, startBackedUp } from '../../../../support/fixture/alibaba-backup.ts'

const NAME = 'DeleteBackupPolicy'

test('there are no more backups, and those that were taken stay', async (t) => {
  const { ask, refused, policies, backups, backUp, cloud } = await startBackedUp(t)
  await ask('AddBackupPolicy', daily)
  await backUp()
  const [{ PolicyId }] = await policies()
  assert.equal((await refused(NAME, { PolicyId, InstanceId: 'c-0' })).code, 'Instance.NotFound')
  assert.equal(await ask(NAME, { PolicyId }), true)
  assert.deepEqual(await policies(), [])
  cloud.clock.advance(3 * 86_400_000)
  await cloud.loop.drain()
  assert.equal((await backups()).length, 1)
  assert.equal((await refused(NAME, { PolicyId })).code, 'BackupPolicy.NotFound')
})
