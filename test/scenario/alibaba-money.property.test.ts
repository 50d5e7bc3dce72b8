/**
 * Money and quota under random lives of instances, of every change that the declarations have: what an inquiry says beforehand is
 * what the order costs and what the ledger has afterwards, to the ten-thousandth; an instance that was changed costs what a new one
 * of its groups costs; what an account has reserved is what its instances show; and in the end everything is released.
 */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { actions } from '../../src/dialect/alibaba/actions.ts'
import { listPrice, renewalItems, total } from '../../src/domain/order.ts'
import { startCloud, type Cloud } from '../support/fixture/cloud.ts'
import { everyInstance, keptOf, type KeptInstance } from '../support/fixture/instance-shape.ts'
import { stillClock } from '../support/fixture/money.ts'
import { recount } from '../support/fixture/recount.ts'
import { changeableBody, type Parameters } from '../support/http/alibaba-request.ts'
import { client } from '../support/http/client.ts'
import { changingInstance, requestOf, type Draw } from '../support/http/random-act.ts'
import { memoryDirectory } from '../support/process/directory.ts'

const LONG = process.env['EMRYS_LONG'] === '1'
const RUNS = LONG ? 100 : 5
const ACCOUNT = '1000000000000001'
/** In UTC+8 it is 08:00. */
const START = '2026-03-01T00:00:00Z'
const MONTHLY = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1 }

// oxlint-disable-next-line typescript/no-explicit-any -- answers are read member by member, as scripts do
type View = any

/** Whatever has a price is drawn more often. */
const names = changingInstance.map(({ name }) => name)
const priced = names.filter((name) => inquiryOf(name) !== undefined)
const drawn = fc.record({
  name: fc.oneof(fc.constantFrom(...names), fc.constantFrom(...priced)),
  fraction: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
})
const lives = fc.record({
  monthly: fc.boolean(),
  multiZone: fc.boolean(),
  acts: fc.array(drawn, { minLength: 10, maxLength: 16 }),
})

test('what is asked, ordered, paid, held and released is the same, whatever an instance goes through', async (t) => {
  const world = await start(t)
  const done: Record<string, number> = {}
  await fc.assert(
    fc.asyncProperty(lives, async ({ monthly, multiZone, acts }) => {
      const id = await world.create({
        ...(monthly ? MONTHLY : {}),
        ...(multiZone ? {} : { ObserverNodeGroups: [] }),
        PromotionOptionNo: '',
      })
      for (const { name, fraction } of acts) {
        const action = changingInstance.find((each) => each.name === name)
        if (action && (await world.act(id, { action, fraction }))) note(done, name)
      }
      await world.end(id)
    }),
    { numRuns: RUNS },
  )
  t.diagnostic(JSON.stringify(done))
  assert.ok(priced.filter((name) => done[name]).length > (LONG ? 4 : 1), 'too little was bought')
})

async function start(t: TestContext) {
  const cloud = await startCloud(t, { dataDir: memoryDirectory(t), clock: stillClock(START) })
  const connection = client(cloud.port)
  t.after(() => connection.close())
  const send = async (name: string, parameters: Parameters) => {
    const { path = '', method = '' } = actions.find((each) => each.name === name)?.route ?? {}
    const { status, body } = await connection.alibaba(path, { method, body: parameters })
    assert.ok(status < 500, JSON.stringify(body))
    return { taken: status === 200, data: (body['Data'] ?? body['data']) as View, body }
  }
  const kept = (id: string) => keptOf(cloud.store, id)
  const groups = async (id: string): Promise<readonly View[]> =>
    (await send('DescribeNodeGroups', { ClusterId: id, PageSize: 100 })).data
  const check = async (id: string) => {
    await quotaIsWhatIsShown(cloud.store, groups)
    const now = await kept(id)
    const { data, body } = await send('QueryPriceV1', asNew(now, await groups(id)))
    assert.ok(data, JSON.stringify(body))
    const order = now.orders.find((each) => each.id === now.cluster?.charge.order)
    assert.ok(order)
    assert.equal(listPrice({ items: renewalItems(order) }), amountOf(data.OriginalAmount))
    await recount(cloud.store, `${cloud.dataDir}/emrys.db`)
  }
  return {
    async create(more: Parameters): Promise<string> {
      const { data, body } = await send('CreateInstanceV1', changeableBody(more))
      assert.ok(data, JSON.stringify(body))
      await cloud.settle()
      await check(data.InstanceId)
      return data.InstanceId
    },
    /** Whether it was not refused; what was refused has cost nothing. */
    async act(id: string, draw: Draw): Promise<boolean> {
      const before = await kept(id)
      const parameters: Parameters = { ...requestOf(draw, before), PromotionOptionNo: '' }
      const inquiry = inquiryOf(draw.action.name)
      const asked = inquiry ? (await send(inquiry, parameters)).data : undefined
      const { taken } = await send(draw.action.name, parameters)
      const begun = await kept(id)
      if (!taken) assert.deepEqual(begun, before, draw.action.name)
      await cloud.settle()
      const after = await kept(id)
      const more = hourOf(after) - hourOf(before)
      const paid = boughtBy(after) - boughtBy(before)
      assert.equal(boughtBy(begun), boughtBy(after), 'what is bought is paid with the request')
      const isMonthly = after.cluster?.charge.mode === 'prepaid'
      if (taken && asked) assert.equal(isMonthly ? paid : more, sumOf(asked), draw.action.name)
      else if (more === 0) assert.equal(paid, 0, draw.action.name)
      for (const each of await everyInstance(cloud.store)) await check(each.id)
      return taken
    },
    /** It is released, or ends with its time; those that were restored of it too. */
    async end(id: string): Promise<void> {
      for (const { id: InstanceId, cluster } of await everyInstance(cloud.store))
        if (cluster?.charge.mode === 'postpaid') {
          await send('ReleaseInstance', { InstanceId })
          await cloud.settle()
        } else {
          const { data } = await send('QueryRefundPrice', { instanceId: InstanceId })
          await endSubscription(cloud, InstanceId, amountOf(data))
        }
      assert.equal((await kept(id)).cluster?.status.state ?? 'deleted', 'deleted')
      const held = await cloud.store.read((tx) => tx.reservations(ACCOUNT, 1000))
      assert.deepEqual(held, [])
      await recount(cloud.store, `${cloud.dataDir}/emrys.db`)
    },
  }
}

