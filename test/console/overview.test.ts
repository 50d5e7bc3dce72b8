/** What the overview says of orders that wait for their payment, of backups that failed, of what is used of quotas, and of what it cost. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Order } from '../../src/domain/order.ts'
import { daily, startBackedUp } from '../support/fixture/alibaba-backup.ts'
import { authorization } from '../support/http/admin.ts'
import { consoleBrowser, rootOf } from '../support/http/console.ts'

test('an unpaid order and a latest backup that failed need attention, of the own account alone; quotas are counted', async (t) => {
  const it = await startBackedUp(t)
  await it.ask('AddBackupPolicy', daily)
  await it.untilDue()
  const { BackupTaskId } = await it.backUp()
  const own = consoleBrowser(it.cloud.port)
  await own.signIn()
  const overview = async (browser = own) => (await browser.ask('/api/overview')).body
  const before = await overview()
  assert.deepEqual([before.orders, before.backups], [[], []])
  const clusters = before.limits.find(
    ({ rule, measure }: Record<string, unknown>) => rule === 'quota' && measure === 'cluster',
  )
  assert.equal(clusters.used, 1)
  const { account } = await it.document()
  const order: Order = {
    id: 'o-1',
    account,
    cluster: it.id,
    kind: 'renew',
    state: 'unpaid',
    currency: 'CNY',
    items: [{ name: 'node', amount: 12_5000 }],
    discount: 0,
    months: 1,
    deadlineMs: 9,
    createdMs: 1,
  }
  await it.cloud.store.write(async (tx) => {
    await tx.insert('order', order, 1)
    const stored = await tx.findById('backup', BackupTaskId)
    assert.ok(stored)
    await tx.save('backup', stored, { ...stored.document, state: 'failed', reason: 'no room' })
  })
  const after = await overview()
  assert.deepEqual(
    [after.orders[0].id, after.orders[0].total, after.orders[0].deadlineMs],
    ['o-1', '12.50', 9],
  )
  assert.deepEqual(
    [after.backups[0].id, after.backups[0].reason, after.backups[0].cluster],
    [BackupTaskId, 'no room', it.id],
  )
  assert.deepEqual(after.spend.amounts, [])
  const [{ amount: atFirst }] = after.spend.uncharged
  it.cloud.clock.advance(3_600_000)
  const [uncharged] = (await overview()).spend.uncharged
  assert.equal(uncharged.currency, 'CNY')
  assert.ok(Number(uncharged.amount) > Number(atFirst), 'an hour of a cluster costs something')
  const foreign = consoleBrowser(it.cloud.port)
  await foreign.signIn(rootOf('tencent'))
  const theirs = await overview(foreign)
  assert.deepEqual([theirs.orders, theirs.backups], [[], []])
  const administrator = consoleBrowser(it.cloud.port)
  await administrator.signIn({
    token: String(authorization(it.cloud.port)['authorization']).slice(7),
  })
  const all = await overview(administrator)
  assert.deepEqual(all.spend.uncharged, [uncharged])
  assert.deepEqual([all.orders.length, all.backups.length], [1, 1])
  assert.ok(all.limits.every(({ used }: { used: number }) => used > 0))
})
