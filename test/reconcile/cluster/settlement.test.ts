/**
 * The books of changes: whatever is created, changed, released, broken off and killed, once everything is settled each cluster
 * holds what its spec says and no more, and has paid for what it had.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Cluster } from '../../../src/domain/cluster/cluster.ts'
import { statesWhere } from '../../../src/domain/cluster/lifecycle.ts'
import { nodesOf, type Node, type NodeSize } from '../../../src/domain/cluster/node-group.ts'
import { total, type Order } from '../../../src/domain/order.ts'
import { Fault } from '../../../src/domain/fault.ts'
import { isThere } from '../../../src/reconcile/cluster/gap.ts'
import {
  changingCall as call,
  changingWorld,
  newChangingCluster,
  reservationsOf,
  termsOf,
  type ChangingWorld,
  type Crash,
} from '../../support/fixture/changing-world.ts'
import { sampleNode } from '../../support/fixture/sample.ts'

const MACHINES_MAX = 8
const POOL = { pool: 'a/r-1/s-1/10.1.0.0/28', first: 0x0a010002, last: 0x0a01000e }
const HOSTS = POOL.last - POOL.first + 1
const ROUNDS_MAX = 400
const listing = { account: undefined, order: 'oldest', limit: 1000, offset: 0 } as const
const unsettled = statesWhere(({ settled }) => !settled)

type Event =
  | { readonly do: 'create'; readonly nodes: number; readonly prepaid: boolean }
  | { readonly do: 'scale-out'; readonly at: number; readonly count: number }
  | {
      readonly do: 'scale-in'
      readonly at: number
      readonly nth: number
      readonly graceMs?: number
    }
  | { readonly do: 'resize'; readonly at: number; readonly cpu: number; readonly whole: boolean }
  | { readonly do: 'restart'; readonly at: number; readonly rolling: boolean }
  | { readonly do: 'release'; readonly at: number }
  | { readonly do: 'problem'; readonly at: number }
  | { readonly do: 'fail'; readonly applies: number }
  | { readonly do: 'kill' }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'settle' }

const at = fc.nat(9)
const only = <D extends string>(what: D) => fc.constant(what)
const create = fc.record({
  do: only('create'),
  nodes: fc.integer({ min: 1, max: 3 }),
  prepaid: fc.boolean(),
})
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 2, arbitrary: create },
  {
    weight: 4,
    arbitrary: fc.record({ do: only('scale-out'), at, count: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: only('scale-in'), at, nth: fc.nat(9) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: only('resize'),
      at,
      cpu: fc.constantFrom(2, 4, 8),
      whole: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: only('restart'), at, rolling: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: only('release'), at }) },
  { weight: 1, arbitrary: fc.record({ do: only('problem'), at }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: only('fail'), applies: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: only('kill') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: only('pass'),
      ms: fc.constantFrom(1, 700, 1_000, 3_000, 1_800_000, 4_000_000),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: only('settle') }) },
)
const crash: fc.Arbitrary<Crash> = fc.oneof(
  { weight: 6, arbitrary: fc.constant('none' as const) },
  { weight: 1, arbitrary: fc.constantFrom('before' as const, 'inside' as const, 'after' as const) },
)
/** There is a cluster to begin with, so that histories are about changes. */
const history = fc
  .tuple(create, fc.array(fc.record({ event, crash }), { minLength: 4, maxLength: 30 }))
  .map(([first, steps]) => [
    { event: first, crash: 'none' as const },
    { event: { do: 'settle' } as const, crash: 'none' as const },
    ...steps,
  ])

/** One of each change, none of them disturbed. */
const steadyEvents: readonly Event[] = [
  { do: 'create', nodes: 2, prepaid: false },
  { do: 'scale-out', at: 0, count: 1 },
  { do: 'resize', at: 0, cpu: 8, whole: false },
  { do: 'restart', at: 0, rolling: true },
  { do: 'scale-in', at: 0, nth: 0 },
]
const steady = (it: Event): { event: Event; crash: Crash } => ({ event: it, crash: 'none' })
const steadyHistory = steadyEvents.flatMap((each) => [steady(each), steady({ do: 'settle' })])

