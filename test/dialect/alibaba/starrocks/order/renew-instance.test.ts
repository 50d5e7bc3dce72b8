import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { amountOf } from '../../../../../src/domain/money.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { DAY_MS, HOUR_MS, money, stillClock } from '../../../../support/fixture/money.ts'
import { createBody } from '../../../../support/http/alibaba-client.ts'
import { recount } from '../../../../support/fixture/recount.ts'

const MONTHLY = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1 }
const ACCOUNT = '1000000000000001'

async function start(t: TestContext, body: Record<string, unknown> = MONTHLY) {
  const clock = stillClock('2026-03-01T00:00:00Z')
  const it = await startInstance(t, { body, cloud: { clock } })
  const term = { BillingInstanceIds: it.id, PricingCycle: 'Month', Duration: 1 }
  return { ...it, ...money(it.cloud), bought: it.orders, term }
}

test('a term is bought from the end of the last one on', async (t) => {
  const it = await start(t)
  const { ExpireTime } = await it.describe()
  const answer = await it.send('RenewInstance', { ...it.term, Duration: 3 })
  const [renewal] = await it.bought()
  assert.deepEqual(answer.body.Data, { OrderIds: [renewal?.id] })
  assert.deepEqual(Object.keys(answer.body).toSorted(), [
    'Data',
    'ErrMessage',
    'ErrorCode',
    'HttpStatusCode',
    'RequestId',
    'Success',
  ])
  assert.deepEqual(
    [renewal?.kind, renewal?.months, renewal?.period?.fromMs],
    ['renew', 3, ExpireTime],
  )
  const now = await it.describe()
  assert.equal(now.ExpireTime, renewal?.period?.untilMs)
  assert.ok(now.ExpireTime > ExpireTime + 89 * DAY_MS)
  assert.deepEqual(
    [now.InstanceStatus, (await it.history())[0].OperationType],
    ['running', 'renew_cluster'],
  )
  await it.passUntil(ExpireTime + DAY_MS)
  assert.equal((await it.describe()).InstanceStatus, 'running')
  await it.passUntil(now.ExpireTime)
  assert.equal((await it.describe()).InstanceStatus, 'disable')
  await recount(it.cloud.store, `${it.cloud.dataDir}/emrys.db`)
})

test('one that has ended comes back, for a term from then on', async (t) => {
  const it = await start(t)
  const { ExpireTime } = await it.describe()
  await it.passUntil(ExpireTime + 3 * DAY_MS)
  assert.equal((await it.describe()).InstanceStatus, 'disable')
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'time:60')
  await it.send('RenewInstance', it.term)
  assert.equal((await it.describe()).InstanceStatus, 'enabling')
  await it.pass(HOUR_MS)
  const back = await it.describe()
  assert.deepEqual([back.InstanceStatus, back.BeginTime], ['running', ExpireTime + 3 * DAY_MS])
  const { OperationType, OperationStatus } = (await it.history())[0]
  assert.deepEqual([OperationType, OperationStatus], ['renew_cluster', 'COMPLETED'])
  await it.passUntil(ExpireTime + 10 * DAY_MS)
  assert.equal((await it.describe()).InstanceStatus, 'running')
})

test('a change after a renewal of another length, and the next automatic one, cost what they should', async (t) => {
  const it = await start(t, { ...MONTHLY, AutoRenew: true })
  const [single] = await it.orders(it.id)
  await it.send('RenewInstance', { ...it.term, Duration: 6 })
  await it.send('ModifyCu', { Target: 16 }, 'CN')
  await it.cloud.settle()
  const [change, six] = await it.orders(it.id)
  assert.ok(amountOf(six!.total)! > 5 * amountOf(single!.total)!)
  // Seven months were bought: the difference is for nearly all of them.
  const quoted = (await it.send('QueryRenewPrice', { ...it.term, Duration: 6 })).body.Data[0]
  const six16 = Math.round(quoted.TradeAmount * 10_000)
  const share = amountOf(change!.total)! / (six16 - amountOf(six!.total)!)
  assert.ok(share > 1.15 && share < 7 / 6, `the change cost ${share} of six months' difference`)
  await it.passUntil((await it.describe()).ExpireTime)
  const [automatic] = await it.orders(it.id)
  assert.deepEqual([automatic?.kind, automatic?.months], ['renew', 6])
  assert.equal(amountOf(automatic!.total), six16)
})

test('whatever is renewed costs what the inquiry said, its coupon included', async (t) => {
  const { ObserverNodeGroups } = createBody()
  const it = await start(t, { ...MONTHLY, ObserverNodeGroups })
  await it.post('coupons', { code: 'third', percent: 33 })
  await it.post('coupons', { code: 'ten', amount: '10.00' })
  const { BillingInstanceId: observer } = await it.group('OBSERVER')
  const term = fc.record({
    PricingCycle: fc.constantFrom('Month', 'Year'),
    Duration: fc.constantFrom(1, 2, 3),
    PromotionOptionNo: fc.constantFrom('', 'third', 'ten'),
  })
  const property = fc.asyncProperty(term, async (chosen) => {
    const query = { ...chosen, BillingInstanceIds: `${it.id},${observer}` }
    const { Data } = (await it.send('QueryRenewPrice', query)).body
    const sum = (member: string) =>
      Data.reduce((all: number, each: Record<string, number>) => {
        return all + Math.round(each[member]! * 10_000)
      }, 0)
    await it.send('RenewInstance', query)
    const [order] = await it.orders(it.id)
    assert.deepEqual(
      [sum('OriginalAmount'), sum('DiscountAmount'), sum('TradeAmount')],
      [amountOf(order!.listPrice), amountOf(order!.discount), amountOf(order!.total)],
    )
  })
  await fc.assert(property, { numRuns: 12 })
  await recount(it.cloud.store, `${it.cloud.dataDir}/emrys.db`)
})

test('what has no subscription, or cannot be paid, is not renewed', async (t) => {
  const it = await start(t)
  const code = async (query: Record<string, string | number> = {}) => {
    const { code: is, message } = await it.refusal('RenewInstance', { ...it.term, ...query })
    return `${is} ${message}`
  }
  assert.match(await code({ Duration: 7 }), /^InvalidParams .*Duration should be select/)
  assert.match(await code({ PricingCycle: 'Week' }), /^InvalidParams .*Pricing cycle should be/)
  assert.match(await code({ BillingInstanceIds: 'x' }), /^InvalidParams .*Billing instance ids/)
  assert.match(await code({ InstanceId: 'c-0' }), /^Instance\.NotFound/)
  await it.post('coupons', { code: 'old', amount: '5.00', validUntil: '2020-01-01T00:00:00Z' })
  assert.match(await code({ PromotionOptionNo: 'old' }), /^InvalidParams .*it expired/)
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await it.send('RestartInstance')
  assert.match(await code(), /^OperationDenied\.InstanceStatus .*restarting/)
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
  await it.cloud.settle()
  await it.put(`funds/${ACCOUNT}`, { credit: '0.00' })
  assert.match(await code(), /^InvalidAccountStatus\.NotEnoughBalance/)
  assert.equal((await it.bought()).length, 1)

  const hourly = await start(t, {})
  const refused = await hourly.refusal('RenewInstance', hourly.term)
  assert.deepEqual([refused.statusCode, refused.code], [400, 'UnsupportedOperation'])
})
