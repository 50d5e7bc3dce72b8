import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amountOf } from '../../../../../src/domain/money.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { DAY_MS, money, stillClock } from '../../../../support/fixture/money.ts'

const MONTHLY = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1 }

test('it is what unsubscribing pays back, after renewals and changes too', async (t) => {
  const clock = stillClock('2026-03-01T00:00:00Z')
  const it = await startInstance(t, { body: MONTHLY, cloud: { clock } })
  const { pass, orders, post } = money(it.cloud)
  await pass(10 * DAY_MS)
  const ask = async () => {
    const query = { instanceId: it.id, billingInstanceIds: it.id }
    const { body } = await it.call('QueryRefundPrice', { query })
    assert.deepEqual(Object.keys(body).toSorted(), [
      'accessDeniedDetail',
      'data',
      'errCode',
      'errMessage',
      'httpStatusCode',
      'requestId',
      'success',
    ])
    return Math.round(body.data * 10_000)
  }
  const first = await ask()
  const bought = amountOf((await orders(it.id))[0]!.total)!
  assert.ok(first > 0.6 * bought && first < 0.72 * bought)
  const term = { BillingInstanceIds: it.id, PricingCycle: 'Month', Duration: 1 }
  await it.send('RenewInstance', term)
  assert.equal(await ask(), first + bought)
  await it.send('ModifyCu', { Target: 16 }, 'CN')
  await it.cloud.settle()
  await it.send('ModifyCu', { Target: 8 }, 'CN')
  await it.cloud.settle()
  await pass(3 * DAY_MS)
  const last = await ask()
  await post(`clusters/${it.id}/refund`)
  const [back] = await orders(it.id)
  assert.equal(-amountOf(back!.total)!, last)
})

test('only a subscription has something to pay back', async (t) => {
  const it = await startInstance(t)
  const code = async (query: Record<string, string>) =>
    (await it.refusal('QueryRefundPrice', query)).code
  assert.equal(await code({ instanceId: it.id }), 'UnsupportedOperation')
  assert.equal(await code({ instanceId: 'c-0', InstanceId: 'c-0' }), 'Instance.NotFound')
  const bought = await startInstance(t, { body: MONTHLY })
  const query = { instanceId: bought.id, billingInstanceIds: 'ng-0' }
  assert.equal((await bought.refusal('QueryRefundPrice', query)).code, 'InvalidParams')
})
