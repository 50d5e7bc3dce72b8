import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amountOf } from '../../../../../src/domain/money.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { DAY_MS, HOUR_MS, money, stillClock, sumOf } from '../../../../support/fixture/money.ts'

const MONTHLY = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1 }
const ACCOUNT = '1000000000000001'

test('what was disabled in arrears runs again, and is charged for again, once it can be paid', async (t) => {
  const clock = stillClock('2026-03-01T00:00:00Z')
  const it = await startInstance(t, { cloud: { clock } })
  const { cloud, send, describe, refusal, id } = it
  const { put, pass, orders, ledger } = money(cloud)
  const anHour = amountOf((await orders(id))[0]!.total)!
  await put(`funds/${ACCOUNT}`, { credit: '0.00' })
  await pass(HOUR_MS)
  assert.equal((await describe()).InstanceStatus, 'disable')
  const owing = await refusal('ResumeInstance')
  assert.deepEqual([owing.statusCode, owing.code], [403, 'InvalidAccountStatus.NotEnoughBalance'])
  const spent = sumOf(await ledger(id))

  // Nothing has looked at the instance yet when its owner does.
  const about = { account: ACCOUNT, currency: 'CNY', order: '', cluster: '', text: 'enough' }
  const payment = { key: 'payment', atMs: clock.now(), kind: 'payment', amount: 1e9 } as const
  await cloud.store.write((tx) => tx.post([{ ...payment, ...about }]))
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'time:60')
  assert.equal((await send('ResumeInstance')).body.Data, true)
  assert.equal((await describe()).InstanceStatus, 'enabling')
  assert.equal((await refusal('ResumeInstance')).code, 'OperationDenied.InstanceStatus')
  await cloud.settle()
  assert.equal((await describe()).InstanceStatus, 'running')
  const enabled = (await it.history()).filter(
    ({ OperationType }) => OperationType === 'enable_cluster',
  )
  assert.deepEqual(
    enabled.map(({ OperationStatus }) => OperationStatus),
    ['COMPLETED'],
  )
  // The time that it was disabled for costs nothing.
  await pass(2 * HOUR_MS)
  const more = spent - sumOf(await ledger(id))
  assert.ok(more > anHour && more <= 3 * anHour, `${more} of ${anHour}`)
})

test('what runs, what is put off by a change, and what has to be renewed is not resumed', async (t) => {
  const clock = stillClock('2026-03-01T00:00:00Z')
  const it = await startInstance(t, { body: MONTHLY, cloud: { clock } })
  const busy = await it.refusal('ResumeInstance')
  assert.equal(busy.code, 'OperationDenied.InstanceStatus')
  assert.match(busy.message, /status running/)
  const { ExpireTime } = await it.describe()
  await money(it.cloud).passUntil(ExpireTime + DAY_MS)
  const ended = await it.refusal('ResumeInstance')
  assert.equal(ended.code, 'OperationDenied.InstanceStatus')
  assert.match(ended.message, /status disable/)
  assert.equal(
    (await it.refusal('ResumeInstance', { InstanceId: 'c-0' })).code,
    'Instance.NotFound',
  )
})