test('whatever is changed and broken off, every cluster holds and costs what its spec says', async (t) => {
  const ends = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const limits = [{ rule: 'stock', measure: 'machine', most: MACHINES_MAX } as const]
      const world = changingWorld(t, { limits })
      const counter = { next: 0 }
      for (const { event: each, crash: next } of steps) {
        world.failures.crash = next
        await act(world, each, counter)
        world.failures.crash = 'none'
        if (each.do === 'settle') await settleAndCheck(world)
      }
      await settleAndCheck(world)
      for (const { document } of await operationsOf(world)) {
        const key = `${document.verb} ${document.status}`
        ends.set(key, (ends.get(key) ?? 0) + 1)
      }
      for (const { id } of await clustersOf(world))
        await world.core().app.release(call, id).catch(expected)
      await settleAndCheck(world)
      assert.deepEqual(await world.truth().read((tx) => tx.reservations(undefined, 10)), [])
      assert.equal((await freeAddresses(world)).length, HOSTS)
    }),
    // What follows counts on each of these changes having been carried out at least once.
    { numRuns: 40, examples: [[steadyHistory]] },
  )
  t.diagnostic(JSON.stringify(Object.fromEntries(ends)))
  for (const verb of ['scale-out', 'scale-in', 'resize-up', 'restart'])
    assert.ok((ends.get(`${verb} completed`) ?? 0) > 0, `no ${verb} was completed`)
})

async function act(world: ChangingWorld, it: Event, counter: { next: number }): Promise<void> {
  const { failures, clock } = world
  switch (it.do) {
    case 'fail':
      failures.applies = it.applies
      return
    case 'problem': {
      const id = (await someCluster(world, it.at))?.id ?? ''
      failures.unhealthy.add(id)
      return
    }
    case 'kill':
      return world.kill()
    case 'pass':
      clock.advance(it.ms)
      return world.core().loop.drain().catch(expected)
    case 'settle':
      return
    case 'create':
    case 'scale-out':
    case 'scale-in':
    case 'resize':
    case 'restart':
    case 'release':
      return request(world, it, counter)
  }
}

type RequestEvent = Extract<
  Event,
  { do: 'create' | 'scale-out' | 'scale-in' | 'resize' | 'restart' | 'release' }
>

/** As a client does whose request was not answered: the same again, once, under the same token. */
async function request(
  world: ChangingWorld,
  it: RequestEvent,
  counter: { next: number },
): Promise<void> {
  const number = counter.next++
  const cluster = it.do === 'create' ? undefined : await someCluster(world, it.at)
  const send = () => requestOnce(world, { it, number, cluster })
  await send().catch(async (problem: Error) => {
    expected(problem)
    if (!(problem instanceof Fault)) await send().catch(expected)
  })
}

interface Request {
  readonly it: RequestEvent
  readonly number: number
  readonly cluster: Cluster | undefined
}

async function requestOnce(
  world: ChangingWorld,
  { it, number, cluster }: Request,
): Promise<unknown> {
  const { app } = world.core()
  const nowMs = world.clock.now()
  const key = { token: `t-${number}`, parameters: it }
  const terms = termsOf(nowMs, `o-${number}`)
  if (it.do === 'create')
    return app.create(call, {
      ...key,
      newCluster: () => newChangingCluster({ number, nowMs, ...it }),
    })
  if (!cluster) return undefined
  const { id, spec } = cluster
  const group = `${id}-b`
  const names = nodesOf(spec.groups).map((node) => node.id)
  switch (it.do) {
    case 'scale-out': {
      const nodes = Array.from({ length: it.count }, (_, n): Node => {
        const node = sampleNode(group, 100 * number + n)
        return { ...node, id: `${group}-${number}-${n}` }
      })
      return app.scale(call, id, { key, terms, nodes: () => ({ add: [{ group, nodes }] }) })
    }
    case 'scale-in': {
      // The last nodes of a cluster stay, as with every cloud.
      const others = names.filter((name) => name.startsWith(`${group}-`)).slice(1)
      const gone = others[it.nth % Math.max(1, others.length)]
      if (gone === undefined) return undefined
      return app.scale(call, id, { key, terms, nodes: () => ({ remove: [gone] }) })
    }
    case 'resize': {
      const scope = it.whole
        ? ({ of: 'group', group } as const)
        : ({ of: 'nodes', nodes: names.slice(0, 1) } as const)
      const size = (was: NodeSize) => ({ ...was, cpu: it.cpu })
      const direction = it.cpu > 4 ? 'up' : 'down'
      const resize = () => ({ scope, direction, size }) as const
      return app.resize(call, id, { key, aspect: 'compute', rolling: it.whole, resize, terms })
    }
    case 'restart':
      return app.restart(call, id, { scope: { of: 'cluster' }, rolling: it.rolling })
    case 'release':
      return app.release(call, id)
  }
}

