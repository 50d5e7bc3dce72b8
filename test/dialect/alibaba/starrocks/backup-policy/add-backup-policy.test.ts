import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alibabaClient } from '../../../../support/http/alibaba-client.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { backedUp, daily, startBackedUp } from '../../../../support/fixture/alibaba-backup.ts'

const NAME = 'AddBackupPolicy'
const chinese = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16)

test('an instance is backed up at the time of its policy, in UTC+8, again and again', async (t) => {
  const { ask, backups, untilDue, cloud, describe } = await startBackedUp(t)
  assert.equal(await ask(NAME, daily), true)
  await cloud.loop.drain()
  assert.deepEqual(await backups(), [])
  for (let day = 1; day <= 3; day++) {
    await untilDue()
    assert.equal((await describe()).InstanceStatus, 'running')
    const all = await backups()
    assert.equal(all.length, day)
    assert.match(chinese(all[0].BackupStartTime), /T02:30$/)
  }
  const [third, second] = await backups()
  assert.equal(third.BackupStartTime - second.BackupStartTime, 86_400_000)
})

test('a week has its days from Monday, a month its own', async (t) => {
  const { ask, backups, untilDue, policies, cloud } = await startBackedUp(t)
  await ask(NAME, { ...daily, RecurrenceType: 'weekly', RecurrenceValues: [1, 7], ExpireDays: 365 })
  const weekdays: number[] = []
  for (let count = 0; count < 4; count++) {
    await untilDue()
    weekdays.push(new Date((await backups())[0].BackupStartTime + 8 * 3_600_000).getUTCDay())
  }
  assert.deepEqual(
    weekdays.toSorted((one, other) => one - other),
    [0, 0, 1, 1],
  )
  const [{ PolicyId }] = await policies()
  await ask('DeleteBackupPolicy', { PolicyId })
  await ask(NAME, { ...daily, RecurrenceType: 'MONTHLY', RecurrenceValues: [31], ExpireDays: 365 })
  for (let count = 0; count < 2; count++) {
    await untilDue()
    assert.match(chinese((await backups())[0].BackupStartTime), /-31T02:30$/)
  }
  assert.ok(cloud.clock.now() > 0)
})

test('there is one policy for an instance, which may be of one kind only', async (t) => {
  const { ask, refused } = await startBackedUp(t)
  await ask(NAME, daily)
  const second = await refused(NAME, daily)
  assert.equal(second.code, 'InvalidParams')
  assert.match(second.message, /Number of backup policies should be in range \[0, 1\]/)
  const shared = backedUp(await startInstance(t))
  const refusal = await shared.refused(NAME, daily)
  assert.equal(refusal.code, 'UnsupportedOperation')
  assert.match(refusal.message, /shared_data instance is not supported: only shared_nothing/)
  const strange = await refused(NAME, { ...daily, InstanceId: 'c-0' })
  assert.equal(strange.code, 'Instance.NotFound')
})

test('days that the recurrence has not are refused by name, and nothing is kept', async (t) => {
  const { refused, policies } = await startBackedUp(t)
  for (const [type, values, says] of [
    ['DAILY', [1], /Recurrence values should be empty for DAILY/],
    ['WEEKLY', [8], /Recurrence value should be in range \[1, 7\]/],
    ['WEEKLY', [], /Recurrence value should be in range \[1, 7\]/],
    ['MONTHLY', [], /Recurrence value should be in range \[1, 31\]/],
    ['MONTHLY', [32], /Recurrence value/],
    ['HOURLY', [], /Recurrence type should be select from set/],
  ] as const) {
    const it = await refused(NAME, { ...daily, RecurrenceType: type, RecurrenceValues: values })
    assert.equal(it.code, 'InvalidParams', type)
    assert.match(it.message, says)
  }
  for (const [member, value] of [
    ['Hour', 24],
    ['Minute', 60],
    ['ExpireDays', 0],
    ['TimeoutSeconds', 59],
  ] as const)
    assert.equal((await refused(NAME, { ...daily, [member]: value })).code, 'InvalidParams', member)
  assert.deepEqual(await policies(), [])
})

test('a policy outlives the server; times that passed meanwhile are one backup', async (t) => {
  const first = await startBackedUp(t)
  await first.ask(NAME, daily)
  await first.untilDue()
  assert.equal((await first.backups()).length, 1)
  await first.cloud.close()
  const { clock, dataDir } = first.cloud
  clock.advance(5 * 86_400_000)
  const cloud = await startCloud(t, { clock, dataDir })
  await cloud.loop.drain()
  const call = alibabaClient(cloud.port)
  const total = async () =>
    (await call('DescribeBackups', { query: { InstanceId: first.id } })).body.Total
  assert.equal(await total(), 2)
  clock.advance(86_400_000)
  await cloud.loop.drain()
  assert.equal(await total(), 3)
})
