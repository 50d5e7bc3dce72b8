/**
 * Changes of a running instance by the vendor's own runtime: what clients see on the way, what stands in groups, history, quotas,
 * addresses, orders and ledger afterwards, and what becomes of changes that are refused, go back, or are cut short.
 */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { amountOf } from '../../src/domain/money.ts'
import { listPrice, total } from '../../src/domain/order.ts'
import type { Substrate } from '../../src/substrate/port.ts'
import { HOUR, MONTH, priceOf, requireAgreement } from '../support/fixture/alibaba-agreement.ts'
import {
  startInstance,
  type AlibabaInstance,
  type Query,
} from '../support/fixture/alibaba-instance.ts'
import type { CloudOptions } from '../support/fixture/cloud.ts'
import { DAY_MS, HOUR_MS, money, stillClock, sumOf } from '../support/fixture/money.ts'

const ACCOUNT = '1000000000000001'
const RUNNING = 'FE RUNNING,CN RUNNING'
const MONTHLY = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1 }
interface StartOptions {
  readonly body?: Readonly<Record<string, unknown>>
  /** Looks that a step takes. */
  readonly looks?: number
  readonly wrap?: CloudOptions['wrap']
}

async function start(t: TestContext, { body = {}, looks = 3, wrap }: StartOptions = {}) {
  const clock = stillClock('2026-03-11T02:00:00Z')
  const config = { progressions: { default: { mode: 'manual', every: looks } as const } }
  const cloud = { clock, config, ...(wrap ? { wrap } : {}) }
  const instance = await startInstance(t, { body, cloud })
  return { instance, books: money(instance.cloud) }
}

interface Seen {
  readonly instance: string[]
  /** Of all groups together. */
  readonly groups: string[]
}

/** Looks at the instance until it runs; returns the words that were seen on the way, each time that they were other ones. */
async function watch({ cloud, describe, groups }: AlibabaInstance): Promise<Seen> {
  const seen: Seen = { instance: [], groups: [] }
  const note = (words: string[], word: string) => words.at(-1) === word || words.push(word)
  for (let look = 0; look < 100; look++) {
    await cloud.loop.drain()
    const { InstanceStatus } = await describe()
    const views = await groups()
    note(seen.instance, InstanceStatus)
    note(seen.groups, views.map(({ ComponentType, Status }) => `${ComponentType} ${Status}`).join())
    if (InstanceStatus === 'running') return seen
  }
  throw new Error(`it does not run: ${seen.instance.join()}`)
}

interface Step {
  readonly action: string
  readonly query: Query
  readonly type: string
  readonly instance: string
  readonly group: string
}

const STEPS: readonly Step[] = (
  [
    ['ModifyNodeNumber', { Target: 4 }, 'scale_out_cn', 'scaling_out'],
    ['ModifyCu', { Target: 16 }, 'upgrade_cn_cu', 'scaling_up'],
    ['ModifyDiskSize', { Target: 500 }, 'increase_cn_disk_size', 'scaling_up'],
    ['ModifyNodeNumber', { Target: 3 }, 'scale_in_cn', 'scaling_in'],
    ['ModifyDiskNumber', { Target: 2 }, 'increase_cn_disk_number', 'scaling_up'],
    ['ModifyDiskPerformanceLevel', { Target: 'pl2' }, 'upgrade_cn_disk_performance', 'scaling_up'],
    ['ModifySpecType', { TargetSpecType: 'ramEnhanced' }, 'upgrade_cn_spec_type', 'scaling_up'],
    [
      'ModifyDiskType',
      { TargetDiskType: 'essd', TargetPerformanceLevel: 'pl1' },
      'downgrade_cn_disk_performance',
      'scaling_down',
    ],
    ['ModifySpecType', { TargetSpecType: 'standard' }, 'downgrade_cn_spec_type', 'scaling_down'],
    ['ModifyCu', { Target: 8 }, 'downgrade_cn_cu', 'scaling_down'],
  ] as const
).map(([action, query, type, instance]) => {
  return { action, query, type, instance, group: instance.toUpperCase() }
})

