import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { nodesOf } from '../../../src/domain/cluster/node-group.ts'
import type { Capabilities } from '../../../src/domain/cluster/capability.ts'
import { limits } from '../../../src/limits.ts'
import { manualClock } from '../../../src/kernel/clock.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { simulation } from '../../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../../src/substrate/simulation/world.ts'
import {
  changingCall as call,
  newChangingCluster,
  reservationsOf,
  termsOf,
} from '../../support/fixture/changing-world.ts'
import { smallCore } from '../../support/fixture/core.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'
import { sampleNode } from '../../support/fixture/sample.ts'

const everything = { account: undefined, order: 'oldest', limit: 100, offset: 0 } as const
const MACHINES_MAX = 6

interface Members {
  readonly unmet?: Partial<Capabilities>
  readonly prepaid?: boolean
}

/** A running cluster of a group `a` with one node and a group `b` with two. */
async function running(t: TestContext, { unmet = {}, prepaid = false }: Members = {}) {
  const store = openSqliteStore(`${temporaryDirectory(t)}/emrys.db`)
  t.after(() => store.close())
  const clock = manualClock()
  const progressions = { default: { mode: 'immediate' } } as const
  const simulated = simulation({ clock, world: openWorld(':memory:'), progressions })
  const substrate = {
    ...simulated,
    capabilities: () => ({ ...simulated.capabilities(), ...unmet }),
  }
  const environment = {
    limits: [{ rule: 'stock', measure: 'machine', most: MACHINES_MAX } as const],
  }
  const { app, loop } = smallCore({ store, substrate, clock, environment })
  const nowMs = clock.now()
  const created = await app.create(call, {
    token: undefined,
    parameters: {},
    newCluster: () => newChangingCluster({ number: 0, nodes: 2, prepaid, nowMs }),
  })
  await loop.drain()
  const id = created.cluster
  const now = async () => (await store.read((tx) => tx.findById('cluster', id)))!.document
  const state = () =>
    store.read(async (tx) => ({
      cluster: await tx.findById('cluster', id),
      operations: (await tx.list('operation', everything)).rows,
      orders: (await tx.list('order', everything)).rows,
      reservations: await tx.reservations(undefined, 100),
      ledger: await tx.ledger({ limit: 100 }),
      audit: await tx.audit(undefined, 100),
      dueMs: await store.nextDueMs(),
    }))
  const add = (count: number, token?: string) => ({
    ...(token === undefined ? {} : { key: { token, parameters: { count } } }),
    terms: termsOf(clock.now(), 'o-more'),
    nodes: () => ({
      add: [{ group: `${id}-b`, nodes: nodesNamed(`${id}-b`, count) }],
    }),
  })
  return { app, store, clock, loop, id, now, state, add }
}

function nodesNamed(group: string, count: number) {
  return Array.from({ length: count }, (_, n) => sampleNode(group, 2 + n))
}

test('a change is begun with its spec, addresses, supply, order, operation and work item at once', async (t) => {
  const { app, clock, id, now, state, add, store } = await running(t)
  const was = await now()
  const started = await app.scale(call, id, add(2))
  const { status, spec, change, reservations, charge } = await now()
  assert.equal(status.state, 'changing')
  assert.equal(spec.generation, was.spec.generation + 1)
  const added = nodesOf(spec.groups).slice(3)
  assert.deepEqual(
    added.map(({ id: node, address }) => [node, address]),
    [
      ['c-0-b-2', '10.1.0.5'],
      ['c-0-b-3', '10.1.0.6'],
    ],
  )
  assert.ok(change)
  assert.deepEqual(change.before, was.spec)
  assert.deepEqual([change.operation, change.order], [started.operation, 'o-more'])
  assert.deepEqual(
    [change.startedMs, change.deadlineMs],
    [clock.now(), clock.now() + limits.changeMs],
  )
  assert.deepEqual(change.supply, { before: was.reservations, after: reservationsOf(spec) })
  assert.deepEqual(reservations, reservationsOf(spec))
  assert.equal(charge.order, 'o-0', 'the old price holds until the change is done')
  const { operations, orders, audit, dueMs } = await state()
  const operation = operations.at(-1)?.document
  assert.equal(operation?.id, started.operation)
  assert.deepEqual(
    [operation?.verb, operation?.subject, operation?.status],
    ['scale-out', 'worker', 'running'],
  )
  assert.deepEqual(
    operation?.steps.map(({ name }) => name),
    ['allocate', 'start', 'verify'],
  )
  assert.deepEqual([operation?.flow, operation?.trace], [started.flow, started.trace])
  assert.deepEqual(
    orders.map(({ document }) => [document.id, document.kind, document.state]),
    [
      ['o-0', 'buy', 'paid'],
      ['o-more', 'change', 'paid'],
    ],
  )
  assert.deepEqual([audit[0]?.subject, audit[0]?.action], [id, call.action])
  assert.equal(dueMs, clock.now())
  assert.equal((await store.read((tx) => tx.reservations('a', 9))).length, 2)
})

