import assert from 'node:assert/strict'
import { test } from 'node:test'
import { daily, startBackedUp } from '../../../../support/fixture/alibaba-backup.ts'

const NAME = 'UpdateBackup'

test('a backup is described, and described again', async (t) => {
  const { ask, backUp, backups, history } = await startBackedUp(t)
  await ask('AddBackupPolicy', daily)
  const { BackupTaskId: backupTaskId } = await backUp()
  assert.equal(await ask(NAME, { backupTaskId, description: '搬迁之前' }), true)
  assert.equal((await backups())[0].Description, '搬迁之前')
  await ask(NAME, { backupTaskId })
  assert.equal((await backups())[0].Description, '')
  assert.deepEqual(
    (await history()).map(({ OperationType }) => OperationType),
    ['backup', 'create_cluster'],
  )
})

test('a backup that is not there, or is of another region, is not found', async (t) => {
  const { ask, refused, backUp } = await startBackedUp(t)
  await ask('AddBackupPolicy', daily)
  const { BackupTaskId: backupTaskId } = await backUp()
  const strange = await refused(NAME, { backupTaskId: 'bt-0', description: 'x' })
  assert.deepEqual([strange.statusCode, strange.code], [404, 'Backup.NotFound'])
  const elsewhere = await refused(NAME, { backupTaskId, RegionId: 'cn-beijing' })
  assert.equal(elsewhere.code, 'Backup.NotFound')
  const long = await refused(NAME, { backupTaskId, description: 'x'.repeat(257) })
  assert.equal(long.code, 'InvalidParams')
})
