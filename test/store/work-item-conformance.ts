/** What every store owes for work items: leases, fencing, and what is announced. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Store, Writer } from '../../src/store/port.ts'
import { sampleCluster } from '../support/fixture/sample.ts'

export function workItemConformance(name: string, open: (t: TestContext) => Promise<Store>): void {
  const suite = (sentence: string, run: (store: Store) => Promise<void>) =>
    test(`${name}: ${sentence}`, async (t) => run(await open(t)))

  suite('an item is leased by one, and can be leased again when the lease ends', async (store) => {
    await store.write((tx) => tx.enqueue('cluster', 'c-1', 100))
    assert.equal(await store.nextDueMs(), 100)
    assert.deepEqual(await lease(store, 99, 0), [])
    assert.equal((await lease(store, 100, 0)).length, 1)
    assert.equal((await lease(store, 100, 49)).length, 0)
    assert.equal(await store.nextDueMs(), undefined)
    assert.equal(await store.nextLeaseEndMs(), 50)
    assert.equal((await lease(store, 100, 50)).length, 1)
  })

  suite('leases that ended are not looked for where it is known that none did', async (store) => {
    await store.write((tx) => tx.enqueue('cluster', 'c-1', 0))
    assert.equal((await lease(store, 0, 0)).length, 1)
    const request = { nowMs: 0, wallMs: 50, leaseMs: 50, limit: 9 }
    const unasked = await store.write((tx) => tx.lease({ ...request, noneEnded: true }))
    assert.deepEqual(unasked, [])
    assert.equal((await store.write((tx) => tx.lease(request))).length, 1)
  })

  suite('no service time ends a lease, and no machine time makes work due', async (store) => {
    await store.write((tx) => tx.enqueue('cluster', 'c-1', 100))
    assert.deepEqual(await lease(store, 99, 1_000_000), [])
    const [item] = await lease(store, 100, 0)
    assert.deepEqual(await lease(store, 1_000_000, 0), [])
    assert.equal(await store.write((tx) => tx.complete(item!)), true)
    assert.equal(await store.nextLeaseEndMs(), undefined)
  })

  suite('the longest overdue is leased first, and no more than was requested', async (store) => {
    await store.write(async (tx) => {
      for (const [id, dueMs] of [
        ['c-1', 3],
        ['c-2', 1],
        ['c-3', 2],
      ] as const)
        await tx.enqueue('cluster', id, dueMs)
    })
    const ids = async (limit: number) => (await lease(store, 9, 0, limit)).map(({ id }) => id)
    assert.deepEqual(await ids(2), ['c-2', 'c-3'])
    assert.deepEqual(await ids(2), ['c-1'])
  })

  suite('an item enqueued again while leased survives its completion', async (store) => {
    await store.write((tx) => tx.enqueue('cluster', 'c-1', 0))
    const [item] = await lease(store, 0, 0)
    await store.write((tx) => tx.enqueue('cluster', 'c-1', 0))
    assert.equal(await store.write((tx) => tx.complete(item!)), true)
    const again = await lease(store, 1, 0)
    assert.equal(again.length, 1)
    assert.equal(await store.write((tx) => tx.complete(again[0]!)), true)
    assert.equal(await store.nextDueMs(), undefined)
    assert.equal(await store.nextLeaseEndMs(), undefined)
  })

  suite(
    'an item enqueued again while leased keeps its new time when it is requeued',
    async (store) => {
      await store.write((tx) => tx.enqueue('cluster', 'c-1', 0))
      const [item] = await lease(store, 0, 0)
      await store.write((tx) => tx.enqueue('cluster', 'c-1', 7))
      assert.equal(await store.write((tx) => tx.requeue(item!, 500, true)), true)
      assert.equal(await store.nextDueMs(), 7)
      assert.equal((await lease(store, 7, 0))[0]?.attempt, 0)
    },
  )

  suite('a requeued item comes back at its time and counts its failures', async (store) => {
    await store.write((tx) => tx.enqueue('cluster', 'c-1', 0))
    const [first] = await lease(store, 0, 0)
    assert.equal(await store.write((tx) => tx.requeue(first!, 500, true)), true)
    assert.equal(await store.nextDueMs(), 500)
    const [second] = await lease(store, 500, 0)
    assert.equal(second?.attempt, 1)
    await store.write((tx) => tx.requeue(second, 600, false))
    const [third] = await lease(store, 600, 0)
    assert.equal(third?.attempt, 0)
  })

  suite('two leases have different tokens', async (store) => {
    await store.write(async (tx) => {
      for (const id of ['c-1', 'c-2']) await tx.enqueue('cluster', id, 0)
    })
    const tokens: number[] = []
    for (const wallMs of [0, 50, 100])
      tokens.push(...(await lease(store, 0, wallMs)).map(({ token }) => token))
    assert.equal(tokens.length, 6)
    assert.equal(new Set(tokens).size, 6)
    assert.ok(tokens.every((token) => Number.isSafeInteger(token) && token > 0))
  })

  suite('a stale holder completes nothing and requeues nothing', async (store) => {
    await store.write((tx) => tx.enqueue('cluster', 'c-1', 0))
    const [stale] = await lease(store, 0, 0)
    const [holder] = await lease(store, 0, 50)
    assert.equal(await store.write((tx) => tx.complete(stale!)), false)
    assert.equal(await store.write((tx) => tx.requeue(stale!, 999, true)), false)
    assert.equal(await store.nextLeaseEndMs(), 100)
    assert.equal(await store.nextDueMs(), undefined)
    assert.equal(await store.write((tx) => tx.requeue(holder!, 200, false)), true)
    assert.equal(await store.write((tx) => tx.complete(stale!)), false)
    assert.equal(await store.write((tx) => tx.complete(holder!)), false)
    assert.equal(await store.nextDueMs(), 200)
    const [last] = await lease(store, 200, 60)
    assert.equal(last?.attempt, 0)
    assert.equal(await store.write((tx) => tx.complete(last)), true)
    assert.equal(await store.write((tx) => tx.complete(last)), false)
    await store.write((tx) => tx.enqueue('cluster', 'c-1', 300))
    assert.equal(await store.write((tx) => tx.complete(last)), false)
    assert.equal(await store.nextDueMs(), 300)
  })

  suite('what a unit that throws did to items and leases is undone', async (store) => {
    const undone = async (work: (tx: Writer) => Promise<unknown>) => {
      const others = ['a', 'b'].map((id) => store.write((tx) => tx.enqueue('order', id, 900)))
      const throwing = store.write(async (tx) => {
        await work(tx)
        throw new Error('undone')
      })
      await assert.rejects(throwing, /undone/)
      await Promise.all(others)
    }
    await store.write((tx) => tx.enqueue('cluster', 'c-1', 0))
    await undone((tx) => tx.lease({ nowMs: 0, wallMs: 0, leaseMs: 50, limit: 9 }))
    assert.equal(await store.nextLeaseEndMs(), undefined)
    assert.equal(await store.nextDueMs(), 0)
    const [item] = await lease(store, 0, 0)
    await undone((tx) => tx.complete(item!))
    await undone((tx) => tx.requeue(item!, 7, true))
    await undone((tx) => tx.enqueue('cluster', 'c-2', 3))
    assert.equal(await store.nextDueMs(), 900)
    assert.equal(await store.nextLeaseEndMs(), 50)
    assert.equal(await store.write((tx) => tx.complete(item!)), true)
  })

  suite('a lease from before everything was cleared settles nothing', async (store) => {
    await store.write((tx) => tx.enqueue('cluster', 'c-1', 0))
    const [before] = await lease(store, 0, 0)
    await store.write((tx) => tx.clear())
    assert.equal(await store.write((tx) => tx.complete(before!)), false)
    await store.write((tx) => tx.enqueue('cluster', 'c-1', 0))
    const [after] = await lease(store, 0, 0)
    assert.equal(await store.write((tx) => tx.complete(before!)), false)
    assert.equal(await store.write((tx) => tx.complete(after!)), true)
  })

  suite('work is announced after its commit, with the earliest due time', async (store) => {
    const announced: number[] = []
    store.onEnqueue((dueMs) => announced.push(dueMs))
    await store.write(async (tx) => {
      await tx.enqueue('cluster', 'c-1', 70)
      await tx.enqueue('cluster', 'c-2', 40)
    })
    assert.deepEqual(announced, [40])
    const [item] = await lease(store, 40, 0)
    await store.write((tx) => tx.enqueue('cluster', 'c-2', 45))
    await store.write((tx) => tx.complete(item!))
    assert.equal(announced.length, 3, 'an item that survives its completion is announced')
    await store.write((tx) => tx.complete(item!))
    assert.equal(announced.length, 3, 'a lost lease announces nothing')
  })

  suite('unsettled documents without a work item are found', async (store) => {
    await store.write(async (tx) => {
      await tx.insert('cluster', sampleCluster({ id: 'c-1', status: { state: 'creating' } }), 1)
      await tx.insert('cluster', sampleCluster({ id: 'c-2', status: { state: 'creating' } }), 1)
      await tx.insert('cluster', sampleCluster({ id: 'c-3', status: { state: 'running' } }), 1)
      await tx.enqueue('cluster', 'c-2', 0)
    })
    assert.deepEqual(await store.read((tx) => tx.unqueued('cluster', ['creating'], 10)), ['c-1'])
  })
}

/** Leases that last 50 ms. */
function lease(store: Store, nowMs: number, wallMs: number, limit = 10) {
  return store.write((tx) => tx.lease({ nowMs, wallMs, leaseMs: 50, limit }))
}