/** The inquiry of a change, where the declarations have one. */
function inquiryOf(name: string): string | undefined {
  const found = name === 'RenewInstance' ? 'QueryRenewPrice' : `Query${name}Price`
  return actions.some((each) => each.name === found) ? found : undefined
}

function note(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1
}

/** In ten-thousandths. */
function amountOf(yuan: number): number {
  return Math.round(yuan * 10_000)
}

function sumOf(asked: View): number {
  const all: readonly View[] = Array.isArray(asked) ? asked : [asked]
  return all.reduce((sum: number, { TradeAmount }) => sum + amountOf(TradeAmount), 0)
}

/** What was paid ahead for it, less what was paid back. */
function boughtBy({ orders }: KeptInstance): number {
  return orders
    .filter(({ period, state }) => period && state === 'paid')
    .reduce((sum, order) => sum + total(order), 0)
}

/** What an hour costs, or the next term. */
function hourOf({ cluster, orders }: KeptInstance): number {
  const order = orders.find(({ id }) => id === cluster?.charge.order)
  return order ? listPrice({ items: renewalItems(order) }) : 0
}

/** What is shown of it, as somebody would ask for the price of a new one. */
function asNew({ cluster }: KeptInstance, groups: readonly View[]): Parameters {
  const { mode, months = 1 } = cluster?.charge ?? {}
  const of = (component: RegExp) =>
    groups
      .filter(({ ComponentType }) => component.test(ComponentType))
      .map((group) => ({
        cu: group.Cu,
        diskNumber: group.DiskNumber,
        residentNodeNumber: group.ResidentNodeNumber + group.ElasticNodeNumber,
        specType: group.SpecType,
        storagePerformanceLevel: group.StoragePerformanceLevel,
        storageSize: group.StorageSize,
        zoneId: group.ZoneId,
      }))
  const [agent] = of(/^AGENT$/)
  return {
    RegionId: 'cn-hangzhou',
    PackageType: 'official',
    RunMode: 'shared_data',
    PayType: mode === 'prepaid' ? 'prePaid' : 'postPaid',
    PricingCycle: 'Month',
    Duration: months,
    FrontendNodeGroups: of(/^FE$/),
    BackendNodeGroups: of(/^CN$/),
    ObserverNodeGroups: of(/^OBSERVER$/),
    ...(agent ? { AgentNodeGroup: { cu: agent.cu } } : {}),
  }
}

/** Instances, cores, disks and GiB, by how they are paid for. */
async function quotaIsWhatIsShown(
  store: Cloud['store'],
  groups: (id: string) => Promise<readonly View[]>,
): Promise<void> {
  const shown: Record<string, number> = {}
  const add = (what: string, amount: number) => {
    if (amount > 0) shown[what] = (shown[what] ?? 0) + amount
  }
  for (const { id, cluster } of await everyInstance(store)) {
    const mode = cluster?.charge.mode
    add(`${mode} cluster`, 1)
    for (const group of await groups(id)) {
      const nodes = group.ResidentNodeNumber + group.ElasticNodeNumber
      add(`${mode} machine`, nodes * group.Cu)
      add(`${mode} disk`, nodes * group.DiskNumber)
      add(`${mode} storage`, nodes * group.DiskNumber * group.StorageSize)
    }
  }
  const held: Record<string, number> = {}
  for (const { charge, measure, amount } of await store.read((tx) =>
    tx.reservations(ACCOUNT, 1000),
  ))
    held[`${charge} ${measure}`] = (held[`${charge} ${measure}`] ?? 0) + amount
  assert.deepEqual(held, shown)
}

/** What it is said to be worth is what is paid back. */
async function endSubscription({ billing, settle }: Cloud, id: string, worth: number) {
  const back = await billing.orders.refund(id)
  assert.equal(-total(back), worth)
  await settle()
}