/** A refusal for the state or want of something, or one of the failures that were ordered. */
function expected(problem: Error): void {
  if (problem instanceof Fault)
    assert.match(problem.code, /^(ClusterBusy|ClusterNotFound|NodeNotFound|Resource(Short|Full))$/)
  else assert.match(problem.message, /^crashed/)
}

async function clustersOf(world: ChangingWorld): Promise<readonly Cluster[]> {
  const { rows } = await world.truth().read((tx) => tx.list('cluster', listing))
  return rows.map(({ document }) => document)
}

async function operationsOf(world: ChangingWorld) {
  return (await world.truth().read((tx) => tx.list('operation', listing))).rows
}

async function someCluster(world: ChangingWorld, nth: number): Promise<Cluster | undefined> {
  const all = (await clustersOf(world)).filter(({ status }) => status.state !== 'deleted')
  return all[nth % Math.max(1, all.length)]
}

async function settleAndCheck(world: ChangingWorld): Promise<void> {
  const { loop } = world.core()
  const { failures } = world
  for (let round = 0; round < ROUNDS_MAX; round++) {
    await loop.drain().catch(expected)
    if (round % 50 === 49) await loop.sweep()
    const open = (await clustersOf(world)).filter(({ status }) => unsettled.includes(status.state))
    if (open.length === 0) {
      failures.unhealthy.clear()
      failures.applies = 0
      return check(world)
    }
    // What is impaired waits until its problem ends, which only somebody else can bring about.
    if (open.every(({ status }) => status.state === 'impaired')) failures.unhealthy.clear()
    const next = [await world.truth().nextDueMs(), await world.truth().nextLeaseEndMs()]
    const due = Math.min(...next.filter((each) => each !== undefined))
    // A work item that a crash lost is found by the sweep.
    world.clock.advance(due === Infinity ? 1_000 : Math.max(1, due - world.clock.now()))
  }
  const stuck = (await clustersOf(world)).map(({ id, status, change }) => ({ id, status, change }))
  assert.fail(`the clusters did not settle: ${JSON.stringify(stuck)}`)
}

async function check(world: ChangingWorld): Promise<void> {
  const clusters = await clustersOf(world)
  await checkSupply(world, clusters)
  await checkAddresses(world, clusters)
  await checkMoney(world, clusters)
  for (const cluster of clusters) {
    const { id, status, spec, change } = cluster
    assert.equal(change, undefined, `${id} is ${status.state} and has a change`)
    if (status.state !== 'running') continue
    assert.equal(status.observedGeneration, spec.generation, id)
    assert.ok(isThere(spec, await world.observe(id)), `${id} is not what is wanted`)
    assert.deepEqual(
      Object.keys(status.nodes).toSorted(),
      nodesOf(spec.groups)
        .map((node) => node.id)
        .toSorted(),
    )
  }
  for (const { document } of await operationsOf(world))
    assert.notEqual(document.status, 'running', `${document.verb} of ${document.cluster}`)
}

