import assert from 'node:assert/strict'
import { test } from 'node:test'
import { daily, restoreBody, startBackedUp } from '../../../../support/fixture/alibaba-backup.ts'

const NAME = 'DeleteBackup'

test('a backup is deleted with its data, once and for all', async (t) => {
  const { ask, refused, backUp, backups, history, cloud } = await startBackedUp(t)
  const { snapshots } = cloud.substrates.get('simulation')!
  await ask('AddBackupPolicy', daily)
  const { BackupTaskId } = await backUp()
  assert.equal((await snapshots!.list()).length, 1)
  assert.equal(await ask(NAME, { BackupTaskId }), true)
  await cloud.loop.drain()
  assert.deepEqual([await backups(), await snapshots!.list()], [[], []])
  const [operation] = await history({ OperationType: 'delete_backup' })
  assert.equal(operation.OperationStatus, 'COMPLETED')
  assert.equal((await refused(NAME, { BackupTaskId })).code, 'Backup.NotFound')
})

test('one that is being taken is not interrupted, and others are not touched', async (t) => {
  const { ask, refused, untilDue, backups, cloud } = await startBackedUp(t)
  await ask('AddBackupPolicy', daily)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'time:120')
  await untilDue()
  const [{ BackupTaskId }] = await backups()
  const early = await refused(NAME, { BackupTaskId })
  assert.deepEqual([early.statusCode, early.code], [400, 'OperationDenied.BackupStatus'])
  assert.match(early.message, /is in status RUNNING/)
  assert.equal((await refused(NAME, { BackupTaskId: 'bt-0' })).code, 'Backup.NotFound')
  const strange = await refused(NAME, { BackupTaskId, InstanceId: 'c-0' })
  assert.equal(strange.code, 'Instance.NotFound')
  assert.equal((await backups())[0].Status, 'RUNNING')
})

test('one that an instance is being made of goes when that is done', async (t) => {
  const { ask, call, backUp, backups, cloud } = await startBackedUp(t)
  const simulation = cloud.substrates.get('simulation')!
  await ask('AddBackupPolicy', daily)
  const { BackupTaskId } = await backUp()
  simulation.pacing!.set('starrocks', 'time:600')
  await call('RestoreInstance', { body: restoreBody(BackupTaskId) })
  await cloud.loop.drain()
  await ask(NAME, { BackupTaskId })
  await cloud.loop.drain()
  assert.equal((await backups())[0].Status, 'DELETING')
  assert.equal((await simulation.snapshots!.list()).length, 1)
  await ask(NAME, { BackupTaskId })
  simulation.pacing!.set('starrocks', 'immediate')
  await cloud.settle()
  cloud.clock.advance(60_000)
  await cloud.loop.drain()
  assert.deepEqual([await backups(), await simulation.snapshots!.list()], [[], []])
})
