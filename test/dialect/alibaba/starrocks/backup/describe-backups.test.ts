import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alibabaClient, refusalOf } from '../../../../support/http/alibaba-client.ts'
import { daily, startBackedUp } from '../../../../support/fixture/alibaba-backup.ts'
import { wires } from '../../../../support/http/wire.ts'

const NAME = 'DescribeBackups'

test('a backup shows the instance as it was, whatever became of it since', async (t) => {
  const { ask, backUp, backups, send, id, cloud, describe, groups } = await startBackedUp(t)
  await ask('AddBackupPolicy', daily)
  const before = await describe()
  const shown = await groups()
  const backup = await backUp()
  await send('UpdateInstanceName', { ClusterName: 'renamed' })
  await send('ModifyCu', { Target: 16 }, 'BE')
  await cloud.settle()
  const [after] = await backups()
  assert.deepEqual(after, backup)
  const { BackupStartTime, BackupTaskId, InstanceSnapshot, ...rest } = backup
  assert.match(BackupTaskId, /^bt-[0-9a-f]{16}$/)
  assert.deepEqual(rest, {
    BackupFinishedTime: BackupStartTime,
    BackupType: 'FullBackup',
    Description: '',
    ExpireTime: BackupStartTime + 7 * 86_400_000,
    InstanceId: id,
    RegionId: 'cn-hangzhou',
    Size: 0,
    Status: 'COMPLETED',
    SubTasks: [],
  })
  const { NodeGroups, ...instance } = InstanceSnapshot
  assert.deepEqual(instance, {
    InstanceName: before.InstanceName,
    MinorVersion: before.MinorVersion,
    RegionId: before.RegionId,
    ResourceGroupId: before.ResourceGroupId,
    RunMode: 'shared_nothing',
    SpecType: 'standard',
    Tags: before.Tags,
    Version: before.Version,
    VpcId: before.VpcId,
  })
  assert.deepEqual(
    NodeGroups,
    shown.map((group) => ({
      ComponentType: group.ComponentType,
      Cu: group.Cu,
      DiskNumber: String(group.DiskNumber),
      LocalStorageInstanceType: group.LocalStorageInstanceType,
      ResidentNodeNumber: String(group.ResidentNodeNumber),
      SpecType: group.SpecType,
      StoragePerformanceLevel: group.StoragePerformanceLevel,
      StorageSize: group.StorageSize,
    })),
  )
})

test('it is running until its data are copied, and its operation with it', async (t) => {
  const { ask, untilDue, backups, history, cloud } = await startBackedUp(t)
  await ask('AddBackupPolicy', daily)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'time:120')
  await untilDue()
  const [running] = await backups()
  assert.deepEqual([running.Status, running.BackupFinishedTime], ['RUNNING', null])
  const [operation] = await history({ OperationType: 'backup' })
  assert.equal(operation.OperationStatus, 'RUNNING')
  cloud.clock.advance(120_000)
  await cloud.loop.drain()
  const [done] = await backups()
  assert.equal(done.Status, 'COMPLETED')
  assert.equal(done.BackupFinishedTime - done.BackupStartTime, 120_000)
  const [after] = await history({ OperationType: 'backup' })
  assert.deepEqual([after.OperationStatus, after.Progress], ['COMPLETED', 100])
})

test('where clusters move by being looked at, a look at a backup is one', async (t) => {
  const { ask, untilDue, backups, cloud } = await startBackedUp(t)
  await ask('AddBackupPolicy', daily)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:3')
  await untilDue()
  const seen: string[] = []
  for (let look = 0; look < 4; look++) seen.push((await backups())[0].Status)
  assert.deepEqual(seen, ['RUNNING', 'RUNNING', 'COMPLETED', 'COMPLETED'])
})