/** Recounted from the specs; one that failed to be made holds none. */
async function checkSupply(world: ChangingWorld, clusters: readonly Cluster[]): Promise<void> {
  const counted = new Map<string, number>()
  for (const { status, spec } of clusters) {
    if (status.state === 'failed' || status.state === 'deleted') continue
    for (const { measure, type, amount } of reservationsOf(spec)) {
      const key = `${measure} ${type}`
      counted.set(key, (counted.get(key) ?? 0) + amount)
    }
  }
  const held = await world.truth().read((tx) => tx.reservations(undefined, 100))
  const taken = held.filter(({ amount }) => amount !== 0)
  assert.deepEqual(
    Object.fromEntries(taken.map(({ measure, type, amount }) => [`${measure} ${type}`, amount])),
    Object.fromEntries(counted),
  )
  const machines = taken.filter(({ measure }) => measure === 'machine')
  assert.ok(machines.reduce((sum, { amount }) => sum + amount, 0) <= MACHINES_MAX)
}

/** Every address is a node's or free. One that failed has its addresses until it is released. */
async function checkAddresses(world: ChangingWorld, clusters: readonly Cluster[]): Promise<void> {
  const living = clusters.filter(({ status }) => status.state !== 'deleted')
  const used = living.flatMap(({ spec }) =>
    nodesOf(spec.groups).map(({ address }) => address ?? ''),
  )
  assert.equal(new Set(used).size, used.length, 'an address has two nodes')
  const all = [...used, ...(await freeAddresses(world))]
  assert.equal(new Set(all).size, all.length, 'an address of a node is free')
  assert.equal(all.length, HOSTS, 'an address is neither free nor of a node')
}

async function freeAddresses(world: ChangingWorld): Promise<readonly string[]> {
  class Undone extends Error {}
  const taken: number[] = []
  const take = world.truth().write(async (tx) => {
    const wanted = { ...POOL, count: HOSTS + 1 }
    const short = await tx.allocateAddresses('x', [wanted])
    assert.ok('free' in short)
    const numbers = await tx.allocateAddresses('x', [{ ...wanted, count: short.free }])
    assert.ok(!('free' in numbers))
    taken.push(...numbers[0]!)
    throw new Undone()
  })
  await assert.rejects(take, Undone)
  return taken.map((number) => [24, 16, 8, 0].map((by) => (number >>> by) & 255).join('.'))
}

async function checkMoney(world: ChangingWorld, clusters: readonly Cluster[]): Promise<void> {
  const { rows } = await world.truth().read((tx) => tx.list('order', listing))
  const orders = rows.map(({ document }) => document)
  const ledger = await world.truth().read((tx) => tx.ledger({ account: 'a', limit: 10_000 }))
  const sum = ledger.reduce((all, { amount }) => all + amount, 0)
  assert.equal(await world.truth().read((tx) => tx.balance('a')), sum)
  const cost = orders.reduce((all, order) => all + costOf(order), 0)
  assert.equal(sum + cost, 0, 'the ledger says what the orders cost')
  for (const cluster of clusters) {
    const own = orders.filter((order) => order.cluster === cluster.id)
    const runs = own.filter((order) => isRunning(cluster, order))
    const { state } = cluster.status
    const billed = state === 'running' || state === 'suspended'
    if (billed)
      assert.deepEqual(
        runs.map(({ id }) => id),
        [cluster.charge.order],
      )
    for (const order of own)
      if (order.kind === 'change' && order.state === 'paid' && order.period === undefined)
        assert.ok(order.usage, `the order ${order.id} is paid and never took effect`)
  }
}

/** The one that is charged, or that its term stands on. */
function isRunning({ charge }: Cluster, { id, state, usage, kind }: Order): boolean {
  if (state !== 'paid') return false
  if (charge.mode === 'prepaid') return kind !== 'change'
  return id === charge.order || usage?.runs === true
}

function costOf(order: Order): number {
  if (order.state === 'refunded') return order.period ? 0 : usedOf(order)
  return order.period ? total(order) : usedOf(order)
}

function usedOf({ usage }: Order): number {
  return (usage?.charged ?? 0) - (usage?.discounted ?? 0)
}