async function runStep(instance: AlibabaInstance, step: Step): Promise<number> {
  const { body } = await instance.send(step.action, step.query, 'CN')
  const seen = await watch(instance)
  assert.deepEqual(seen.instance, [step.instance, 'running'], step.type)
  assert.deepEqual(seen.groups, [`FE RUNNING,CN ${step.group}`, RUNNING], step.type)
  const [latest] = await instance.history()
  assert.deepEqual(
    [latest.OperationType, latest.OperationStatus, latest.Progress, latest.OperationDetail],
    [step.type, 'COMPLETED', 100, ''],
  )
  assert.deepEqual((await instance.history({ OperationType: step.type }))[0], latest)
  return body.Data
}

test('an instance restarts, is seen to, and costs and holds what it did', async (t) => {
  const { instance } = await start(t)
  const before = await instance.document()
  await instance.send('RestartInstance')
  const listed = async (InstanceStatus: string) =>
    (await instance.call('DescribeInstances', { query: { InstanceStatus } })).body.Total
  assert.deepEqual([await listed('restarting'), await listed('running')], [1, 0])
  assert.deepEqual(await watch(instance), {
    instance: ['restarting', 'running'],
    groups: ['FE RESTARTING,CN RESTARTING', RUNNING],
  })
  await instance.send('RestartNodeGroup', {}, 'FE')
  assert.deepEqual(await watch(instance), {
    instance: ['restarting', 'running'],
    groups: ['FE RESTARTING,CN RUNNING', RUNNING],
  })
  await requireAgreement(instance, 'postpaid')
  const after = await instance.document()
  assert.deepEqual(after.reservations, before.reservations)
  assert.equal(after.charge.order, before.charge.order)
  const types = (await instance.history()).map(({ OperationType }) => OperationType)
  assert.deepEqual(types, ['restart_node_group', 'restart_cluster', 'create_cluster'])
})

test('pay as you go: every hour is charged at what the instance was then', async (t) => {
  const { instance, books } = await start(t)
  let owed = priceOf((await instance.document()).spec, HOUR)
  await books.pass(HOUR_MS)
  for (const step of STEPS) {
    assert.equal(await runStep(instance, step), 0)
    await requireAgreement(instance, 'postpaid')
    owed += priceOf((await instance.document()).spec, HOUR)
    await books.pass(HOUR_MS)
  }
  instance.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
  await instance.send('ReleaseInstance')
  await instance.cloud.settle()
  await books.pass(DAY_MS)
  assert.equal(sumOf(await books.ledger(instance.id)), -owed)
  const kinds = (await instance.orders()).map(({ kind, state }) => `${kind} ${state}`)
  assert.deepEqual(kinds, [...STEPS.map(() => 'change paid'), 'buy paid'])
  assert.equal(amountOf((await books.funds(ACCOUNT)).accrued), 0)
})

test('a subscription pays for more and is paid back for less, and renews at what it is then', async (t) => {
  const { instance, books } = await start(t, { body: { ...MONTHLY, AutoRenew: true } })
  const { beginsMs, expiresMs, order: bought } = (await instance.document()).charge
  let price = priceOf((await instance.document()).spec, MONTH)
  let paid = price
  for (const step of STEPS) {
    const id = await runStep(instance, step)
    await requireAgreement(instance, 'prepaid')
    const now = priceOf((await instance.document()).spec, MONTH)
    // From the next 00:00 in UTC+8 to the end, of a term that began the second it was bought.
    const nowMs = instance.cloud.clock.now()
    const fromMs = (Math.floor((nowMs + 8 * HOUR_MS) / DAY_MS) + 1) * DAY_MS - 8 * HOUR_MS
    const difference = ((now - price) * (expiresMs! - fromMs)) / (expiresMs! - beginsMs!)
    const [order] = await instance.orders()
    assert.equal(Number(order?.id), id)
    assert.ok(Math.abs(total(order!) - difference) <= 1, step.type)
    assert.deepEqual(
      [order?.state, order?.kind, order?.period?.untilMs],
      ['paid', 'change', expiresMs],
    )
    price = now
    paid += total(order!)
    assert.equal(sumOf(await books.ledger(instance.id)), -paid)
    await books.pass(2 * DAY_MS)
  }
  assert.equal((await instance.document()).charge.order, bought)
  await books.passUntil(expiresMs!)
  const [renewal] = await instance.orders()
  assert.deepEqual([renewal?.kind, total(renewal!)], ['renew', price])
  assert.equal((await instance.describe()).InstanceStatus, 'running')
})

