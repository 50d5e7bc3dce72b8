import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { manualClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { random } from '../../src/kernel/random.ts'
import type { Outcome } from '../../src/reconcile/cluster/step.ts'
import { reconcileLoop } from '../../src/reconcile/loop.ts'
import { limits } from '../../src/limits.ts'
import { Conflict } from '../../src/store/port.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { sampleCluster } from '../support/fixture/sample.ts'

function setUp(t: TestContext, reconcile: (id: string) => Promise<Outcome>) {
  const store = openSqliteStore(join(temporaryDirectory(t), 'emrys.db'))
  t.after(() => store.close())
  const clock = manualClock(1000)
  const reconcilers = [{ kind: 'cluster' as const, reconcile }]
  const loop = reconcileLoop({
    store,
    clock,
    random: random('s'),
    log: silentLogger(),
    reconcilers,
  })
  return {
    store,
    clock,
    loop,
    enqueue: (id: string, dueMs = 0) => store.write((tx) => tx.enqueue('cluster', id, dueMs)),
  }
}

/** The test's own time limit is its end. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await nextTurn()
}

test('a work item is reconciled once and is gone when it is done', async (t) => {
  const seen: string[] = []
  const { loop, enqueue, store } = setUp(t, async (id) => (seen.push(id), { done: true }))
  await enqueue('c-1')
  await loop.drain()
  await loop.drain()
  assert.deepEqual(seen, ['c-1'])
  assert.equal(await store.nextDueMs(), undefined)
})

test('work that is not done comes back at its time', async (t) => {
  const outcomes: Outcome[] = [{ done: false, againInMs: 500 }, { done: true }]
  let calls = 0
  const { loop, enqueue, clock } = setUp(t, async () => outcomes[calls++]!)
  await enqueue('c-1')
  await loop.drain()
  assert.equal(calls, 1)
  clock.advance(500)
  await loop.drain()
  assert.equal(calls, 2)
})

test('how long a step took does not put off the moment that it named', async (t) => {
  const { loop, enqueue, clock, store } = setUp(t, async () => {
    const againAtMs = clock.now() + 500
    clock.advance(40)
    return { done: false, againAtMs }
  })
  const begunMs = clock.now()
  await enqueue('c-1')
  await loop.drain()
  assert.equal(await store.nextDueMs(), begunMs + 500)
})

test('a failing item is put off further each time and does not hold up the others', async (t) => {
  const seen: string[] = []
  const { loop, enqueue, store, clock } = setUp(t, async (id) => {
    seen.push(id)
    if (id === 'c-bad') throw new Error('no')
    return { done: true }
  })
  await enqueue('c-bad')
  await enqueue('c-good')
  await loop.drain()
  assert.deepEqual(seen.toSorted(), ['c-bad', 'c-good'])
  const waits: number[] = []
  for (let n = 0; n < 6; n++) {
    const due = (await store.nextDueMs())!
    waits.push(due - clock.now())
    clock.advance(due - clock.now())
    await loop.drain()
  }
  assert.ok(waits[0]! >= 100 && waits[0]! <= 200, String(waits))
  assert.ok(waits[5]! > waits[0]! * 8, String(waits))
  assert.equal(loop.counts().failed, 7)
})

test('a conflict is looked at again at once and counts as no failure', async (t) => {
  let calls = 0
  const { loop, enqueue } = setUp(t, async () => {
    if (++calls === 1) throw new Conflict('changed meanwhile')
    return { done: true }
  })
  await enqueue('c-1')
  await loop.drain()
  assert.deepEqual([calls, loop.counts().failed], [2, 0])
})

test('work enqueued while its step is under way is not lost', async (t) => {
  let calls = 0
  const { loop, enqueue } = setUp(t, async (id) => {
    if (++calls === 1) await enqueue(id)
    return { done: true }
  })
  await enqueue('c-1')
  await loop.drain()
  assert.equal(calls, 2)
})

test('workers that rest take new work at once; while a step is under way it is gathered', async (t) => {
  const seen: string[] = []
  const held = Promise.withResolvers<void>()
  const { loop, enqueue, store, clock } = setUp(t, async (id) => {
    seen.push(id)
    if (id === 'c-held') await held.promise
    return { done: true }
  })
  loop.start()
  for (const id of ['c-1', 'c-2', 'c-held']) {
    await enqueue(id)
    clock.advance(0)
    await until(async () => seen.includes(id))
    if (id !== 'c-held') await until(async () => (await store.nextLeaseEndMs()) === undefined)
  }
  await enqueue('c-3')
  clock.advance(limits.gatherMs - 1)
  for (let turn = 0; turn < 10; turn++) await store.write((tx) => tx.count('turn'))
  assert.deepEqual(seen, ['c-1', 'c-2', 'c-held'])
  clock.advance(1)
  await until(async () => seen.includes('c-3'))
  held.resolve()
  await loop.stop()
})

test('the sweep finds work that no work item stands for, and counts it', async (t) => {
  const seen: string[] = []
  const { loop, store } = setUp(t, async (id) => (seen.push(id), { done: true }))
  await store.write((tx) =>
    tx.insert('cluster', sampleCluster({ id: 'c-lost', status: { state: 'creating' } }), 0),
  )
  assert.equal(await loop.sweep(), 1)
  await loop.drain()
  assert.deepEqual([seen, loop.counts().swept], [['c-lost'], 1])
})
