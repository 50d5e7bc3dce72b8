import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '../../../src/limits.ts'
import { daily, startBackedUp } from '../../support/fixture/alibaba-backup.ts'

test('while a backup is being taken, the next one is not begun, and the history says why', async (t) => {
  const { ask, untilDue, backups, policies, history, cloud } = await startBackedUp(t)
  await ask('AddBackupPolicy', { ...daily, TimeoutSeconds: 86_400 })
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  const { clock } = cloud
  await untilDue()
  const begunMs = clock.now()
  // The policy is moved to where the next one is due before the first has run out of time.
  const [{ PolicyId }] = await policies()
  await ask('UpdateBackupPolicy', { PolicyId, Hour: 3 })
  await untilDue()
  assert.ok(clock.now() - begunMs < 86_400_000)
  assert.equal((await backups()).length, 1)
  const [second, first] = await history({ OperationType: 'backup' })
  assert.deepEqual([first.OperationStatus, second.OperationStatus], ['RUNNING', 'TERMINATED'])
  assert.match(second.OperationDetail, /still being taken/)
})

test('an instance keeps a bounded number of backups', async (t) => {
  const { ask, backUp, untilDue, history, cloud, id } = await startBackedUp(t)
  await ask('AddBackupPolicy', { ...daily, ExpireDays: 365 })
  await backUp()
  await cloud.store.write(async (tx) => {
    const { rows } = await tx.list('backup', {
      account: undefined,
      parent: id,
      order: 'oldest',
      limit: 1,
      offset: 0,
    })
    const one = rows[0]!.document
    for (let count = 1; count < limits.backupsPerCluster; count++)
      await tx.insert('backup', { ...one, id: `bt-${count}` }, cloud.clock.now())
  })
  await untilDue()
  const [last] = await history({ OperationType: 'backup' })
  assert.equal(last.OperationStatus, 'TERMINATED')
  assert.match(last.OperationDetail, /has 400 backups, and more are not kept/)
})
