import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import data from '../../../../src/dialect/tencent/catalogue/prices.json' with { type: 'json' }
import { diskTypes } from '../../../../src/dialect/tencent/catalogue/disk.ts'
import {
  families,
  findInstanceType,
  instanceTypes,
  type InstanceType,
} from '../../../../src/dialect/tencent/catalogue/instance-type.ts'
import {
  amountUnit,
  freezeOf,
  prepaidMonths,
  priceOf,
  rateOf,
  toYuan,
  type PriceRequest,
  type RolePriceRequest,
  type Term,
} from '../../../../src/dialect/tencent/catalogue/price.ts'
import type { Role } from '../../../../src/dialect/tencent/catalogue/schema.ts'

const hour: Term = { payMode: 'postpaid', hours: 1 }
const month: Term = { payMode: 'prepaid', months: 1 }

function machine(name: string): InstanceType {
  const found = findInstanceType({ instanceType: name })
  assert.ok(found.ok)
  return found.instanceType
}

function node(role: Role, count: number, type: string, systemDiskGb: number): RolePriceRequest {
  const dataDisks = [{ diskType: 'CLOUD_SSD', sizeGb: 200, count: 1 }]
  const systemDisk = { diskType: 'CLOUD_SSD', sizeGb: systemDiskGb }
  return { role, count, instanceType: machine(type), systemDisk, dataDisks }
}

const example: PriceRequest = {
  term: month,
  roles: [
    node('master', 2, 'S2.2XLARGE16', 70),
    node('common', 3, 'S2.MEDIUM4', 50),
    node('core', 3, 'SA2.LARGE8', 50),
  ],
  metaDb: true,
}

test('the documented example costs 5680.20 a month, to the last fraction', () => {
  const price = priceOf(example)
  assert.equal(price.original, 56_802_000)
  assert.equal(price.discounted, 56_802_000)
  assert.equal(toYuan(price.original), 5680.2)
  assert.equal(price.currency, 'CNY')
})

test('the example is itemised by role and part as the inquiry answers', () => {
  const [master, , , mysql] = priceOf(example).nodes
  assert.deepEqual(
    master?.parts.map(({ part, price, goodsNum, realTotalCost }) => [
      part,
      toYuan(price),
      goodsNum,
      toYuan(realTotalCost),
    ]),
    [
      ['node', 828, 2, 1656],
      ['rootDisk', 70, 2, 140],
      ['dataDisk', 200, 2, 400],
    ],
  )
  assert.equal(mysql?.node, 'mysql')
  assert.equal(toYuan(mysql?.parts[0]?.realTotalCost ?? 0), 480)
})

test('by the hour the metadata database costs 0.48 and a gigabyte 0.0025', () => {
  const price = priceOf({ ...example, term: hour, roles: [node('core', 1, 'S2.LARGE8', 50)] })
  const amounts = price.nodes.flatMap((one) => one.parts.map((part) => part.price))
  assert.deepEqual(amounts, [14_400, 1_250, 5_000, 4_800])
  assert.equal(freezeOf(price), 2 * 25_450)
})

test('a system disk costs what a data disk of its type does', () => {
  const systemDisk = { diskType: 'CLOUD_PREMIUM', sizeGb: 50 }
  const dataDisks = [{ diskType: 'CLOUD_PREMIUM', sizeGb: 50, count: 1 }]
  const roles = [{ ...node('core', 1, 'S2.LARGE8', 50), systemDisk, dataDisks }]
  const [core] = priceOf({ term: month, roles, metaDb: false }).nodes
  const [, root, further] = core?.parts ?? []
  assert.equal(root?.price, further?.price)
  assert.equal(toYuan(root?.price ?? 0), 30)
})

test('every disk of every node is counted', () => {
  const dataDisks = [{ diskType: 'CLOUD_SSD', sizeGb: 100, count: 3 }]
  const roles = [{ ...node('core', 4, 'S2.LARGE8', 50), dataDisks }]
  const [core] = priceOf({ term: month, roles, metaDb: false }).nodes
  const disks = core?.parts.find((part) => part.part === 'dataDisk')
  assert.equal(disks?.goodsNum, 12)
  assert.equal(toYuan(disks?.realTotalCost ?? 0), 1200)
})

test('a discount applies to machines with their system disks and to data disks apart', () => {
  const percent = { node: 66, dataDisk: 50 }
  const price = priceOf({ ...example, metaDb: false, percent })
  const machines = 2 * (828 + 70) + 3 * (207 + 50) + 3 * (294.4 + 50)
  const disks = 8 * 200
  assert.equal(price.discounted, Math.round((machines * 0.66 + disks * 0.5) * amountUnit))
  assert.equal(price.original, 52_002_000)
})

