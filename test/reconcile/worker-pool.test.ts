import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { manualClock, systemClock, type MovableClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { random } from '../../src/kernel/random.ts'
import { limits } from '../../src/limits.ts'
import type { Completion, Outcome } from '../../src/reconcile/cluster/step.ts'
import { reconcileLoop, type Loop } from '../../src/reconcile/loop.ts'
import type { Store } from '../../src/store/port.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

type Reconcile = (id: string, complete: Completion) => Promise<Outcome>

const done: Outcome = { done: true }

function storeIn(t: TestContext): Store {
  const store = openSqliteStore(join(temporaryDirectory(t), 'emrys.db'))
  t.after(() => store.close())
  return store
}

function loopOver(store: Store, clock: MovableClock, reconcile: Reconcile): Loop {
  const reconcilers = [{ kind: 'cluster' as const, reconcile }]
  return reconcileLoop({ store, clock, random: random('s'), log: silentLogger(), reconcilers })
}

function setUp(t: TestContext, reconcile: Reconcile) {
  const store = storeIn(t)
  const clock = manualClock(1000)
  return { store, clock, loop: loopOver(store, clock, reconcile) }
}

function enqueue(store: Store, ids: readonly string[], dueMs = 0): Promise<void> {
  return store.write(async (tx) => {
    for (const id of ids) await tx.enqueue('cluster', id, dueMs)
  })
}

function named(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}-${at}`)
}

/** Turns of the event loop until something is so; each lets one batch of writes commit. */
async function until(what: string, so: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + 10_000
  while (!(await so())) {
    if (performance.now() > deadlineMs) throw new Error(`it never came to pass that ${what}`)
    await turn()
  }
}

test('a slow step delays nobody else', async (t) => {
  const gate = Promise.withResolvers<void>()
  const seen = new Set<string>()
  const { store, loop } = setUp(t, async (id) => {
    if (id === 'slow') await gate.promise
    seen.add(id)
    return done
  })
  await enqueue(store, ['slow'])
  const others = named('c', 200)
  await enqueue(store, others, 1)
  const drained = loop.drain()
  await until('all others are seen', () => seen.size === 200)
  // Only the slow one's is left to end: none is free, one is leased.
  await until('all others are completed', async () => (await leased(store)) === 1)
  assert.equal(await store.nextDueMs(), undefined)
  assert.ok(!seen.has('slow'))
  gate.resolve()
  await drained
  assert.deepEqual([seen.has('slow'), loop.counts().reconciled, loop.counts().lost], [true, 201, 0])
  assert.equal(await leased(store), 0)
})

test('no more steps are under way than there are workers, and one that ends makes room for one', async (t) => {
  const gates = new Map<string, () => void>()
  let most = 0
  const { store, loop } = setUp(t, async (id) => {
    const gate = Promise.withResolvers<void>()
    gates.set(id, gate.resolve)
    most = Math.max(most, gates.size)
    await gate.promise
    gates.delete(id)
    return done
  })
  const workers = limits.reconcileAtOnce
  await enqueue(store, named('c', workers + 3))
  const drained = loop.drain()
  await until('every worker has one', () => gates.size === workers)
  for (let left = 3; left > 0; left--) {
    const [first] = gates.values()
    first!()
    const reconciled = workers + 4 - left
    await until('the next has begun', () => loop.counts().reconciled === reconciled)
    assert.ok(gates.size <= workers)
  }
  while (gates.size > 0) {
    for (const open of gates.values()) open()
    await turn()
  }
  await drained
  assert.deepEqual([most, loop.counts().reconciled], [workers, workers + 3])
})

test('the longest overdue comes first, however much is due', async (t) => {
  const workers = limits.reconcileAtOnce
  const seen: string[] = []
  const gate = Promise.withResolvers<void>()
  const { store, loop } = setUp(t, async (id) => {
    // All workers but one are taken by steps that do not end.
    if (id.startsWith('slow')) await gate.promise
    else seen.push(id)
    return done
  })
  await enqueue(store, named('slow', workers - 1))
  for (const [at, id] of ['late', 'later', 'latest'].entries()) await enqueue(store, [id], 20 + at)
  await enqueue(store, ['early'], 10)
  const drained = loop.drain()
  await until('the one worker took all', () => seen.length === 4)
  assert.deepEqual(seen, ['early', 'late', 'later', 'latest'])
  gate.resolve()
  await drained
})

test('a failing item backs off alone', async (t) => {
  const seen = new Map<string, number>()
  const { store, clock, loop } = setUp(t, async (id) => {
    seen.set(id, (seen.get(id) ?? 0) + 1)
    if (id === 'bad') throw new Error('no')
    return { done: false, againInMs: 1000 }
  })
  await enqueue(store, ['bad', ...named('c', 5)])
  for (let n = 0; n < 10; n++) {
    await loop.drain()
    clock.advance(1000)
  }
  for (const id of named('c', 5)) assert.equal(seen.get(id), 10)
  assert.ok(seen.get('bad')! > 2 && seen.get('bad')! < 10, String(seen.get('bad')))
  assert.equal(loop.counts().failed, seen.get('bad'))
})

test('steps that end in the same turn share one commit', async (t) => {
  const { store, loop } = setUp(t, async () => ({ done: false, againInMs: 500 }))
  await enqueue(store, named('c', 50))
  let commits = 0
  store.onEnqueue(() => commits++)
  await loop.drain()
  assert.deepEqual([commits, loop.counts().reconciled], [1, 50])
})

test('the outcome of a step whose lease was lost is thrown away: the new holder decides', async (t) => {
  const store = storeIn(t)
  const clock = manualClock(1000)
  const gate = Promise.withResolvers<void>()
  const slow = loopOver(store, clock, async () => {
    await gate.promise
    return { done: false, againInMs: 1 }
  })
  const other = loopOver(store, clock, async () => ({ done: false, againInMs: 77_000 }))
  await enqueue(store, ['c-1'])
  const drained = slow.drain()
  await until('it is leased', async () => (await leased(store)) === 1)
  await other.drain()
  assert.equal(other.counts().reconciled, 0)
  clock.advance(limits.leaseMs)
  await other.drain()
  const decidedMs = clock.now() + 77_000
  assert.equal(await store.nextDueMs(), decidedMs)
  gate.resolve()
  await drained
  assert.equal(await store.nextDueMs(), decidedMs)
  assert.deepEqual([slow.counts().lost, slow.counts().failed, other.counts().lost], [1, 0, 0])
})

test('a step that takes longer than its lease is not taken twice, and what was enqueued meanwhile is not lost', async (t) => {
  const gate = Promise.withResolvers<void>()
  let calls = 0
  const { store, clock, loop } = setUp(t, async () => {
    if (++calls === 1) await gate.promise
    return done
  })
  await enqueue(store, ['c-1'])
  const drained = loop.drain()
  await until('it is under way', () => calls === 1)
  await enqueue(store, ['c-1'])
  for (let n = 0; n < 3; n++) {
    const before = await store.nextLeaseEndMs()
    clock.advance(limits.leaseMs)
    void loop.drain()
    await until('it has a new lease', async () => (await store.nextLeaseEndMs())! > before!)
  }
  assert.equal(calls, 1)
  gate.resolve()
  await drained
  assert.deepEqual([calls, loop.counts().lost], [2, 0])
  assert.deepEqual([await store.nextDueMs(), await leased(store)], [undefined, 0])
})

test('no wake-up is lost, whenever work is enqueued', async (t) => {
  const store = storeIn(t)
  const ids = named('c', 100)
  const enqueued = new Set<string>()
  const begun = new Set<string>()
  let steps = 0
  const loop = loopOver(store, systemClock(), async (id) => {
    begun.add(id)
    for (let n = steps++ % 4; n > 0; n--) await turn()
    return done
  })
  loop.start()
  t.after(() => loop.stop())
  const draw = random('enqueue')
  for (let n = 0; n < 600; n++) {
    const id = ids[Math.floor(draw.fraction() * ids.length)]!
    enqueued.add(id)
    const written = enqueue(store, [id])
    if (draw.fraction() < 0.3) await written
    if (draw.fraction() < 0.2) await turn()
  }
  // Far sooner than the sweep comes round.
  await until('nothing is left to do', async () => {
    const left = (await store.nextDueMs()) !== undefined || (await leased(store)) > 0
    return !left && enqueued.size === begun.size
  })
  assert.deepEqual([loop.counts().lost, loop.counts().failed, loop.counts().swept], [0, 0, 0])
})

test('what a step completes with its own record is not written again', async (t) => {
  let commits = 0
  const { store, loop } = setUp(t, async (_id, complete) => {
    commits++
    return { done: true, settled: await store.write((tx) => complete(tx)) }
  })
  const { write } = store
  store.write = (work) => {
    commits++
    return write(work)
  }
  await enqueue(store, ['c-1'])
  commits = 0
  await loop.drain()
  // One step, its lease and its record.
  assert.deepEqual([commits, await leased(store), loop.counts().lost], [3, 0, 0])
  assert.equal(await store.nextDueMs(), undefined)
})

test('what is leased again before the step that had completed it is over takes another step', async (t) => {
  const gate = Promise.withResolvers<void>()
  let steps = 0
  const { store, loop } = setUp(t, async (_id, complete) => {
    const settled = await store.write((tx) => complete(tx))
    if (++steps === 1) await gate.promise
    return { done: true, settled }
  })
  await enqueue(store, ['c-1'])
  const drained = loop.drain()
  await until('it is completed', () => steps === 1)
  await enqueue(store, ['c-1'])
  void loop.drain()
  await until('it is leased again', async () => (await leased(store)) === 1)
  gate.resolve()
  await drained
  assert.deepEqual([steps, await leased(store), loop.counts().lost], [2, 0, 0])
  assert.equal(await store.nextDueMs(), undefined)
})

test('a loop that is stopped lets its steps end and begins no more, until it is started again', async (t) => {
  const gate = Promise.withResolvers<void>()
  const seen: string[] = []
  const store = storeIn(t)
  const loop = loopOver(store, systemClock(), async (id) => {
    seen.push(id)
    await gate.promise
    return done
  })
  await enqueue(store, ['c-1'])
  loop.start()
  await until('it is under way', () => seen.length === 1)
  let stopped = false
  const stopping = loop.stop().then(() => (stopped = true))
  await enqueue(store, ['c-2'])
  await turn()
  assert.equal(stopped, false)
  gate.resolve()
  await stopping
  await loop.drain()
  assert.deepEqual(seen, ['c-1'])
  assert.equal(await leased(store), 0)
  loop.start()
  t.after(() => loop.stop())
  await until('the other is seen', () => seen.length === 2)
  assert.deepEqual(seen, ['c-1', 'c-2'])
})

test('when an outcome cannot be written, draining fails, and the item comes back when its lease ends', async (t) => {
  const truth = storeIn(t)
  let writes = 0
  // The first write leases, the second settles.
  const store: Store = {
    ...truth,
    write: (work) =>
      ++writes === 2 ? Promise.reject(new Error('the disk is full')) : truth.write(work),
  }
  const clock = manualClock(1000)
  let calls = 0
  const loop = loopOver(store, clock, async () => (calls++, done))
  await enqueue(truth, ['c-1'])
  await assert.rejects(loop.drain(), /the disk is full/)
  await loop.drain()
  assert.equal(calls, 1)
  clock.advance(limits.leaseMs)
  await loop.drain()
  assert.deepEqual([calls, await leased(truth), await truth.nextDueMs()], [2, 0, undefined])
})

test('a loop stops, also when the store fails under its last step', async (t) => {
  const truth = storeIn(t)
  const gate = Promise.withResolvers<void>()
  let isBroken = false
  const store: Store = {
    ...truth,
    write: (work) =>
      isBroken ? Promise.reject(new Error('the database is away')) : truth.write(work),
  }
  let calls = 0
  const loop = loopOver(store, systemClock(), async () => {
    calls++
    await gate.promise
    return done
  })
  await enqueue(truth, ['c-1'])
  loop.start()
  await until('it is under way', () => calls === 1)
  isBroken = true
  const stopping = loop.stop()
  gate.resolve()
  await stopping
  assert.equal(calls, 1)
})

/** How many items are leased: a copy of them all is taken under leases that end at once, in a unit of work that is undone. */
async function leased(store: Store): Promise<number> {
  const undone = new Error('undone')
  const endless = { nowMs: Number.MAX_SAFE_INTEGER, leaseMs: 1, limit: 10_000 }
  let count = 0
  const unit = store.write(async (tx) => {
    const free = await tx.lease({ ...endless, wallMs: 0 })
    const all = await tx.lease({ ...endless, wallMs: Number.MAX_SAFE_INTEGER })
    count = all.length - free.length
    throw undone
  })
  await assert.rejects(unit, undone)
  return count
}
