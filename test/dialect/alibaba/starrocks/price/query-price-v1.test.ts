import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { amountOf } from '../../../../../src/domain/money.ts'
import { alibabaClient, createBody, refusalOf } from '../../../../support/http/alibaba-client.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { money } from '../../../../support/fixture/money.ts'

const PRICED = [
  'RegionId',
  'PackageType',
  'PayType',
  'RunMode',
  'PricingCycle',
  'Duration',
  'PromotionOptionNo',
  'FrontendNodeGroups',
  'BackendNodeGroups',
  'ObserverNodeGroups',
]

function inquiryOf(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => PRICED.includes(name)))
}

const group = fc.record({
  cu: fc.constantFrom(8, 16, 32, 64),
  storageSize: fc.integer({ min: 5, max: 20 }).map((hundreds) => hundreds * 100),
  storagePerformanceLevel: fc.constantFrom('pl1', 'pl2'),
  diskNumber: fc.constant(1),
  specType: fc.constant('standard'),
  zoneId: fc.constant('cn-hangzhou-i'),
})
const request = fc.record({
  frontend: group.map((it) => ({
    ...it,
    residentNodeNumber: 3,
    storagePerformanceLevel: 'pl1',
  })),
  backend: fc.tuple(group, fc.integer({ min: 3, max: 10 })).map(([it, nodes]) => {
    return { ...it, residentNodeNumber: nodes }
  }),
  runMode: fc.constantFrom('shared_nothing', 'shared_data'),
  term: fc.constantFrom(
    { PayType: 'postPaid' },
    { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1 },
    { PayType: 'prePaid', PricingCycle: 'Month', Duration: 6 },
    { PayType: 'prePaid', PricingCycle: 'Year', Duration: 2 },
  ),
  coupon: fc.constantFrom('', 'third'),
})

test('whatever is ordered costs what the inquiry said, its coupon included', async (t) => {
  const cloud = await startCloud(t)
  const call = alibabaClient(cloud.port)
  const { post, orders } = money(cloud)
  await post('coupons', { code: 'third', percent: 33 })
  const property = fc.asyncProperty(
    request,
    async ({ frontend, backend, runMode, term, coupon }) => {
      const body = createBody({
        ...term,
        RunMode: runMode,
        FrontendNodeGroups: [frontend],
        BackendNodeGroups: [backend],
        ObserverNodeGroups: [],
        PromotionOptionNo: coupon,
      })
      const { Data: price } = (await call('QueryPriceV1', { body: inquiryOf(body) })).body
      const { Data: created } = (await call('CreateInstanceV1', { body })).body
      const [order] = await orders(created.InstanceId)
      const tenThousandths = (amount: number) => Math.round(amount * 10_000)
      assert.equal(tenThousandths(price.OriginalAmount), amountOf(order!.listPrice))
      assert.equal(tenThousandths(price.DiscountAmount), amountOf(order!.discount))
      assert.equal(tenThousandths(price.TradeAmount), amountOf(order!.total))
      const parts = price.ComponentPrices as { OriginalAmount: number; DiscountAmount: number }[]
      const sum = (name: keyof (typeof parts)[0]) =>
        parts.reduce((all, it) => all + tenThousandths(it[name]), 0)
      assert.equal(sum('OriginalAmount'), tenThousandths(price.OriginalAmount))
      assert.equal(sum('DiscountAmount'), tenThousandths(price.DiscountAmount))
      const modules = price.ModuleInstance as { StandPrice: string }[]
      const moduleSum = modules.reduce((all, it) => all + tenThousandths(Number(it.StandPrice)), 0)
      assert.equal(moduleSum, tenThousandths(price.OriginalAmount))
    },
  )
  await fc.assert(property, { numRuns: 40 })
})

test('an inquiry says what the order would be refused for', async (t) => {
  const cloud = await startCloud(t, { config: { environmentMode: 'closed' } })
  const call = alibabaClient(cloud.port)
  const body = inquiryOf(createBody({ PromotionOptionNo: '', ObserverNodeGroups: [] }))
  assert.equal((await call('QueryPriceV1', { body })).statusCode, 200)
  const refused = async (more: Record<string, unknown>) =>
    (await refusalOf(call('QueryPriceV1', { body: { ...body, ...more } }))).message
  assert.match(await refused({ PayType: 'prePaid', Duration: 7 }), /Duration should be select from/)
  assert.match(
    await refused({ PromotionOptionNo: 'unknown' }),
    /promotion option unknown not exists/,
  )
  assert.match(await refused({ FrontendNodeGroups: [{ cu: 5 }] }), /Cu of fe should be/)
})

test('CUs may be texts, as the documentation has them here', async (t) => {
  const cloud = await startCloud(t)
  const call = alibabaClient(cloud.port)
  const groups = (cu: unknown) => ({ FrontendNodeGroups: [{ cu }], ObserverNodeGroups: [] })
  const price = async (cu: unknown) => {
    const body = { ...inquiryOf(createBody()), ...groups(cu) }
    return (await call('QueryPriceV1', { body })).body.Data.OriginalAmount as number
  }
  assert.ok((await price('8')) > 0)
  assert.equal(await price('8'), await price(8))
})