test('one that takes longer than its policy allows fails, and leaves nothing', async (t) => {
  const { ask, untilDue, backups, history, cloud } = await startBackedUp(t)
  await ask('AddBackupPolicy', { ...daily, TimeoutSeconds: 60 })
  const simulation = cloud.substrates.get('simulation')!
  simulation.pacing!.set('starrocks', 'time:61')
  await untilDue()
  assert.equal((await simulation.snapshots!.list()).length, 1)
  cloud.clock.advance(60_000)
  await cloud.loop.drain()
  assert.equal((await backups())[0].Status, 'FAILED')
  assert.deepEqual(await simulation.snapshots!.list(), [])
  const [operation] = await history({ OperationType: 'backup' })
  assert.equal(operation.OperationStatus, 'TERMINATED')
  assert.match(operation.OperationDetail, /not done in time/)
})

test('listings are filtered and paged, the latest first', async (t) => {
  const { ask, call, backUp, backups, id } = await startBackedUp(t)
  await ask('AddBackupPolicy', { ...daily, ExpireDays: 365 })
  const ids: string[] = []
  const times: number[] = []
  for (let count = 0; count < 3; count++) {
    const { BackupTaskId, BackupStartTime } = await backUp()
    ids.unshift(BackupTaskId)
    times.unshift(BackupStartTime / 1000)
  }
  const found = async (query: Record<string, string>) =>
    (await backups(query)).map(({ BackupTaskId }) => BackupTaskId)
  assert.deepEqual(await found({}), ids)
  assert.deepEqual(await found({ PageSize: '2' }), ids.slice(0, 2))
  assert.deepEqual(await found({ PageSize: '2', PageNumber: '2' }), ids.slice(2))
  assert.deepEqual(await found({ BackupTaskId: ids[1]! }), [ids[1]])
  assert.deepEqual(await found({ Statuses: 'RUNNING' }), [])
  assert.deepEqual(await found({ Statuses: 'RUNNING, COMPLETED' }), ids)
  assert.deepEqual(await found({ TimePeriodStartTime: String(times[1]) }), ids.slice(0, 2))
  assert.deepEqual(await found({ TimePeriodEndTime: String(times[1]) }), ids.slice(1))
  assert.deepEqual(await found({ RegionId: 'cn-beijing' }), [])
  assert.deepEqual(await found({ InstanceId: 'c-0' }), [])
  const { body } = await call(NAME, { query: { PageSize: '1' } })
  assert.deepEqual([body.Total, body.Data.length, body.Data[0].InstanceId], [3, 1, id])
  const wrong = await refusalOf(call(NAME, { query: { Statuses: 'DONE' } }))
  assert.equal(wrong.code, 'InvalidParams')
  assert.match(wrong.message, /Status should be select from set \[RUNNING, COMPLETED/)
})

test('who may see some instances only sees their backups, and may do nothing to others', async (t) => {
  const { cloud, id, ask, backUp } = await startBackedUp(t)
  await ask('AddBackupPolicy', daily)
  const { BackupTaskId } = await backUp()
  const [wire] = wires
  const account = wire!.account
  const { users, keys, policies } = cloud.identity
  const actions = [NAME, 'UpdateBackup', 'RestoreInstance', 'DescribeBackupPolicies']
  const as = async (name: string, resource: string) => {
    const statements = actions.map((action) => ({
      effect: 'allow' as const,
      action: `sr:${action}`,
      resource,
    }))
    await users.add({ account, name })
    await policies.add({ account, name, text: wire!.policy(statements) })
    await users.attach({ account, name, policy: name })
    const { key, secret } = await keys.add({ account, user: name })
    return alibabaClient(cloud.port, { keyId: key.id, secret })
  }
  const mine = await as('mine', wire!.resource(account, id))
  const other = await as('other', wire!.resource(account, 'c-0'))
  const total = async (call: typeof mine, action: string) => (await call(action)).body.Total
  for (const action of [NAME, 'DescribeBackupPolicies'])
    assert.deepEqual([await total(mine, action), await total(other, action)], [1, 0])
  const described = { body: { backupTaskId: BackupTaskId, description: 'x' } }
  assert.equal((await mine('UpdateBackup', described)).body.Data, true)
  assert.equal((await refusalOf(other('UpdateBackup', described))).code, 'Backup.NotFound')
  const restored = { body: { BackupTaskId, AdminPassword: '1qaz@QAZ' } }
  assert.equal((await refusalOf(other('RestoreInstance', restored))).code, 'Backup.NotFound')
})
