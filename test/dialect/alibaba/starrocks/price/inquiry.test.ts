import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amountOf } from '../../../../../src/domain/money.ts'
import {
  startInstance,
  type AlibabaInstance,
  type Query,
} from '../../../../support/fixture/alibaba-instance.ts'
import { HOUR_MS, money, stillClock, sumOf } from '../../../../support/fixture/money.ts'
import { createBody, refusalOf } from '../../../../support/http/alibaba-client.ts'

const MONTHLY = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1 }

/** The module that the inquiry shows, the component, and the change: up and down, one of each aspect at least. */
const CHANGES: readonly (readonly [string, string, string, Query])[] = [
  ['cu_num,multi-zone', 'CN', 'Cu', { Target: 16 }],
  ['disk', 'CN', 'DiskNumber', { Target: 2 }],
  ['disk', 'CN', 'DiskSize', { Target: 600 }],
  ['disk', 'CN', 'DiskPerformanceLevel', { Target: 'pl2' }],
  ['disk', 'CN', 'DiskType', { TargetDiskType: 'essd', TargetPerformanceLevel: 'pl1' }],
  ['cu_num,disk,multi-zone', 'CN', 'NodeNumber', { Target: 4 }],
  ['cu_num', 'CN', 'SpecType', { TargetSpecType: 'ramEnhanced' }],
  ['cu_num', 'FE', 'Cu', { Target: 16 }],
  ['disk', 'FE', 'DiskSize', { Target: 300 }],
  ['cu_num,disk,multi-zone', 'CN', 'NodeNumber', { Target: 2 }],
  ['cu_num', 'CN', 'SpecType', { TargetSpecType: 'standard' }],
  ['cu_num,multi-zone', 'CN', 'Cu', { Target: 8 }],
]

/** Spanning zones, with observers. */
async function start(t: Parameters<typeof startInstance>[0], more: Record<string, unknown> = {}) {
  const [backend] = createBody().BackendNodeGroups
  const { ObserverNodeGroups } = createBody()
  const body = {
    ObserverNodeGroups,
    BackendNodeGroups: [{ ...backend, storageSize: 500 }],
    ...more,
  }
  const clock = stillClock('2026-03-11T02:00:00Z')
  const instance = await startInstance(t, { body, cloud: { clock } })
  const books = money(instance.cloud)
  await books.post('coupons', { code: 'third', percent: 33 })
  await books.post('coupons', { code: 'fixed', amount: '12.3456' })
  return { instance, books }
}

const tenThousandths = (amount: number) => Math.round(amount * 10_000)

interface Shown {
  readonly original: number
  readonly discount: number
  readonly trade: number
  readonly modules: string
  readonly promotions: readonly { readonly PromotionOptionNo: string }[]
}

/** Also that the parts add up. */
async function inquire(
  { send }: AlibabaInstance,
  aspect: string,
  query: Query,
  component = 'CN',
): Promise<Shown> {
  const { Data } = (await send(`QueryModify${aspect}Price`, query, component)).body
  const parts = Data.ComponentPrices as Readonly<Record<string, string | number>>[]
  for (const name of ['OriginalAmount', 'DiscountAmount', 'TradeAmount'])
    assert.equal(
      parts.reduce((sum, part) => sum + tenThousandths(Number(part[name])), 0),
      tenThousandths(Data[name]),
      `${aspect} ${name}`,
    )
  assert.equal('ModuleInstance' in Data, false)
  assert.equal(Data.Currency, 'CNY')
  return {
    original: tenThousandths(Data.OriginalAmount),
    discount: tenThousandths(Data.DiscountAmount),
    trade: tenThousandths(Data.TradeAmount),
    modules: parts
      .map(({ ComponentName }) => String(ComponentName))
      .toSorted()
      .join(),
    promotions: Data.OptionalPromotions,
  }
}

for (const coupon of ['', 'third', 'fixed'])
  test(`a subscription is ordered every change for what its inquiry said, and pays that (coupon: ${coupon})`, async (t) => {
    const { instance, books } = await start(t, MONTHLY)
    for (const [modules, component, aspect, target] of CHANGES) {
      const query = { ...target, PromotionOptionNo: coupon }
      const said = await inquire(instance, aspect, query, component)
      const paid = sumOf(await books.ledger(instance.id))
      const { body } = await instance.send(`Modify${aspect}`, query, component)
      await instance.cloud.settle()
      const [order] = await books.orders(instance.id)
      assert.equal(Number(order?.order), body.Data)
      assert.deepEqual(
        [said.original, said.discount, said.trade],
        [amountOf(order!.listPrice), amountOf(order!.discount), amountOf(order!.total)],
        aspect,
      )
      assert.equal(sumOf(await books.ledger(instance.id)), paid - said.trade)
      assert.equal(said.modules, modules, aspect)
      const isUsed = coupon !== '' && said.original > 0
      assert.deepEqual(
        said.promotions.map((it) => it.PromotionOptionNo),
        isUsed ? [coupon] : [],
      )
      assert.equal(said.discount > 0, isUsed, aspect)
    }
  })