test('list prices hold where they are printed, and the rule reproduces them within a cent', () => {
  assert.deepEqual(rateOf(machine('S2.8XLARGE64')), { month: 33_120_000, hour: 114_900 })
  for (const row of data.list) {
    const type = machine(row.instanceType)
    assert.deepEqual(rateOf(type), { month: row.month, hour: row.hour })
    const cpuMonth = data.families.find((one) => one.family === type.family.family)?.cpuMonth ?? 0
    const factor = type.memoryMb / 1024 / type.cpu === 4 ? 1.5 : 1
    assert.equal(row.month, Math.round(cpuMonth * type.cpu * factor), row.instanceType)
    assert.ok(Math.abs(row.hour - row.month / 288) <= 101, row.instanceType)
  }
})

test('every machine and every disk type has a price, and rows are not doubled', () => {
  for (const type of instanceTypes) {
    const rate = rateOf(type)
    assert.ok(rate.month > rate.hour && rate.hour > 0, type.name)
  }
  assert.deepEqual(
    data.disks.map((row) => row.diskType).sort(),
    diskTypes.map((disk) => disk.diskType).sort(),
  )
  assert.deepEqual(
    data.families.map((row) => row.family).sort(),
    families.map((family) => family.family).sort(),
  )
  assert.equal(new Set(data.list.map((row) => row.instanceType)).size, data.list.length)
  for (const disk of data.disks) assert.equal(disk.month, disk.hour * 400, disk.diskType)
})

test('within a family more cores or more memory never cost less', () => {
  for (const one of instanceTypes) {
    for (const other of instanceTypes) {
      if (one.family !== other.family) continue
      if (one.cpu > other.cpu || one.memoryMb > other.memoryMb) continue
      assert.ok(rateOf(one).month <= rateOf(other).month, `${one.name} and ${other.name}`)
      assert.ok(rateOf(one).hour <= rateOf(other).hour, `${one.name} and ${other.name}`)
    }
  }
})

test('subscriptions run one to twelve months, or two to five years', () => {
  assert.deepEqual(prepaidMonths, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36, 48, 60])
})

const anyDisk = fc.record({
  diskType: fc.constantFrom(...diskTypes.map((disk) => disk.diskType)),
  sizeGb: fc.integer({ min: 1, max: 1600 }).map((tens) => tens * 10),
  count: fc.integer({ min: 1, max: 5 }),
})
const anyRole: fc.Arbitrary<RolePriceRequest> = fc.record({
  role: fc.constantFrom<Role>('master', 'core', 'task', 'common', 'router'),
  count: fc.integer({ min: 0, max: 20 }),
  instanceType: fc.constantFrom(...instanceTypes),
  systemDisk: fc.record({
    diskType: fc.constantFrom(...diskTypes.map((disk) => disk.diskType)),
    sizeGb: fc.integer({ min: 5, max: 100 }).map((tens) => tens * 10),
  }),
  dataDisks: fc.array(anyDisk, { maxLength: 4 }),
})
const anyTerm: fc.Arbitrary<Term> = fc.oneof(
  fc.constant(hour),
  fc.constantFrom(...prepaidMonths).map((months) => ({ payMode: 'prepaid' as const, months })),
)
const anyRequest: fc.Arbitrary<PriceRequest> = fc.record({
  term: anyTerm,
  roles: fc.array(anyRole, { maxLength: 5 }),
  metaDb: fc.boolean(),
  percent: fc.record({
    node: fc.integer({ min: 0, max: 100 }),
    dataDisk: fc.integer({ min: 0, max: 100 }),
  }),
})

test('the parts add up to the total in whole units, and a discount never raises it', () => {
  fc.assert(
    fc.property(anyRequest, (request) => {
      const price = priceOf(request)
      const parts = price.nodes.flatMap((one) => one.parts)
      const sum = (pick: (part: (typeof parts)[number]) => number) =>
        parts.reduce((total, part) => total + pick(part), 0)
      assert.ok(Number.isSafeInteger(price.original) && Number.isSafeInteger(price.discounted))
      assert.equal(
        price.original,
        sum((part) => part.price * part.goodsNum),
      )
      assert.equal(
        price.discounted,
        sum((part) => part.realCost * part.goodsNum),
      )
      assert.ok(price.discounted <= price.original)
    }),
  )
})

test('two roles together cost what they cost apart, and one node more costs one node more', () => {
  fc.assert(
    fc.property(anyTerm, anyRole, anyRole, (term, one, other) => {
      const cost = (roles: readonly RolePriceRequest[]) =>
        priceOf({ term, roles, metaDb: false }).original
      assert.equal(cost([one, other]), cost([one]) + cost([other]))
      const more = { ...one, count: one.count + 1 }
      assert.equal(cost([more]), cost([one]) + cost([{ ...one, count: 1 }]))
      assert.ok(cost([more]) > cost([one]))
    }),
  )
})

test('a subscription of n months costs n times that of one', () => {
  fc.assert(
    fc.property(anyRequest, fc.constantFrom(...prepaidMonths), (request, months) => {
      const over = (count: number) =>
        priceOf({ ...request, term: { payMode: 'prepaid', months: count } }).original
      assert.equal(over(months), over(1) * months)
    }),
  )
})