test('a node that goes leaves its address to the next one', async (t) => {
  const { instance } = await start(t)
  const [out, , , into] = STEPS
  await runStep(instance, out!)
  const addressOf = async () => (await instance.document()).spec.groups[1]?.nodes.at(-1)?.address
  const address = await addressOf()
  await runStep(instance, into!)
  assert.notEqual(await addressOf(), address)
  await runStep(instance, out!)
  assert.equal(await addressOf(), address)
})

const CHANGES: readonly (readonly [string, Query])[] = [
  ['RestartInstance', {}],
  ['RestartNodeGroup', {}],
  ['ModifyNodeNumber', { Target: 4 }],
  ['ModifyCu', { Target: 16 }],
  ['ModifyDiskSize', { Target: 200 }],
  ['ModifyDiskNumber', { Target: 2 }],
  ['ModifyDiskPerformanceLevel', { Target: 'pl2' }],
  ['ModifyDiskType', { TargetDiskType: 'essd', TargetPerformanceLevel: 'pl2' }],
  ['ModifySpecType', { TargetSpecType: 'ramEnhanced' }],
]

test('while one change runs every other is refused as busy, whatever else is wrong with it', async (t) => {
  const { instance } = await start(t, { looks: 1 })
  instance.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await instance.send('ModifyCu', { Target: 16 }, 'FE')
  const before = await instance.document()
  const wrong = [['ModifyCu', { Target: 7 }] as const, ['ModifyNodeNumber', { Target: 3 }] as const]
  for (const [action, query] of [...CHANGES, ...wrong]) {
    const it = await instance.refusal(action, query, 'CN')
    assert.deepEqual([it.statusCode, it.code], [400, 'OperationDenied.InstanceStatus'], action)
    assert.match(it.message, /in status scaling_up/)
  }
  const { status: _now, ...after } = await instance.document()
  const { status: _then, ...unchanged } = before
  assert.deepEqual(after, unchanged)
  assert.equal((await instance.history()).length, 2)
})

test('of changes that arrive at once one is taken and the others are busy', async (t) => {
  const { instance } = await start(t)
  const { NodeGroupId } = await instance.group('CN')
  const answers = await Promise.allSettled(
    CHANGES.map(([action, query]) => instance.send(action, { ...query, NodeGroupId })),
  )
  const refused = answers.flatMap((it) => (it.status === 'rejected' ? [it.reason.code] : []))
  assert.deepEqual(refused, Array(CHANGES.length - 1).fill('OperationDenied.InstanceStatus'))
  await watch(instance)
  await requireAgreement(instance, 'postpaid')
})

test("Terraform's updates follow one another, each awaited by the status of its group", async (t) => {
  const { instance } = await start(t)
  const { NodeGroupId } = await instance.group('CN')
  const status = async () => {
    await instance.cloud.loop.drain()
    const query = { ClusterId: instance.id, RegionId: 'cn-hangzhou' }
    const body = { ...query, nodeGroupIds: [NodeGroupId] }
    return (await instance.call('DescribeNodeGroups', { query, body })).body.Data[0].Status
  }
  const updates = [
    ['ModifyCu', { Target: '16' }],
    ['ModifyDiskNumber', { Target: '2' }],
    ['ModifyDiskSize', { Target: '500' }],
    ['ModifyDiskPerformanceLevel', { Target: 'pl2' }],
    ['ModifyNodeNumber', { Target: '4' }],
    ['ModifySpecType', { TargetSpecType: 'ramEnhanced' }],
  ] as const
  for (const [action, target] of updates) {
    const query = { InstanceId: instance.id, NodeGroupId, RegionId: 'cn-hangzhou', ...target }
    const { body } = await instance.call(action, { query, body: {} })
    assert.equal(body.Success, true)
    assert.notEqual(await status(), 'RUNNING')
    let looks = 0
    while (looks++ < 100 && (await status()) !== 'RUNNING');
    assert.equal(await status(), 'RUNNING')
  }
  const it = await instance.group('CN')
  assert.deepEqual(
    [it.Cu, it.DiskNumber, it.StorageSize, it.StoragePerformanceLevel, it.ResidentNodeNumber],
    [16, 2, 500, 'pl2', 4],
  )
  assert.equal(it.SpecType, 'ramEnhanced')
  await requireAgreement(instance, 'postpaid')
})

