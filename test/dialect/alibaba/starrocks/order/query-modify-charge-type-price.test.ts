import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

const MONTH = { PricingCycle: 'Month', Duration: '1' }

test('the inquiry shows every part of the price and changes nothing', async (t) => {
  const it = await startInstance(t)
  const before = await it.document()
  const { Data } = (await it.send('QueryModifyChargeTypePrice', MONTH)).body
  assert.deepEqual(
    Data.ComponentPrices.map(({ ComponentName }: { ComponentName: string }) => ComponentName),
    ['FE', 'CN'],
  )
  const sum = Data.ComponentPrices.reduce(
    (all: number, { TradeAmount }: { TradeAmount: number }) => all + TradeAmount * 10_000,
    0,
  )
  assert.equal(Math.round(sum), Math.round(Data.TradeAmount * 10_000))
  assert.equal(Data.Currency, 'CNY')
  assert.deepEqual(await it.document(), before)
})

test('it is of the same instances that the change is', async (t) => {
  const it = await startInstance(t)
  const code = async (query: Record<string, string>) =>
    (await it.refusal('QueryModifyChargeTypePrice', query)).code
  assert.equal(await code({ ...MONTH, InstanceId: 'c-0' }), 'Instance.NotFound')
  assert.equal(await code({ ...MONTH, BillingInstanceIds: 'ng-0' }), 'InvalidParams')
  assert.equal(await code({}), 'InvalidParams')
  await it.send('ModifyChargeType', MONTH)
  assert.equal(await code(MONTH), 'UnsupportedOperation')
  await it.cloud.billing.orders.refund(it.id)
  await it.cloud.settle()
  assert.equal(await code(MONTH), 'Instance.NotFound')
})