test('the verbs record what of the cluster they are about', async (t) => {
  const { app, id, loop, state } = await running(t)
  const group = `${id}-b`
  const cluster = { of: 'cluster' } as const
  await app.restart(call, id, { scope: cluster, rolling: false })
  await loop.drain()
  await app.restart(call, id, { scope: { of: 'group', group }, rolling: true })
  await loop.drain()
  await app.resize(call, id, {
    aspect: 'disk-size',
    rolling: false,
    resize: () => ({ scope: { of: 'group', group }, direction: 'up', size: (was) => was }),
    terms: (was) => ({ reservations: was.reservations ?? [] }),
  })
  await loop.drain()
  await app.scale(call, id, {
    terms: (was) => ({ reservations: was.reservations ?? [] }),
    nodes: () => ({ remove: [`${group}-1`] }),
  })
  await loop.drain()
  const { operations, orders } = await state()
  assert.deepEqual(
    operations.slice(1).map(({ document }) => [document.verb, document.subject, document.status]),
    [
      ['restart', 'cluster', 'completed'],
      ['restart', 'group', 'completed'],
      ['resize-up', 'worker.disk-size', 'completed'],
      ['scale-in', 'worker', 'completed'],
    ],
  )
  assert.equal(orders.length, 1, 'what costs the same has no order')
})

test('a grace puts the deadline off by as much', async (t) => {
  const { app, id, clock, now, add } = await running(t)
  await app.scale(call, id, { ...add(1), graceMs: 7_000 })
  const { change } = await now()
  assert.deepEqual(
    [change?.graceMs, change?.deadlineMs],
    [7_000, clock.now() + limits.changeMs + 7_000],
  )
})

test('a second change is refused while one is under way, and nothing of it is kept', async (t) => {
  const { app, id, state, add } = await running(t)
  await app.restart(call, id, { scope: { of: 'cluster' }, rolling: false })
  const before = await state()
  await assert.rejects(app.scale(call, id, add(1)), (problem: unknown) => {
    const { code, facts } = problem as { code: string; facts: { change?: string } }
    assert.deepEqual([code, facts.change], ['ClusterBusy', 'restart'])
    return true
  })
  assert.deepEqual(await state(), before)
})

test('what cannot be changed, had or found is refused, and nothing of it is kept', async (t) => {
  const { app, id, state, add } = await running(t, { unmet: { chosenNodes: false } })
  const before = await state()
  const terms = add(1).terms
  await assert.rejects(app.scale(call, id, { terms, nodes: () => ({ remove: [`${id}-b-0`] }) }), {
    code: 'NotSupported',
  })
  await assert.rejects(app.scale(call, id, { terms, nodes: () => ({ remove: ['none'] }) }), {
    code: 'NodeNotFound',
  })
  await assert.rejects(app.scale(call, id, add(4)), {
    code: 'ResourceShort',
    facts: { what: 'machine', type: '', zone: '', wanted: 4, available: 3 },
  })
  const group = { of: 'group', group: 'none' } as const
  await assert.rejects(app.restart(call, id, { scope: group, rolling: false }), {
    code: 'NodeGroupNotFound',
  })
  await assert.rejects(app.restart(call, 'none', { scope: group, rolling: false }), {
    code: 'ClusterNotFound',
  })
  assert.deepEqual(await state(), before)
})

test('what a caller requires of a cluster is required before anything is begun', async (t) => {
  const { app, id, state } = await running(t)
  const before = await state()
  const require = () => {
    throw new Error('not like this')
  }
  const restart = app.restart(call, id, { scope: { of: 'cluster' }, rolling: false, require })
  await assert.rejects(restart, /not like this/)
  assert.deepEqual(await state(), before)
})

test('the same request under one token begins one change, and is answered the same also when it has ended', async (t) => {
  const { app, id, loop, now, add } = await running(t)
  const first = await app.scale(call, id, add(1, 'token'))
  assert.deepEqual(await app.scale(call, id, add(1, 'token')), first)
  await loop.drain()
  assert.equal((await now()).status.state, 'running')
  assert.deepEqual(await app.scale(call, id, add(1, 'token')), first)
  assert.equal(nodesOf((await now()).spec.groups).length, 4)
})

test('a subscription pays for more nodes with the request', async (t) => {
  const { app, id, state, add } = await running(t, { prepaid: true })
  await app.scale(call, id, add(1))
  const { ledger } = await state()
  const [latest] = ledger
  assert.deepEqual([latest?.order, latest?.kind, latest?.amount], ['o-more', 'charge', -4_000])
})

for (const prepaid of [false, true]) {
  test(`what a change is quoted it is ordered for, and a quote leaves no trace (prepaid: ${prepaid})`, async (t) => {
    const { app, id, state, add } = await running(t, { prepaid })
    const before = await state()
    const { order, current, charge } = await app.quoteChange(call, id, add(1))
    assert.deepEqual([current?.id, charge], ['o-0', prepaid ? 'prepaid' : 'postpaid'])
    // More than there is in stock: a price is no promise.
    assert.equal((await app.quoteChange(call, id, add(4))).order?.id, 'o-more')
    assert.deepEqual(await state(), before)
    await app.scale(call, id, add(1))
    assert.deepEqual((await state()).orders[1]?.document, order)
    await assert.rejects(app.quoteChange(call, id, add(1)), { code: 'ClusterBusy' })
  })
}

test('a check refuses what the change would be refused with, and leaves no trace', async (t) => {
  const { app, id, state, add } = await running(t, { prepaid: true })
  const before = await state()
  await app.checkChange(call, id, add(1))
  await assert.rejects(app.checkChange(call, id, add(4)), { code: 'ResourceShort' })
  await assert.rejects(app.checkChange(call, 'none', add(1)), { code: 'ClusterNotFound' })
  assert.deepEqual(await state(), before)
  await app.scale(call, id, add(1))
  await assert.rejects(app.checkChange(call, id, add(1)), { code: 'ClusterBusy' })
})
