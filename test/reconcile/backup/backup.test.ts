import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alibabaClient } from '../../support/http/alibaba-client.ts'
import { daily, restoreBody, startBackedUp } from '../../support/fixture/alibaba-backup.ts'
import { startCloud } from '../../support/fixture/cloud.ts'

const DAY_MS = 86_400_000

test('a backup ends with its time, its data with it, and the history says so', async (t) => {
  const { ask, backUp, backups, policies, history, cloud } = await startBackedUp(t)
  const { snapshots } = cloud.substrates.get('simulation')!
  await ask('AddBackupPolicy', { ...daily, ExpireDays: 2 })
  await backUp()
  const [{ PolicyId }] = await policies()
  await ask('DeleteBackupPolicy', { PolicyId })
  cloud.clock.advance(2 * DAY_MS - 1)
  await cloud.loop.drain()
  assert.equal((await backups()).length, 1)
  cloud.clock.advance(1)
  await cloud.loop.drain()
  assert.deepEqual([await backups(), await snapshots!.list()], [[], []])
  const [operation] = await history({ OperationType: 'delete_backup' })
  assert.equal(operation.OperationStatus, 'COMPLETED')
})

test('backups, policy and data end with their instance, one that is being taken too', async (t) => {
  const { ask, backUp, untilDue, send, call, history, cloud } = await startBackedUp(t)
  const simulation = cloud.substrates.get('simulation')!
  await ask('AddBackupPolicy', daily)
  await backUp()
  simulation.pacing!.set('starrocks', 'time:120')
  await untilDue()
  assert.equal((await simulation.snapshots!.list()).length, 2)
  await send('ReleaseInstance')
  await cloud.settle()
  cloud.clock.advance(60_000)
  await cloud.loop.drain()
  assert.deepEqual(await simulation.snapshots!.list(), [])
  assert.equal((await call('DescribeBackups')).body.Total, 0)
  assert.equal((await call('DescribeBackupPolicies')).body.Total, 0)
  const [operation] = await history({ OperationType: 'backup' })
  assert.equal(operation.OperationStatus, 'TERMINATED')
  assert.match(operation.OperationDetail, /released before it was done/)
  cloud.clock.advance(2 * DAY_MS)
  await cloud.loop.drain()
  for (const kind of ['backup', 'backupPolicy'] as const)
    assert.deepEqual(
      (await cloud.store.read((tx) => tx.tally(kind))).filter(({ count }) => count > 0),
      [],
    )
})

test('an instance that does not run is backed up when it does, or not in time', async (t) => {
  const { ask, untilDue, backups, document, history, cloud, id } = await startBackedUp(t)
  await ask('AddBackupPolicy', { ...daily, TimeoutSeconds: 600 })
  const put = async (state: 'suspended' | 'running') => {
    const was = await document()
    await cloud.store.write(async (tx) => {
      const found = await tx.findById('cluster', id)
      await tx.save('cluster', found!, { ...was, status: { ...was.status, state } })
    })
  }
  await put('suspended')
  await untilDue()
  assert.equal((await backups())[0].Status, 'RUNNING')
  cloud.clock.advance(60_000)
  await put('running')
  await cloud.loop.drain()
  assert.equal((await backups())[0].Status, 'COMPLETED')
  await put('suspended')
  await untilDue()
  cloud.clock.advance(600_000)
  await cloud.loop.drain()
  assert.equal((await backups())[0].Status, 'FAILED')
  const [operation] = await history({ OperationType: 'backup' })
  assert.match(
    operation.OperationDetail,
    /not done in time: waiting for the cluster, which is suspended/,
  )
  const [incident] = (await document()).status.incidents ?? []
  assert.equal(incident?.kind, 'backup-failed')
  assert.match(incident?.reason ?? '', /^bt-\w+: it was not done in time/)
})

test('a backup outlives the server in every state', async (t) => {
  const first = await startBackedUp(t)
  await first.ask('AddBackupPolicy', daily)
  await first.backUp()
  first.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'time:120')
  await first.untilDue()
  await first.cloud.close()
  const { clock, dataDir } = first.cloud
  clock.advance(120_000)
  const cloud = await startCloud(t, { clock, dataDir })
  await cloud.loop.drain()
  const call = alibabaClient(cloud.port)
  const statuses = async () =>
    (await call('DescribeBackups')).body.Data.map((each: { Status: string }) => each.Status)
  assert.deepEqual(await statuses(), ['COMPLETED', 'COMPLETED'])
  clock.advance(7 * DAY_MS)
  await cloud.loop.drain()
  assert.equal((await cloud.substrates.get('simulation')!.snapshots!.list()).length, 1)
  assert.equal((await statuses()).length, 1)
})

test('other operations of the instance do not end that of its backup', async (t) => {
  const { ask, untilDue, send, history, cloud } = await startBackedUp(t)
  await ask('AddBackupPolicy', daily)
  const simulation = cloud.substrates.get('simulation')!
  simulation.pacing!.set('starrocks', 'time:300')
  await untilDue()
  await send('RestartInstance')
  simulation.pacing!.set('starrocks', 'time:100')
  await cloud.settle()
  const all = await history()
  const statusOf = (type: string) =>
    all.find(({ OperationType }) => OperationType === type)?.OperationStatus
  assert.equal(statusOf('restart_cluster'), 'COMPLETED')
  assert.equal(statusOf('backup'), 'COMPLETED')
})

test('a backup of the instance that was restored from one is its own', async (t) => {
  const { ask, call, backUp, cloud } = await startBackedUp(t)
  await ask('AddBackupPolicy', daily)
  const { BackupTaskId } = await backUp()
  const { body } = await call('RestoreInstance', { body: restoreBody(BackupTaskId) })
  const { InstanceId } = body.Data
  await cloud.settle()
  await ask('AddBackupPolicy', { ...daily, InstanceId })
  cloud.clock.advance(DAY_MS)
  await cloud.loop.drain()
  const { body: found } = await call('DescribeBackups', { query: { InstanceId } })
  assert.deepEqual([found.Total, found.Data[0].Status], [1, 'COMPLETED'])
  assert.equal(found.Data[0].InstanceSnapshot.InstanceName, 'restored')
})
