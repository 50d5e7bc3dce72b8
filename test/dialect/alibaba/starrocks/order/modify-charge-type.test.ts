import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amountOf } from '../../../../../src/domain/money.ts'
import { DAY_MS, HOUR_MS, money, stillClock, sumOf } from '../../../../support/fixture/money.ts'
import { createBody } from '../../../../support/http/alibaba-client.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { recount } from '../../../../support/fixture/recount.ts'

const MONTH = { PricingCycle: 'Month', Duration: '1' }
const TRIAL = { PackageType: 'trial', FrontendNodeGroups: [], BackendNodeGroups: [] }
const ACCOUNT = '1000000000000001'

const start = async (
  t: Parameters<typeof startInstance>[0],
  body: Record<string, unknown> = {},
) => {
  const clock = stillClock('2026-03-01T00:00:00Z')
  const instance = await startInstance(t, { body, cloud: { clock } })
  return { ...instance, ...money(instance.cloud), bought: instance.orders }
}

test('a pay-as-you-go instance becomes a subscription, and what it used until then is charged', async (t) => {
  const it = await start(t)
  const anHour = amountOf((await it.orders(it.id))[0]!.total)!
  await it.pass(90 * 60_000)
  const before = await it.document()
  const answer = await it.send('ModifyChargeType', { ...MONTH, AutoRenew: true })
  const [order, used] = await it.bought()
  assert.equal(answer.body.Data, Number(order?.id))
  assert.deepEqual([order?.kind, order?.state, order?.months], ['buy', 'paid', 1])
  assert.equal(used?.usage?.runs, false)

  const now = await it.describe()
  assert.deepEqual(
    [now.PayType, now.InstanceStatus, now.BeginTime, now.ExpireTime],
    ['prePaid', 'running', it.cloud.clock.now(), order?.period?.untilMs],
  )
  assert.equal((now.ExpireTime + 8 * HOUR_MS) % DAY_MS, 0)
  const fe = await it.group('FE')
  assert.deepEqual([fe.PayType, fe.CommodityCode], ['prePaid', 'emapreduce_starrockspre_public_cn'])
  assert.equal((await it.history())[0].OperationType, 'modify_charge_type')
  // It was not touched: the same nodes, the same spec.
  assert.deepEqual((await it.document()).spec, before.spec)
  assert.equal((await it.document()).charge.autoRenew, true)

  const term = amountOf((await it.orders(it.id))[0]!.total)!
  const spent = -(Math.round(anHour * 1.5) + term)
  assert.equal(sumOf(await it.ledger(it.id)), spent)
  await it.pass(2 * DAY_MS)
  assert.equal(sumOf(await it.ledger(it.id)), spent)
  await recount(it.cloud.store, `${it.cloud.dataDir}/emrys.db`)
  const charges = new Set((await it.document()).reservations?.map(({ charge }) => charge))
  assert.deepEqual([...charges], ['prepaid'])

  await it.passUntil(now.ExpireTime)
  const renewed = await it.describe()
  assert.equal(renewed.InstanceStatus, 'running')
  assert.equal((await it.bought())[0]?.kind, 'renew')
  assert.equal(amountOf((await it.orders(it.id))[0]!.total), term)
})

test('it costs what the inquiry said, whatever the term and the coupon', async (t) => {
  for (const [term, months] of [
    [{ PricingCycle: 'Month', Duration: '6' }, 6],
    [{ PricingCycle: 'Year', Duration: '2', PromotionOptionNo: 'third' }, 24],
  ] as const) {
    const it = await start(t)
    await it.post('coupons', { code: 'third', percent: 33 })
    const quoted = (await it.send('QueryModifyChargeTypePrice', term)).body.Data
    await it.send('ModifyChargeType', term)
    const [order] = await it.orders(it.id)
    assert.deepEqual(
      [quoted.OriginalAmount, quoted.DiscountAmount, quoted.TradeAmount].map((yuan) =>
        Math.round(yuan * 10_000),
      ),
      [amountOf(order!.listPrice), amountOf(order!.discount), amountOf(order!.total)],
    )
    assert.equal(order?.months, months)
    assert.equal(order.discount === '0.00', months === 6)
  }
})

test('only pay-as-you-go instances that run become subscriptions, and only whole ones', async (t) => {
  const it = await start(t)
  const code = async (query: Record<string, string>) => {
    const { code: is, message } = await it.refusal('ModifyChargeType', query)
    return `${is} ${message}`
  }
  assert.match(await code({ Duration: '1' }), /^InvalidParams .*Pricing cycle/)
  assert.match(await code({ PricingCycle: 'Month' }), /^InvalidParams .*Duration/)
  assert.match(
    await code({ ...MONTH, Duration: '7' }),
    /^InvalidParams .*Duration should be select/,
  )
  assert.match(
    await code({ ...MONTH, Duration: 'one' }),
    /^InvalidParams .*Duration should be a num/,
  )
  assert.match(
    await code({ ...MONTH, BillingInstanceIds: 'ng-0' }),
    /^InvalidParams .*Billing instance ids should be select from set \[c-/,
  )
  assert.match(await code({ ...MONTH, InstanceId: 'c-0' }), /^Instance\.NotFound/)
  await it.post('coupons', { code: 'old', amount: '5.00', validUntil: '2020-01-01T00:00:00Z' })
  assert.match(await code({ ...MONTH, PromotionOptionNo: 'old' }), /^InvalidParams .*it expired/)
  assert.equal((await it.bought()).length, 1)

  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await it.send('RestartInstance')
  assert.match(await code(MONTH), /^OperationDenied\.InstanceStatus .*restarting/)
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
  await it.cloud.settle()
  await it.send('ModifyChargeType', { ...MONTH, BillingInstanceIds: it.id })
  assert.match(await code(MONTH), /^UnsupportedOperation .*a prePaid instance stays one/)

  const trial = await start(t, TRIAL)
  assert.equal((await trial.refusal('ModifyChargeType', MONTH)).code, 'UnsupportedOperation')
})

test('groups with billing of their own are named with the instance, or not at all', async (t) => {
  const { ObserverNodeGroups } = createBody()
  const it = await start(t, { ObserverNodeGroups })
  const { BillingInstanceId: observer } = await it.group('OBSERVER')
  const alone = await it.refusal('ModifyChargeType', { ...MONTH, BillingInstanceIds: it.id })
  assert.equal(alone.code, 'InvalidParams')
  assert.ok(alone.message.includes(`${it.id},${observer}`), alone.message)
  const both = `${observer}, ${it.id}`
  assert.ok((await it.send('ModifyChargeType', { ...MONTH, BillingInstanceIds: both })).body.Data)
})

test('who cannot pay is refused, and nothing is changed or charged', async (t) => {
  const it = await start(t)
  await it.post(`funds/${ACCOUNT}/pay`, { amount: '100.00', reference: 'first' })
  await it.put(`funds/${ACCOUNT}`, { credit: '0.00' })
  const before = await it.document()
  const refused = await it.refusal('ModifyChargeType', MONTH)
  assert.deepEqual(
    [refused.statusCode, refused.code],
    [403, 'InvalidAccountStatus.NotEnoughBalance'],
  )
  assert.deepEqual(await it.document(), before)
  assert.equal((await it.ledger(it.id)).length, 0)
})
