import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import data from '../../../../src/dialect/alibaba/catalogue/prices.json' with { type: 'json' }
import {
  completeNodeGroup,
  nodeGroupData,
  type GroupPlace,
} from '../../../../src/dialect/alibaba/catalogue/node-group.ts'
import {
  amountUnit,
  byComponent,
  cycles,
  monthsOf,
  orderItems,
  priceOf,
  type PricedGroup,
  type PriceRequest,
  type Term,
} from '../../../../src/dialect/alibaba/catalogue/price.ts'
import type { Currency } from '../../../../src/dialect/alibaba/catalogue/schema.ts'
import {
  hasLocalDisks,
  localTypes,
  specTypes,
} from '../../../../src/dialect/alibaba/catalogue/spec-type.ts'

const hour: Term = { payType: 'postPaid', hours: 1 }
const month: Term = { payType: 'prePaid', pricingCycle: 'Month', duration: 1 }
const place: GroupPlace = {
  component: 'BE',
  packageType: 'official',
  architecture: 'onEci',
  defaultGroup: true,
}

/** 24 CU and 300 GB in three nodes, as in the samples of the billing pages. */
const group = completeNodeGroup({ cu: 8, residentNodeNumber: 3, storageSize: 100 }, place)
const hangzhou: PriceRequest = {
  currency: 'USD',
  term: month,
  frontends: [group],
  computeComponent: 'BE',
  backends: [group],
  observers: [],
  multiZone: false,
}

function sumOf(request: PriceRequest, module: string) {
  const items = priceOf(request).items.filter((item) => item.module === module)
  return items.reduce((sum, item) => sum + item.quantity * item.unitPrice, 0) / 1_000_000
}

test('the Hangzhou sample of a month costs 1166.4 and 91.8, together 1258.2 dollars', () => {
  assert.equal(sumOf(hangzhou, 'cu_num'), 1166.4)
  assert.equal(sumOf(hangzhou, 'disk'), 91.8)
  assert.equal(priceOf(hangzhou).exact, 1_258_200_000n)
  assert.equal(priceOf(hangzhou).original, 1258.2 * amountUnit)
})

test('the Hangzhou sample of an hour costs 2.429616 and 0.1914, together 2.621016 dollars', () => {
  const request = { ...hangzhou, term: hour }
  assert.equal(sumOf(request, 'cu_num'), 2.429616)
  assert.equal(sumOf(request, 'disk'), 0.1914)
  assert.equal(priceOf(request).exact, 2_621_016n)
  assert.equal(priceOf(request).original, 26_210)
})

test('in yuan, 24 CU of frontends cost the 3192 a month of the inquiry example', () => {
  const price = priceOf({ ...hangzhou, currency: 'CNY', frontends: [{ ...group, storageSize: 0 }] })
  assert.equal(byComponent(price).get('FE'), 3192 * amountUnit)
})

test('a price is itemised by component', () => {
  const price = priceOf({
    ...hangzhou,
    computeComponent: 'CN',
    observers: [{ ...group, residentNodeNumber: 1 }],
    agentCu: 2,
    multiZone: true,
  })
  const parts = byComponent(price)
  assert.deepEqual([...parts.keys()], ['FE', 'CN', 'OBSERVER', 'AGENT', 'multi-zone'])
  assert.equal(parts.get('FE'), 6_291_000)
  assert.equal(parts.get('OBSERVER'), 2_097_000)
  assert.equal(parts.get('AGENT'), 486_000)
  assert.equal(
    [...parts.values()].reduce((sum, amount) => sum + amount, 0),
    price.original,
  )
})

test('hours, disks and the CUs that span zones are all counted', () => {
  const backend = { ...group, diskNumber: 2 }
  const request = { ...hangzhou, frontends: [], backends: [backend], multiZone: true }
  const once = priceOf({ ...request, term: hour })
  assert.deepEqual(
    once.items.map(({ module, quantity }) => [module, quantity]),
    [
      ['cu_num', 24],
      ['disk', 600],
      ['multi-zone', 24],
    ],
  )
  const twice = priceOf({ ...request, term: { payType: 'postPaid', hours: 2 } })
  assert.equal(twice.exact, once.exact * 2n)
})

test('an order lists the items under names, and they cost what the price says', () => {
  const price = priceOf({ ...hangzhou, term: hour })
  assert.deepEqual(
    orderItems(price).map((one) => one.name),
    ['FE cu_num', 'FE disk', 'BE cu_num', 'BE disk'],
  )
  assert.equal(
    orderItems(price).reduce((sum, one) => sum + one.amount, 0),
    price.original,
  )
})

test('a machine with local disks is priced as a whole', () => {
  const local = completeNodeGroup(
    {
      specType: 'localSSD',
      localStorageInstanceType: 'local_ssd_2g_4xlarge',
      residentNodeNumber: 3,
    },
    { ...place, architecture: 'onEcs' },
  )
  const { items } = priceOf({ ...hangzhou, frontends: [], backends: [local] })
  assert.deepEqual(
    items.map(({ module, quantity }) => [module, quantity]),
    [['instance_type', 3]],
  )
})

