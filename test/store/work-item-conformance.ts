/** What every store owes for work items: leases, fencing, and what is announced. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Store } from '../../src/store/port.ts'
import { sampleCluster } from '../support/sample.ts'

export function workItemConformance(name: string, open: (t: TestContext) => Promise<Store>): void {
  const suite = (sentence: string, run: (store: Store) => Promise<void>) =>
    test(`${name}: ${sentence}`, async (t) => run(await open(t)))

  suite(
    'a mark is claimed by one, leased, and claimable again when the lease ends',
    async (store) => {
      await store.write((tx) => tx.mark('cluster', 'c-1', 100))
      const claim = (nowMs: number) => store.write((tx) => tx.claim(nowMs, 50, 10))
      assert.deepEqual(await claim(99), [])
      assert.equal((await claim(100)).length, 1)
      assert.equal((await claim(120)).length, 0)
      assert.equal(await store.nextDueMs(), 150)
      assert.equal((await claim(150)).length, 1)
    },
  )

  suite('a mark made again while leased survives its settling', async (store) => {
    await store.write((tx) => tx.mark('cluster', 'c-1', 0))
    const [mark] = await store.write((tx) => tx.claim(0, 50, 10))
    await store.write((tx) => tx.mark('cluster', 'c-1', 0))
    await store.write((tx) => tx.settle(mark!))
    const again = await store.write((tx) => tx.claim(1, 50, 10))
    assert.equal(again.length, 1)
    await store.write((tx) => tx.settle(again[0]!))
    assert.equal(await store.nextDueMs(), undefined)
  })

  suite('a postponed mark comes back at its time and counts its failures', async (store) => {
    await store.write((tx) => tx.mark('cluster', 'c-1', 0))
    const [first] = await store.write((tx) => tx.claim(0, 50, 10))
    await store.write((tx) => tx.postpone(first!, 500, true))
    assert.equal(await store.nextDueMs(), 500)
    const [second] = await store.write((tx) => tx.claim(500, 50, 10))
    assert.equal(second?.attempt, 1)
    await store.write((tx) => tx.postpone(second, 600, false))
    const [third] = await store.write((tx) => tx.claim(600, 50, 10))
    assert.equal(third?.attempt, 0)
  })

  suite('work is announced after its commit, with the earliest due time', async (store) => {
    const announced: number[] = []
    store.onMark((dueMs) => announced.push(dueMs))
    await store.write(async (tx) => {
      await tx.mark('cluster', 'c-1', 70)
      await tx.mark('cluster', 'c-2', 40)
    })
    assert.deepEqual(announced, [40])
  })

  suite('unsettled documents without a mark are told', async (store) => {
    await store.write(async (tx) => {
      await tx.insert('cluster', sampleCluster({ id: 'c-1', state: 'creating' }), 1)
      await tx.insert('cluster', sampleCluster({ id: 'c-2', state: 'creating' }), 1)
      await tx.insert('cluster', sampleCluster({ id: 'c-3', state: 'running' }), 1)
      await tx.mark('cluster', 'c-2', 0)
    })
    assert.deepEqual(await store.read((tx) => tx.unmarked('cluster', ['creating'], 10)), ['c-1'])
  })
}
