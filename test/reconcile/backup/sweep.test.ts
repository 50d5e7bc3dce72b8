import assert from 'node:assert/strict'
import { test } from 'node:test'
import { daily, startBackedUp } from '../../support/fixture/alibaba-backup.ts'

test('a copy that no backup stands for is removed, and no other', async (t) => {
  const { ask, backUp, cloud, id } = await startBackedUp(t)
  const { snapshots } = cloud.substrates.get('simulation')!
  await ask('AddBackupPolicy', daily)
  const { BackupTaskId } = await backUp()
  await snapshots!.take({ cluster: id, snapshot: 'bt-nobody' })
  assert.equal((await snapshots!.list()).length, 2)
  await cloud.loop.sweep()
  assert.deepEqual(await snapshots!.list(), [{ cluster: id, snapshot: BackupTaskId }])
})

test('a backup whose data are gone is none any more, and goes with its time', async (t) => {
  const { ask, backUp, backups, policies, cloud, id } = await startBackedUp(t)
  const { snapshots } = cloud.substrates.get('simulation')!
  await ask('AddBackupPolicy', daily)
  const { BackupTaskId } = await backUp()
  await backUp()
  await snapshots!.discard({ cluster: id, snapshot: BackupTaskId })
  await cloud.loop.sweep()
  assert.deepEqual(
    (await backups()).map(({ Status }) => Status),
    ['COMPLETED', 'FAILED'],
  )
  const [{ PolicyId }] = await policies()
  await ask('DeleteBackupPolicy', { PolicyId })
  cloud.clock.advance(8 * 86_400_000)
  await cloud.loop.drain()
  assert.deepEqual(await backups(), [])
})

test('a backup and a policy without a work item are found', async (t) => {
  const { ask, backUp, backups, cloud } = await startBackedUp(t)
  await ask('AddBackupPolicy', daily)
  await backUp()
  const lease = { nowMs: Infinity, wallMs: Date.now(), leaseMs: 1, limit: 100 }
  await cloud.store.write(async (tx) => {
    for (const item of await tx.lease({ ...lease, nowMs: Number.MAX_SAFE_INTEGER }))
      if (item.kind === 'backup' || item.kind === 'backupPolicy') await tx.complete(item)
  })
  assert.equal(await cloud.loop.sweep(), 2)
  cloud.clock.advance(7 * 86_400_000)
  await cloud.loop.drain()
  assert.equal((await backups())[0].Status, 'COMPLETED')
})
