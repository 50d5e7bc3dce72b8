import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBody } from '../../../../support/http/alibaba-client.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

const MONTHLY = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1 }

test('each billing instance has its price, and together they are the order', async (t) => {
  const { ObserverNodeGroups } = createBody()
  const it = await startInstance(t, { body: { ...MONTHLY, ObserverNodeGroups } })
  const observer = (await it.group('OBSERVER')).BillingInstanceId
  const term = { PricingCycle: 'Month', Duration: 1 }
  const query = { ...term, BillingInstanceIds: `${it.id},${observer}` }
  const { Data } = (await it.send('QueryRenewPrice', query)).body
  assert.deepEqual(
    Data.map((each: { BillingInstanceId: string }) => each.BillingInstanceId),
    [it.id, observer],
  )
  const sum = Data.reduce((all: number, each: { StandPrice: number }) => {
    assert.ok(each.StandPrice > 0)
    return all + Math.round(each.StandPrice * 10_000)
  }, 0)
  const [bought] = await it.orders()
  assert.equal(
    sum,
    bought?.items.reduce((all, { amount }) => all + amount, 0),
  )
})

test('it is of the same instances that the renewal is', async (t) => {
  const it = await startInstance(t)
  const query = { PricingCycle: 'Month', Duration: 1, BillingInstanceIds: it.id }
  const code = async (more: Record<string, string>) =>
    (await it.refusal('QueryRenewPrice', { ...query, ...more })).code
  assert.equal(await code({}), 'UnsupportedOperation')
  assert.equal(await code({ InstanceId: 'c-0' }), 'Instance.NotFound')
  const bought = await startInstance(t, { body: MONTHLY })
  const other = await bought.refusal('QueryRenewPrice', { ...query, BillingInstanceIds: 'ng-0' })
  assert.equal(other.code, 'InvalidParams')
})