for (const coupon of ['', 'third'])
  test(`pay as you go: the inquiry says what every hour costs more or less (coupon: ${coupon})`, async (t) => {
    const { instance, books } = await start(t)
    const { account } = await instance.document()
    /** Charged, and used since: hours are entered when the order changes. */
    const owed = async () =>
      (amountOf((await books.funds(account)).accrued) ?? NaN) -
      sumOf(await books.ledger(instance.id))
    const anHour = async () => {
      const before = await owed()
      await books.pass(HOUR_MS)
      return (await owed()) - before
    }
    let hour = await anHour()
    for (const [modules, component, aspect, target] of CHANGES) {
      const query = { ...target, PromotionOptionNo: coupon }
      const said = await inquire(instance, aspect, query, component)
      assert.equal((await instance.send(`Modify${aspect}`, query, component)).body.Data, 0)
      await instance.cloud.settle()
      const now = await anHour()
      assert.equal(now - hour, said.trade, aspect)
      assert.equal(said.modules, modules, aspect)
      hour = now
    }
    assert.equal(amountOf((await books.orders(instance.id))[0]!.total), hour)
  })

test('an inquiry begins nothing, and asks neither stock nor funds', async (t) => {
  const { instance, books } = await start(t, MONTHLY)
  const { account } = await instance.document()
  await books.put(`funds/${account}`, { credit: '0.00' })
  const before = [await instance.document(), await instance.history(), await instance.orders()]
  for (const [, component, aspect, target] of CHANGES.slice(0, 4))
    await inquire(instance, aspect, target, component)
  assert.ok((await inquire(instance, 'NodeNumber', { Target: 100 })).trade > 0)
  assert.deepEqual(
    [await instance.document(), await instance.history(), await instance.orders()],
    before,
  )
})

test('an inquiry is refused what its change would be, by every name', async (t) => {
  const { instance, books } = await start(t)
  await books.post('coupons', { code: 'once', percent: 10, uses: 1 })
  const wrong: readonly (readonly [string, Query, RegExp])[] = [
    ['Cu', { Target: 8 }, /InvalidParams Cu of be is 8 already/],
    ['DiskNumber', { Target: 11 }, /InvalidParams Disk number of be should be in range/],
    ['DiskSize', { Target: 400 }, /InvalidParams Storage size of be should be in range \[500/],
    ['DiskPerformanceLevel', { Target: 'pl0' }, /InvalidParams Storage performance level of be/],
    [
      'DiskType',
      { TargetDiskType: 'cloud', TargetPerformanceLevel: 'pl1' },
      /InvalidParams Disk type should be select from set \[essd\]/,
    ],
    ['NodeNumber', { Target: 0 }, /InvalidParams Number of be should be in range \[1, 100\]/],
    ['SpecType', { TargetSpecType: 'bigData' }, /InvalidParams Spec type of be should be select/],
  ]
  const right = new Map(CHANGES.filter(([, it]) => it === 'CN').map((it) => [it[2], it[3]]))
  const refused = async (aspect: string, query: Query, component = 'CN') => {
    const it = await instance.refusal(`QueryModify${aspect}Price`, query, component)
    return `${it.code} ${it.message.replace(/^.*\[(?=[A-Z][a-z]+ )/, '')}`
  }
  for (const [aspect, query, says] of wrong) {
    assert.match(await refused(aspect, query), says)
    const target = right.get(aspect)!
    assert.match(await refused(aspect, { ...target, InstanceId: 'c-0' }), /^Instance\.NotFound/)
    assert.match(await refused(aspect, { ...target, NodeGroupId: 'ng-0' }), /^NodeGroup\.NotFound/)
    assert.match(await refused(aspect, target, 'OBSERVER'), /^UnsupportedOperation/)
  }
  await instance.send('ModifyCu', { Target: 16, PromotionOptionNo: 'once' }, 'CN')
  await instance.cloud.settle()
  assert.match(
    await refused('Cu', { Target: 32, PromotionOptionNo: 'once' }),
    /^InvalidParams .*it was used already/,
  )
  instance.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await instance.send('ModifyCu', { Target: 32 }, 'CN')
  for (const [aspect, query] of right)
    assert.match(await refused(aspect, query), /^OperationDenied\.InstanceStatus/)
})

test('a code that nobody knows is no promotion, and refused where all must be known', async (t) => {
  const { instance } = await start(t)
  const query = { Target: 16, PromotionOptionNo: 'nobody' }
  const { discount, promotions } = await inquire(instance, 'Cu', query)
  assert.deepEqual([discount, promotions], [0, []])
  const around = { VpcId: 'vpc-cn-hangzhou', VSwitches: [], ResourceGroupId: undefined }
  const closed = await startInstance(t, {
    body: { ...around, KmsKeyId: undefined },
    cloud: { config: { environmentMode: 'closed' } },
  })
  const it = await refusalOf(closed.send('QueryModifyCuPrice', query, 'CN'))
  assert.match(`${it.code} ${it.message}`, /InvalidParams.*promotion option nobody not exists/)
})
