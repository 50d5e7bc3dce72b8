/**
 * Every kind of change, replayed with every call on the store and substrate ports failing in turn, before and after its work.
 * Whoever asked tries again, as clients do; in the end each change is done once or undone once, every process was started as often
 * as it says and no oftener, and the books balance. `npm run test:long` lets each call fail in both ways; else it fails before every
 * other one, and after those between.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessDigest } from '../../src/domain/cluster/access.ts'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import { nodesOf } from '../../src/domain/cluster/node-group.ts'
import { Fault } from '../../src/domain/fault.ts'
import { total, type Order } from '../../src/domain/order.ts'
import { isThere } from '../../src/reconcile/cluster/gap.ts'
import {
  changingCall as call,
  newChangingCluster,
  reservationsOf,
} from '../support/fixture/changing-world.ts'
import { never, type Failure } from '../support/fixture/failing-port.ts'
import {
  again,
  clusterOf,
  failingCore,
  settle,
  type FailingCore,
} from '../support/fixture/failing-core.ts'
import { recount } from '../support/fixture/recount.ts'
import { casesOf, interruptedCases, type ChangeCase } from './change-case.ts'

/** More failing places than any change has. */
const PLACES_MAX = 300
/** Fewer would mean that the failures miss the change. */
const PLACES_MIN = { store: 15, substrate: 2 }
const RELEASE_PLACES_MIN = { store: 25, substrate: 3 }
/** Every change looks through what there was before: after so many rounds it is that of other clusters. */
const ROUNDS_EACH = 4
const STEP = process.env['EMRYS_LONG'] === '1' ? 1 : 2
const charges = ['prepaid', 'postpaid'] as const
/** No client of a cloud can send a token with these. */
const tokenless: readonly string[] = ['restart', 'set-password', 'switch-zone', 'upgrade']
const newest = { account: call.principal.account, order: 'newest', limit: 1, offset: 0 } as const

for (const port of ['store', 'substrate'] as const)
  for (const when of ['before', 'after'] as const) {
    test(`each kind of change survives a failure ${when} any call on the ${port}`, async (t) => {
      const core = failingCore(t, port)
      const counter = { next: 0 }
      let ids: readonly string[] = []
      const places = new Map<string, number>()
      const first = firstPlace(when)
      for (let nth = first, left = 1, round = 0; left > 0; nth += STEP, round++) {
        assert.ok(nth < PLACES_MAX, 'there is no end of places')
        left = 0
        if (round % ROUNDS_EACH === 0) {
          for (const id of ids) await release(core, id)
          ids = await createEach(core, counter)
        }
        for (const [at, charge] of charges.entries())
          for (const it of casesOf[charge]) {
            const name = `${charge}: ${it.name}`
            // A change whose last place was reached is carried out all the same: the next ones begin where it ends.
            const over = nth > first && places.get(name) !== nth - STEP
            const failure = over ? never : { nth, when }
            if (!(await change(core, { it, id: ids[at]!, number: counter.next++, failure })))
              continue
            places.set(name, nth)
            left++
          }
        await recount(core.truth, core.file)
      }
      t.diagnostic(JSON.stringify(Object.fromEntries(places)))
      for (const charge of charges)
        for (const { name } of casesOf[charge])
          assert.ok((places.get(`${charge}: ${name}`) ?? 0) >= PLACES_MIN[port], name)
      for (const id of ids) await release(core, id)
      await nothingIsLeft(core)
    })

    test(`a release during a change survives a failure ${when} any call on the ${port}`, async (t) => {
      const core = failingCore(t, port)
      const counter = { next: 0 }
      for (const it of interruptedCases) {
        const places = await countPlaces(firstPlace(when), (nth) =>
          releaseDuringChange(core, { it, number: counter.next++, failure: { nth, when } }),
        )
        t.diagnostic(`${it.name}: there are ${places} places`)
        assert.ok(places >= RELEASE_PLACES_MIN[port], `only ${places} places were reached`)
      }
    })
  }

/** The other way of failing has the places between. */
function firstPlace(when: Failure['when']): number {
  return when === 'before' ? 1 : STEP
}

/** Runs it with one place after the other until one was not reached. */
async function countPlaces(first: number, run: (nth: number) => Promise<boolean>): Promise<number> {
  for (let nth = first; nth < PLACES_MAX; nth += STEP) if (!(await run(nth))) return nth - 1
  return assert.fail('there is no end of places')
}

interface Creation {
  readonly number: number
  /** Of the group `b`. */
  readonly nodes: number
  readonly charge: Cluster['charge']['mode']
}