test('a year is twelve months', () => {
  assert.equal(monthsOf('Year', 2), 24)
  const year: Term = { payType: 'prePaid', pricingCycle: 'Year', duration: 1 }
  const twelve: Term = { payType: 'prePaid', pricingCycle: 'Month', duration: 12 }
  assert.equal(
    priceOf({ ...hangzhou, term: year }).original,
    priceOf({ ...hangzhou, term: twelve }).original,
  )
})

test('everything that can be sold has a price in each currency, and no row is doubled', () => {
  for (const table of Object.values(data.tables)) {
    assert.deepEqual(
      table.cu.map((row) => row.specType),
      specTypes.map((type) => type.name).filter((name) => !hasLocalDisks(name)),
    )
    assert.deepEqual(
      table.localType.map((row) => row.instanceType),
      localTypes.map((type) => type.instanceType),
    )
    assert.deepEqual(
      table.disk.map((row) => row.level).sort(),
      [...new Set(nodeGroupData.storage.map((row) => row.level))].sort(),
    )
    for (const row of [...table.cu, ...table.disk, ...table.localType, table.multiZoneCu]) {
      assert.ok(row.hour > 0)
      assert.ok(Math.abs(row.month / row.hour - 480) < 3, JSON.stringify(row))
    }
  }
})

const anyGroup: fc.Arbitrary<PricedGroup> = fc.record({
  cu: fc.constantFrom(8, 16, 32, 64),
  residentNodeNumber: fc.integer({ min: 0, max: 100 }),
  storageSize: fc.integer({ min: 10, max: 6500 }).map((tens) => tens * 10),
  diskNumber: fc.integer({ min: 1, max: 10 }),
  storagePerformanceLevel: fc.constantFrom('pl0', 'pl1', 'pl2', 'pl3'),
  specType: fc.constantFrom('standard', 'ramEnhanced', 'networkEnhanced'),
  localStorageInstanceType: fc.constantFrom('non_local_storage', 'local_hdd_2s_5xlarge'),
})
const anyTerm: fc.Arbitrary<Term> = fc.oneof(
  fc.integer({ min: 1, max: 48 }).map((hours): Term => ({ payType: 'postPaid', hours })),
  fc
    .constantFrom(...cycles)
    .chain(({ pricingCycle, durations }) =>
      fc
        .constantFrom(...durations)
        .map((duration): Term => ({ payType: 'prePaid', pricingCycle, duration })),
    ),
)
const anyRequest: fc.Arbitrary<PriceRequest> = fc.record({
  currency: fc.constantFrom<Currency>('USD', 'CNY'),
  term: anyTerm,
  frontends: fc.array(anyGroup, { maxLength: 1 }),
  computeComponent: fc.constantFrom<'BE' | 'CN'>('BE', 'CN'),
  backends: fc.array(anyGroup, { maxLength: 4 }),
  observers: fc.array(anyGroup, { maxLength: 2 }),
  agentCu: fc.option(fc.constantFrom(1, 2, 4, 8), { nil: undefined }),
  multiZone: fc.boolean(),
})

test('items add up to the total, which is the exact price rounded once', () => {
  fc.assert(
    fc.property(anyRequest, (request) => {
      const { original, exact, items } = priceOf(request)
      const exactly = (item: (typeof items)[number]) =>
        BigInt(item.quantity) * BigInt(item.unitPrice)
      assert.ok(Number.isSafeInteger(original))
      assert.equal(
        items.reduce((sum, item) => sum + item.amount, 0),
        original,
      )
      assert.equal(
        items.reduce((sum, item) => sum + exactly(item), 0n),
        exact,
      )
      assert.equal(original, Number((exact + 50n) / 100n))
      for (const item of items) {
        const distance = BigInt(item.amount) * 100n - exactly(item)
        assert.ok(item.amount >= 0 && distance < 100n && distance > -100n)
      }
    }),
  )
})

test('the largest instance that can be ordered is priced exactly', () => {
  const largest = completeNodeGroup(
    {
      cu: 64,
      residentNodeNumber: 100,
      storageSize: 65_000,
      diskNumber: 10,
      storagePerformanceLevel: 'pl3',
      specType: 'ramEnhanced',
    },
    place,
  )
  const price = priceOf({
    ...hangzhou,
    currency: 'CNY',
    term: { payType: 'prePaid', pricingCycle: 'Year', duration: 5 },
    backends: Array.from({ length: nodeGroupData.groups.backendMax }, () => largest),
  })
  assert.ok(price.exact > BigInt(Number.MAX_SAFE_INTEGER))
  assert.ok(Number.isSafeInteger(price.original))
  assert.equal(BigInt(price.original) * 100n, price.exact)
})

test('groups together cost what they cost apart, and more of anything never costs less', () => {
  fc.assert(
    fc.property(anyRequest, anyGroup, (request, more) => {
      const base = { ...request, frontends: [], observers: [], agentCu: undefined }
      const cost = (backends: readonly PricedGroup[]) => priceOf({ ...base, backends }).exact
      assert.equal(cost([...request.backends, more]), cost(request.backends) + cost([more]))
      for (const bigger of [
        { ...more, residentNodeNumber: more.residentNodeNumber + 1 },
        { ...more, cu: more.cu * 2 },
        { ...more, storageSize: more.storageSize + 10 },
        { ...more, diskNumber: more.diskNumber + 1 },
        { ...more, storagePerformanceLevel: 'pl3' },
      ]) {
        assert.ok(cost([bigger]) >= cost([more]))
      }
    }),
  )
})
