/** What coupons, discounts and empty purses do to the orders of changes, by the vendor's own runtime. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { amountOf } from '../../src/domain/money.ts'
import { listPrice, total } from '../../src/domain/order.ts'
import { createBody } from '../support/http/alibaba-client.ts'
import { startInstance } from '../support/fixture/alibaba-instance.ts'
import { DAY_MS, HOUR_MS, money, stillClock, sumOf } from '../support/fixture/money.ts'

const ACCOUNT = '1000000000000001'
const MONTHLY = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1 }

async function start(t: TestContext, body: Readonly<Record<string, unknown>> = {}, config = {}) {
  const clock = stillClock('2026-03-11T02:00:00Z')
  const instance = await startInstance(t, { body, cloud: { clock, config } })
  const books = money(instance.cloud)
  /** Changes the compute group and waits for it; returns the order. */
  const change = async (action: string, Target: number, PromotionOptionNo?: string) => {
    const coupon = PromotionOptionNo === undefined ? {} : { PromotionOptionNo }
    await instance.send(action, { Target, ...coupon }, 'CN')
    await instance.cloud.settle()
    return (await instance.orders())[0]!
  }
  const paid = async () => sumOf(await books.ledger(instance.id))
  return { instance, books, change, paid }
}

test('of pay as you go a share comes off every hour from then on, until the price changes again', async (t) => {
  const { books, change, paid } = await start(t)
  await books.post('coupons', { code: 'share', percent: 50 })
  const cheap = await change('ModifyCu', 16, 'share')
  assert.equal(cheap.discount, Math.floor(listPrice(cheap) / 2))
  await books.pass(HOUR_MS)
  const dear = await change('ModifyCu', 32)
  assert.equal(await paid(), -total(cheap))
  assert.equal(dear.discount, 0)
})

test('an amount comes off whatever is used, and what is left of it continues with the next order', async (t) => {
  const { instance, books, change, paid } = await start(t)
  await books.post('coupons', { code: 'fixed', amount: '100.00', uses: 2 })
  const first = await change('ModifyCu', 16, 'fixed')
  assert.equal(first.allowance, 1_000_000)
  await books.pass(HOUR_MS)
  const second = await change('ModifyNodeNumber', 4)
  assert.equal(await paid(), 0)
  assert.equal(second.allowance, 1_000_000 - listPrice(first))
  const third = await change('ModifyNodeNumber', 5, 'fixed')
  assert.equal(third.allowance, 2_000_000 - listPrice(first))
  await books.pass(24 * HOUR_MS)
  await instance.send('ReleaseInstance')
  await instance.cloud.settle()
  await books.pass(HOUR_MS)
  assert.equal(await paid(), 2_000_000 - listPrice(first) - 24 * listPrice(third))
})

test('of a subscription the difference is reduced, by a share or by an amount, and never below nothing', async (t) => {
  const { books, change, paid } = await start(t, MONTHLY)
  await books.post('coupons', { code: 'share', percent: 25 })
  await books.post('coupons', { code: 'fixed', amount: '100.00' })
  await books.post('coupons', { code: 'huge', amount: '9000000.00' })
  const before = await paid()
  const share = await change('ModifyCu', 16, 'share')
  assert.equal(share.discount, Math.floor(listPrice(share) / 4))
  const fixed = await change('ModifyCu', 32, 'fixed')
  assert.equal(fixed.discount, 1_000_000)
  assert.equal(fixed.allowance, undefined)
  const free = await change('ModifyDiskSize', 200, 'huge')
  assert.equal(total(free), 0)
  assert.equal(await paid(), before - total(share) - total(fixed))
})

test('what was bought at a discount is paid back at that discount', async (t) => {
  const { instance, books } = await start(t)
  await books.post('coupons', { code: 'most', percent: 90 })
  const body = createBody({ ...MONTHLY, PromotionOptionNo: 'most', ObserverNodeGroups: [] })
  const id = String((await instance.call('CreateInstanceV1', { body })).body.Data.InstanceId)
  await instance.cloud.settle()
  const groups = (await instance.call('DescribeNodeGroups', { query: { ClusterId: id } })).body.Data
  const query = { InstanceId: id, NodeGroupId: groups[1].NodeGroupId, Target: '1' }
  await instance.call('ModifyNodeNumber', { query })
  await instance.cloud.settle()
  const [less, bought] = await books.orders(id)
  const list = amountOf(less!.listPrice)!
  assert.ok(list < 0)
  assert.equal(amountOf(less!.total), Math.ceil(list / 10))
  const entries = sumOf(await books.ledger(id))
  assert.equal(entries, -amountOf(bought!.total)! - amountOf(less!.total)!)
})

test('a coupon is not used up where nothing is bought', async (t) => {
  const { books, change, paid } = await start(t, MONTHLY)
  await books.post('coupons', { code: 'once', percent: 50, uses: 1 })
  const before = await paid()
  const less = await change('ModifyNodeNumber', 2, 'once')
  assert.deepEqual([less.coupon, less.discount], [undefined, 0])
  assert.equal(await paid(), before - total(less))
  const more = await change('ModifyNodeNumber', 3, 'once')
  assert.equal(more.discount, Math.floor(listPrice(more) / 2))
})

test('a coupon that is over is refused by its name, and one that nobody knows where all must be known', async (t) => {
  const { instance, books, change } = await start(t)
  await books.post('coupons', { code: 'once', percent: 10, uses: 1 })
  await change('ModifyCu', 16, 'once')
  const used = await instance.refusal('ModifyCu', { Target: 32, PromotionOptionNo: 'once' }, 'CN')
  assert.equal(used.code, 'InvalidParams')
  assert.match(used.message, /promotion option once cannot be used: it was used already/)
  // Terraform's own tests send this word.
  assert.equal((await change('ModifyCu', 32, 'blank')).discount, 0)

  const region = 'cn-hangzhou'
  const around = {
    VpcId: `vpc-${region}`,
    VSwitches: [],
    ResourceGroupId: undefined,
    KmsKeyId: undefined,
  }
  const closed = await start(t, around, { environmentMode: 'closed' })
  const query = { Target: 16, PromotionOptionNo: 'nobody' }
  const unknown = await closed.instance.refusal('ModifyCu', query, 'CN')
  assert.equal(unknown.code, 'InvalidParams')
  assert.match(unknown.message, /promotion option nobody not exists/)
})

test('who cannot pay is refused what costs more, and nothing is changed or held', async (t) => {
  const { instance, books, paid } = await start(t, MONTHLY)
  await books.post(`funds/${ACCOUNT}/pay`, { amount: '6000.00', reference: 'first' })
  await books.put(`funds/${ACCOUNT}`, { credit: '0.00' })
  const owed = await paid()
  await books.post(`funds/${ACCOUNT}/pay`, {
    amount: (-owed / 10_000 - 6000 + 10).toFixed(4),
    reference: 'second',
  })
  const before = await instance.document()
  const dear = await instance.refusal('ModifyCu', { Target: 64 }, 'CN')
  assert.deepEqual([dear.statusCode, dear.code], [403, 'InvalidAccountStatus.NotEnoughBalance'])
  assert.deepEqual(await instance.document(), before)
  await books.pass(DAY_MS)
  await instance.send('ModifyNodeNumber', { Target: 2 }, 'CN')
  await instance.cloud.settle()
  assert.equal((await instance.group('CN')).ResidentNodeNumber, 2)
  assert.ok((await paid()) > owed)
})
