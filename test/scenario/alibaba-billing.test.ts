/** Paying for instances, by the vendor's own runtime: subscriptions, orders left unpaid, coupons and arrears on a moving clock. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { amountOf } from '../../src/domain/money.ts'
import { alibabaClient, createBody, refusalOf } from '../support/http/alibaba-client.ts'
import { startCloud, type CloudOptions } from '../support/fixture/cloud.ts'
import { DAY_MS, HOUR_MS, money, stillClock, sumOf } from '../support/fixture/money.ts'

const ACCOUNT = '1000000000000001'
const MONTHLY = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1, PromotionOptionNo: '' }
const NEVER_MS = 4_889_001_600_000

async function start(t: TestContext, options: CloudOptions = {}) {
  const cloud = await startCloud(t, options)
  const call = alibabaClient(cloud.port)
  const create = async (more: Record<string, unknown>) => {
    const { body } = await call('CreateInstanceV1', { body: createBody(more) })
    await cloud.loop.drain()
    return { id: String(body.Data.InstanceId), order: Number(body.Data.OrderId) }
  }
  const describe = async (id: string) => {
    const query = { RegionId: 'cn-hangzhou', InstanceId: id }
    return (await call('DescribeInstances', { query })).body.Data[0]
  }
  const group = async (id: string) => {
    const query = { RegionId: 'cn-hangzhou', InstanceId: id }
    return (await call('DescribeNodeGroups', { query })).body.Data[0]
  }
  return { cloud, call, create, describe, group, ...money(cloud) }
}

test('a subscription ends at midnight in UTC+8, is disabled, and released 168 hours later', async (t) => {
  const { create, describe, group, passUntil, orders, ledger, pass } = await start(t)
  const { id, order } = await create(MONTHLY)
  const bought = await describe(id)
  assert.equal(bought.PayType, 'prePaid')
  assert.equal((bought.ExpireTime + 8 * HOUR_MS) % DAY_MS, 0)
  const [paid] = await orders(id)
  assert.deepEqual([paid?.order, paid?.state, paid?.months], [String(order), 'paid', 1])
  assert.equal(Date.parse(paid?.until ?? ''), bought.ExpireTime)

  await passUntil(bought.ExpireTime - 1000)
  assert.equal((await describe(id)).InstanceStatus, 'running')
  await passUntil(bought.ExpireTime)
  assert.equal((await describe(id)).InstanceStatus, 'disable')
  const disabled = await group(id)
  assert.deepEqual([disabled.Status, disabled.AccountStatus], ['DISABLE', 'OVERDUE'])

  await passUntil(bought.ExpireTime + 168 * HOUR_MS - 1000)
  assert.equal((await describe(id)).InstanceStatus, 'disable')
  await pass(1000)
  assert.equal(await describe(id), undefined)
  assert.equal(sumOf(await ledger(id)), -(amountOf(paid?.total ?? '') ?? 0))
})

test('a subscription that renews itself is renewed once a term, and its clients see it run on', async (t) => {
  const { create, describe, passUntil, orders } = await start(t)
  const { id } = await create({ ...MONTHLY, AutoRenew: true })
  let { ExpireTime: endMs } = await describe(id)
  for (let term = 2; term <= 5; term++) {
    await passUntil(endMs)
    const now = await describe(id)
    assert.equal(now.InstanceStatus, 'running')
    assert.ok(now.ExpireTime > endMs + 27 * DAY_MS && now.ExpireTime < endMs + 32 * DAY_MS)
    assert.equal((now.ExpireTime + 8 * HOUR_MS) % DAY_MS, 0)
    assert.equal((await orders(id)).length, term)
    endMs = now.ExpireTime
  }
  const terms = (await orders(id)).toReversed()
  assert.deepEqual(
    terms.slice(1).map(({ kind, from }) => [kind, from]),
    terms.slice(0, -1).map(({ until }) => ['renew', until]),
  )
})

test('an expired subscription that is renewed comes back, for a term from then on', async (t) => {
  const clock = stillClock('2026-03-01T00:00:00Z')
  const { create, describe, passUntil, pass, post, call } = await start(t, { clock })
  const { id } = await create(MONTHLY)
  const { ExpireTime: endMs } = await describe(id)
  await passUntil(endMs + 3 * DAY_MS)
  assert.equal((await describe(id)).InstanceStatus, 'disable')
  await post(`clusters/${id}/renew`)
  await pass(5 * DAY_MS)
  const back = await describe(id)
  assert.equal(back.InstanceStatus, 'running')
  assert.ok(back.ExpireTime > endMs + 30 * DAY_MS)
  assert.equal(back.BeginTime, endMs + 3 * DAY_MS)
  const history = await call('ListOperationHistory', {
    query: { RegionId: 'cn-hangzhou', InstanceId: id },
  })
  const types = history.body.Data.map((each: { OperationType: string }) => each.OperationType)
  assert.deepEqual(types.toSorted(), ['create_cluster', 'disable_cluster', 'renew_cluster'])
})

test('with AutoPay off an instance waits for its payment, which starts it and its term', async (t) => {
  const { cloud, create, describe, orders, pass, post, ledger } = await start(t)
  const { id, order } = await create({ ...MONTHLY, AutoPay: false })
  assert.equal((await describe(id)).InstanceStatus, 'unpaid')
  assert.deepEqual(await ledger(id), [])
  await pass(5 * HOUR_MS)
  const paidMs = cloud.clock.now()
  await post(`orders/${order}/pay`)
  await cloud.loop.drain()
  const running = await describe(id)
  assert.equal(running.InstanceStatus, 'running')
  assert.ok(Math.abs(running.BeginTime - paidMs) < 60_000)
  assert.equal((await orders(id))[0]?.state, 'paid')
  await assert.rejects(post(`orders/${order}/pay`), /409.*is paid already/)
  await assert.rejects(post(`orders/${order}/cancel`), /409.*is paid already/)
})

test('an order that nobody pays is cancelled after a day, and its instance goes', async (t) => {
  const { create, describe, orders, pass, ledger } = await start(t)
  const { id } = await create({ ...MONTHLY, AutoPay: false })
  await pass(DAY_MS - 60_000)
  assert.equal((await describe(id)).InstanceStatus, 'unpaid')
  await pass(60_000)
  assert.equal(await describe(id), undefined)
  assert.equal((await orders(id))[0]?.state, 'cancelled')
  assert.deepEqual(await ledger(id), [])
})

test('an unpaid order is cancelled by hand, and with the release of its instance', async (t) => {
  const { call, cloud, create, orders, post, describe } = await start(t)
  const one = await create({ ...MONTHLY, AutoPay: false })
  await post(`orders/${one.order}/cancel`)
  await cloud.loop.drain()
  assert.equal(await describe(one.id), undefined)
  const other = await create({ ...MONTHLY, AutoPay: false })
  await call('ReleaseInstance', { query: { InstanceId: other.id, RegionId: 'cn-hangzhou' } })
  await cloud.loop.drain()
  assert.deepEqual(
    [(await orders(one.id))[0]?.state, (await orders(other.id))[0]?.state],
    ['cancelled', 'cancelled'],
  )
})

test('a subscription that ends early is refunded for what is left of it', async (t) => {
  const { cloud, create, describe, orders, pass, post, ledger } = await start(t)
  const { id } = await create(MONTHLY)
  await pass(10 * DAY_MS)
  await post(`clusters/${id}/refund`)
  await cloud.loop.drain()
  assert.equal(await describe(id), undefined)
  const [back, bought] = await orders(id)
  assert.deepEqual([back?.kind, back?.state, bought?.state], ['refund', 'paid', 'refunded'])
  const share = -(amountOf(back?.total ?? '') ?? 0) / (amountOf(bought?.total ?? '') ?? 1)
  assert.ok(share > 0.6 && share < 0.72, `${share} was paid back`)
  assert.equal(sumOf(await ledger(id)), -(amountOf(bought!.total)! + amountOf(back!.total)!))
})

test('a coupon takes its share off, once; unknown codes take nothing off where anything is adopted', async (t) => {
  const { create, orders, post, call, ledger } = await start(t)
  await post('coupons', { code: 'spring', percent: 25, uses: 1 })
  const { id } = await create({ ...MONTHLY, PromotionOptionNo: 'spring' })
  const [order] = await orders(id)
  const list = amountOf(order!.listPrice)!
  assert.equal(amountOf(order!.discount), Math.floor(list / 4))
  assert.equal(order?.coupon, 'spring')
  const kinds = (await ledger(id)).map(({ kind, amount }) => [kind, amountOf(amount)])
  assert.deepEqual(kinds, [
    ['discount', Math.floor(list / 4)],
    ['charge', -list],
  ])
  const again = { ...MONTHLY, PromotionOptionNo: 'spring' }
  const used = await refusalOf(call('CreateInstanceV1', { body: createBody(again) }))
  assert.equal(used.code, 'InvalidParams')
  assert.match(used.message, /promotion option spring cannot be used: it was used already/)
  await post('coupons', { code: 'old', amount: '5.00', validUntil: '2020-01-01T00:00:00Z' })
  const late = { ...MONTHLY, PromotionOptionNo: 'old' }
  const expired = await refusalOf(call('CreateInstanceV1', { body: createBody(late) }))
  assert.match(expired.message, /promotion option old cannot be used: it expired/)
  const unknown = await create({ ...MONTHLY, PromotionOptionNo: '123' })
  assert.equal((await orders(unknown.id))[0]?.discount, '0.00')
})

test('where everything must be declared, an unknown coupon is refused and one of the catalogue is not', async (t) => {
  const { post, call } = await start(t, { config: { environmentMode: 'closed' } })
  await post('coupons', { code: 'known', amount: '10.00' })
  const region = 'cn-hangzhou'
  const zone = `${region}-i`
  const around = {
    VpcId: `vpc-${region}`,
    VSwitches: [],
    ResourceGroupId: undefined,
    ObserverNodeGroups: [],
    ZoneId: zone,
    KmsKeyId: undefined,
  }
  const body = (code: string) => createBody({ ...MONTHLY, ...around, PromotionOptionNo: code })
  const refused = await refusalOf(call('CreateInstanceV1', { body: body('unknown') }))
  assert.match(refused.message, /promotion option unknown not exists/)
  assert.equal((await call('CreateInstanceV1', { body: body('known') })).statusCode, 200)
})

test('pay as you go is charged for the time that it ran, and for nothing after its release', async (t) => {
  const clock = stillClock('2026-03-01T00:00:00Z')
  const { create, describe, call, cloud, orders, pass, ledger, funds } = await start(t, { clock })
  const { id } = await create({ PromotionOptionNo: '' })
  assert.equal((await describe(id)).ExpireTime, NEVER_MS)
  await pass(90 * 60_000)
  const anHour = amountOf((await orders(id))[0]!.total)!
  assert.equal(amountOf((await funds(ACCOUNT)).accrued), Math.round(anHour * 1.5))
  assert.equal((await describe(id)).RunningTime, 5400)
  await call('ReleaseInstance', { query: { InstanceId: id, RegionId: 'cn-hangzhou' } })
  await cloud.loop.drain()
  await pass(3 * DAY_MS)
  assert.equal(sumOf(await ledger(id)), -Math.round(anHour * 1.5))
  assert.equal((await funds(ACCOUNT)).accrued, '0.00')
})

test('in arrears an instance is locked, and a payment unlocks it', async (t) => {
  const clock = stillClock('2026-03-01T00:00:00Z')
  const it = await start(t, { clock })
  const { create, describe, group, orders, pass, put, post, ledger, funds } = it
  const { id } = await create({ PromotionOptionNo: '' })
  const anHour = amountOf((await orders(id))[0]!.total)!
  const amount = (anHour * 10) / 10_000
  await post(`funds/${ACCOUNT}/pay`, { amount: amount.toFixed(4), reference: 'first' })
  await put(`funds/${ACCOUNT}`, { credit: '0.00' })
  await pass(10 * HOUR_MS)
  assert.equal((await describe(id)).InstanceStatus, 'running')
  await pass(HOUR_MS)
  assert.equal((await describe(id)).InstanceStatus, 'disable')
  assert.equal((await group(id)).AccountStatus, 'OVERDUE')
  await pass(6 * DAY_MS)
  const owed = sumOf(await ledger())
  assert.ok(owed < 0 && owed >= -anHour)
  await post(`funds/${ACCOUNT}/pay`, { amount: '100000.00', reference: 'second' })
  await it.cloud.loop.drain()
  assert.equal((await describe(id)).InstanceStatus, 'running')
  assert.equal((await group(id)).AccountStatus, 'NORMAL')
  await assert.rejects(
    post(`funds/${ACCOUNT}/pay`, { amount: '1.00', reference: 'second' }),
    /taken already/,
  )
  assert.equal(amountOf((await funds(ACCOUNT)).balance), sumOf(await ledger()))
})

test('in arrears for a week, it is released on the eighth day', async (t) => {
  const clock = stillClock('2026-03-01T00:00:00Z')
  const { create, describe, pass, put, ledger } = await start(t, { clock })
  const { id } = await create({ PromotionOptionNo: '' })
  await put(`funds/${ACCOUNT}`, { credit: '0.00' })
  await pass(HOUR_MS)
  assert.equal((await describe(id)).InstanceStatus, 'disable')
  const owed = sumOf(await ledger(id))
  await pass(7 * DAY_MS - 1000)
  assert.equal((await describe(id)).InstanceStatus, 'disable')
  await pass(1000)
  assert.equal(await describe(id), undefined)
  assert.equal(sumOf(await ledger(id)), owed)
})

test('who cannot pay is refused a subscription, and is not renewed', async (t) => {
  const { call, create, describe, orders, passUntil, post, put } = await start(t)
  const { id } = await create({ ...MONTHLY, AutoRenew: true })
  await put(`funds/${ACCOUNT}`, { credit: '0.00' })
  const more = refusalOf(call('CreateInstanceV1', { body: createBody(MONTHLY) }))
  assert.deepEqual(
    [(await more).statusCode, (await more).code],
    [403, 'InvalidAccountStatus.NotEnoughBalance'],
  )
  const { ExpireTime: endMs } = await describe(id)
  await passUntil(endMs)
  assert.equal((await describe(id)).InstanceStatus, 'disable')
  assert.equal((await orders(id)).length, 1)
  await post(`funds/${ACCOUNT}/pay`, { amount: '9000000.00', reference: 'late' })
  await passUntil(endMs + HOUR_MS)
  assert.equal((await describe(id)).InstanceStatus, 'running')
  assert.equal((await orders(id)).length, 2)
})