async function create(core: FailingCore, { number, nodes, charge }: Creation): Promise<string> {
  const nowMs = core.clock.now()
  const prepaid = charge === 'prepaid'
  const newCluster = () => newChangingCluster({ number, nodes, prepaid, nowMs })
  const { cluster } = await core.app.create(call, { token: undefined, parameters: {}, newCluster })
  assert.equal((await settle(core, cluster, 'before any failure')).status.state, 'running')
  return cluster
}

/** One of each charge. */
async function createEach(core: FailingCore, counter: { next: number }): Promise<string[]> {
  const ids: string[] = []
  for (const charge of charges)
    ids.push(await create(core, { number: counter.next++, nodes: 1, charge }))
  return ids
}

interface Attempt {
  readonly it: ChangeCase
  readonly id: string
  readonly number: number
  readonly failure: Failure
}

/** Whether the failing call was reached. */
async function change(core: FailingCore, attempt: Attempt): Promise<boolean> {
  const { it, id, number, failure } = attempt
  const where = `${failure.when} call ${failure.nth} of ${it.name} of ${id}`
  const before = await stateOf(core, id)
  core.problem = it.problem ?? (() => false)
  core.arm(failure)
  // Whoever is refused because of the change that the first try began knows that it was taken.
  await again(() => it.request({ core, id, number })).catch((problem: unknown) => {
    if (!(problem instanceof Fault) || problem.code !== 'ClusterBusy') throw problem
    assert.ok(tokenless.includes(it.verb), `${where}: it has a token`)
  })
  await settle(core, id, where)
  const struck = core.struck()
  core.arm(never)
  core.problem = () => false
  const after = await stateOf(core, id)
  checkCluster(attempt, { before, after, where })
  checkStarts(attempt, { before, after, where })
  await checkHistory(core, attempt, { before, after, where })
  if (it.bought) await checkOrder(core, attempt, where)
  else assert.equal(after.orders, before.orders, where)
  assert.ok(isThere(after.cluster.spec, await core.observe(id)), `${where}: the world differs`)
  const { access } = core.world.find(id) ?? {}
  assert.equal(access?.digest ?? '', accessDigest(after.cluster.spec.access), where)
  return struck
}

interface State {
  readonly cluster: Cluster
  /** By node, how often its process was started. */
  readonly starts: ReadonlyMap<string, number>
  readonly operations: number
  readonly orders: number
}

async function stateOf(core: FailingCore, id: string): Promise<State> {
  const groups = core.world.find(id)?.groups ?? []
  const listing = { ...newest, parent: id }
  return core.truth.read(async (tx) => ({
    cluster: await clusterOf(core, id),
    starts: new Map(groups.flatMap((group) => group.nodes.map((each) => [each.id, each.starts]))),
    operations: (await tx.list('operation', listing)).total,
    orders: (await tx.list('order', listing)).total,
  }))
}

interface Comparison {
  readonly before: State
  readonly after: State
  readonly where: string
}

function checkCluster({ it, number }: Attempt, { before, after, where }: Comparison): void {
  const [was, now] = [before.cluster, after.cluster]
  const [groupB, next] = [was.spec.groups[1]!, now.spec.groups[1]!]
  assert.equal(now.status.state, 'running', where)
  assert.equal(now.change, undefined, where)
  assert.equal(next.nodes.length, groupB.nodes.length + (it.nodes ?? 0), where)
  assert.equal(next.cpu, it.cpu ?? groupB.cpu, where)
  assert.equal(now.spec.groups.length, was.spec.groups.length + (it.groups ?? 0), where)
  const isRestarted = it.verb === 'restart' || it.verb === 'switch-zone' || it.version !== undefined
  const restarts = isRestarted ? 1 : 0
  const version = it.version === undefined ? was.spec.software.version : `${it.version}.${number}`
  assert.equal(now.spec.software.version, version, where)
  for (const [at, { nodes }] of now.spec.groups.entries())
    for (const node of nodes) {
      const earlier = was.spec.groups[at]?.nodes.find(({ id }) => id === node.id)
      if (earlier) assert.equal(node.restarts, earlier.restarts + restarts, where)
    }
  const settings = now.spec.configuration.map(({ properties }) => properties['number'])
  const settingsBefore = was.spec.configuration.map(({ properties }) => properties['number'])
  assert.deepEqual(settings, it.verb === 'configure' ? [String(number)] : settingsBefore, where)
  const isAdded = it.verb === 'change-gateway' && !it.problem
  const gateways = now.spec.access?.gateways.map(({ id }) => id)
  const gatewaysBefore = was.spec.access?.gateways.map(({ id }) => id)
  assert.deepEqual(gateways, isAdded ? [`g-${number}`] : gatewaysBefore, where)
  assert.deepEqual(now.reservations, reservationsOf(now.spec), where)
  const raised = it.problem ? 2 : 1
  assert.equal(now.spec.generation, was.spec.generation + raised, where)
  assert.equal(now.status.observedGeneration, now.spec.generation, where)
  assert.deepEqual(
    Object.keys(now.status.nodes).toSorted(),
    nodesOf(now.spec.groups)
      .map(({ id }) => id)
      .toSorted(),
    where,
  )
}