/** Has no machine for the larger nodes, ever. */
function withoutLargeNodes(substrate: Substrate): Substrate {
  let isLarge = false
  const { name, capabilities } = substrate
  return {
    ...substrate,
    name,
    capabilities,
    async apply(wanted) {
      isLarge = wanted.spec.groups.some(({ cpu, nodes }) => cpu > 8 || nodes.length > 3)
      await substrate.apply(wanted)
    },
    async observe(id) {
      const seen = await substrate.observe(id)
      if (!isLarge) return seen
      const problem = {
        kind: 'unplaceable',
        reason: 'no machine is large enough',
        sinceMs: 0,
        persists: true,
      } as const
      return { ...seen, groups: seen.groups.map((group) => ({ ...group, problem })) }
    },
  }
}

for (const [what, body] of [
  ['pay as you go', {}],
  ['a subscription', MONTHLY],
] as const) {
  test(`${what}: a change that cannot be carried out goes back, says why, and costs nothing`, async (t) => {
    const { instance, books } = await start(t, { body, wrap: { substrate: withoutLargeNodes } })
    const before = await instance.document()
    const paid = sumOf(await books.ledger(instance.id))
    for (const [action, Target] of [
      ['ModifyCu', 16],
      ['ModifyNodeNumber', 5],
    ] as const) {
      await instance.send(action, { Target }, 'CN')
      await watch(instance)
      const [latest] = await instance.history()
      assert.deepEqual(
        [latest.OperationStatus, latest.OperationDetail],
        ['TERMINATED', 'undone: no machine is large enough'],
      )
      const after = await instance.document()
      assert.deepEqual({ ...after.spec, generation: 0 }, { ...before.spec, generation: 0 })
      assert.deepEqual(after.charge, before.charge)
      await requireAgreement(instance, before.charge.mode)
      assert.equal((await instance.orders())[0]?.state, 'refunded')
      assert.equal(sumOf(await books.ledger(instance.id)), paid)
      const incident = after.status.incidents?.at(-1)
      assert.equal(incident?.kind, 'change-undone')
      assert.match(incident?.reason ?? '', /was undone: no machine is large enough$/)
    }
  })
}

test('an instance that is released in the middle of a change goes with all that it holds', async (t) => {
  const { instance, books } = await start(t)
  await books.pass(HOUR_MS)
  const anHour = priceOf((await instance.document()).spec, HOUR)
  await instance.send('ModifyNodeNumber', { Target: 9 }, 'CN')
  assert.equal((await instance.describe()).InstanceStatus, 'scaling_out')
  await instance.send('ReleaseInstance')
  assert.equal((await instance.describe()).InstanceStatus, 'deleting')
  for (let look = 0; look < 50 && (await instance.describe()); look++)
    await instance.cloud.loop.drain()
  assert.equal(await instance.describe(), undefined)
  const history = await instance.history()
  assert.deepEqual(
    history.map(({ OperationType, OperationStatus }) => [OperationType, OperationStatus]),
    [
      ['delete_cluster', 'COMPLETED'],
      ['scale_out_cn', 'TERMINATED'],
      ['create_cluster', 'COMPLETED'],
    ],
  )
  for (const measure of ['cluster', 'machine', 'disk', 'storage'] as const) {
    const limit = { rule: 'quota', measure, most: 1 } as const
    assert.deepEqual(
      await instance.cloud.store.read((tx) => tx.reserved(ACCOUNT, [limit])),
      [0],
      measure,
    )
  }
  await books.pass(DAY_MS)
  assert.equal(sumOf(await books.ledger(instance.id)), -anHour)
  const [change, bought] = await instance.orders()
  assert.deepEqual([change?.state, listPrice(bought!)], ['refunded', anHour])
})