function checkStarts({ it, id }: Attempt, { before, after, where }: Comparison): void {
  for (const [node, starts] of after.starts) {
    const earlier = before.starts.get(node)
    const group = node.startsWith(`${id}-a`) ? 'a' : 'b'
    // A node that is new was started once.
    const expected = earlier === undefined ? 1 : earlier + it.starts[group]
    assert.equal(starts, expected, `${where}: starts of ${node}`)
  }
}

async function checkHistory(
  { truth }: FailingCore,
  { it, id }: Attempt,
  { before, after, where }: Comparison,
): Promise<void> {
  assert.equal(after.operations, before.operations + 1, where)
  const { rows } = await truth.read((tx) => tx.list('operation', { ...newest, parent: id }))
  const { verb, status, steps } = rows[0]!.document
  assert.equal(verb, it.verb, where)
  assert.equal(status, it.problem ? 'failed' : 'completed', where)
  if (!it.problem)
    assert.ok(
      steps.every((step) => step.status === 'completed'),
      where,
    )
}

/** Bought once, in force or refunded. */
async function checkOrder(core: FailingCore, attempt: Attempt, where: string): Promise<void> {
  const { it, id, number } = attempt
  const { charge } = await clusterOf(core, id)
  const order = await orderOf(core, `o-${number}`)
  assert.equal(order.state, it.problem ? 'refunded' : 'paid', where)
  const paid = await paidFor(core, order.id)
  if (charge.mode === 'prepaid') {
    assert.equal(paid, it.problem ? 0 : -total(order), where)
    return
  }
  // Its first hour may have ended meanwhile.
  assert.equal(paid + (order.usage?.charged ?? 0), 0, where)
  assert.equal(charge.order === order.id, !it.problem, where)
  assert.equal(order.usage?.runs, it.problem ? undefined : true, where)
  const { rows } = await core.truth.read((tx) =>
    tx.list('order', { ...newest, parent: id, limit: 1000 }),
  )
  const running = rows.filter(({ document: { usage } }) => usage?.runs === true)
  assert.ok(running.length <= 1, `${where}: ${running.length} orders are charged`)
}

async function orderOf({ truth }: FailingCore, id: string): Promise<Order> {
  const found = await truth.read((tx) => tx.findById('order', id))
  assert.ok(found, `the order ${id} is lost`)
  return found.document
}

async function paidFor({ truth }: FailingCore, order: string): Promise<number> {
  const entries = await truth.read((tx) => tx.ledger({ order, limit: 100 }))
  return entries.reduce((sum, { amount }) => sum + amount, 0)
}

/** Whether the failing call was reached. */
async function releaseDuringChange(
  core: FailingCore,
  { it, number, failure }: Omit<Attempt, 'id'>,
): Promise<boolean> {
  const where = `${failure.when} call ${failure.nth} of a release during ${it.name}`
  const charge = number % 2 === 0 ? 'prepaid' : 'postpaid'
  const id = await create(core, { number, nodes: 2, charge })
  const started = await it.request({ core, id, number: 10_000 + number })
  await core.loop.drain()
  assert.equal((await clusterOf(core, id)).status.state, 'changing')
  core.arm(failure)
  await again(() => core.app.release(call, id).catch(ignoreGone))
  const { status } = await settle(core, id, where)
  const struck = core.struck()
  core.arm(never)
  assert.equal(status.state, 'deleted', where)
  assert.equal(core.world.find(id), undefined, where)
  const { rows } = await core.truth.read((tx) =>
    tx.list('operation', { ...newest, parent: id, limit: 10 }),
  )
  assert.deepEqual(
    rows.map(({ document }) => `${document.verb} ${document.status}`),
    ['delete completed', `${it.verb} failed`, 'create completed'],
    where,
  )
  assert.equal((await orderOf(core, started.order ?? '')).state, 'refunded', where)
  assert.equal(await paidFor(core, started.order ?? ''), 0, where)
  await recount(core.truth, core.file)
  return struck
}

/** The first try may have been carried out although it was not answered. */
function ignoreGone(problem: unknown): void {
  if (!(problem instanceof Fault) || problem.code !== 'ClusterNotFound') throw problem
}

async function release(core: FailingCore, id: string): Promise<void> {
  await core.app.release(call, id)
  await settle(core, id, 'in the end')
}

async function nothingIsLeft(core: FailingCore): Promise<void> {
  assert.deepEqual(core.world.all(), [])
  await recount(core.truth, core.file)
  assert.equal(await core.loop.sweep(), 0)
}
