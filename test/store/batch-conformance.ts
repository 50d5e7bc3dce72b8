/** What every store owes to units of work that share a commit. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Conflict, type Listing } from '../../src/store/port.ts'
import { sampleCluster } from '../support/fixture/sample.ts'
import type { OpenStore } from './conformance.ts'

const listing: Listing = { account: 'a', order: 'newest', limit: 100, offset: 0 }

export function batchConformance(name: string, open: OpenStore): void {
  const suite = (sentence: string, run: (store: Awaited<ReturnType<OpenStore>>) => Promise<void>) =>
    test(`${name}: ${sentence}`, async (t) => run(await open(t)))

  suite(
    'of a batch only the unit whose id is taken is refused, whoever looks meanwhile',
    async (store) => {
      const insert = (id: string, clusterName = '') =>
        store.write((tx) =>
          tx.insert('cluster', sampleCluster({ id, account: 'a', name: clusterName }), 1),
        )
      await insert('c-1', 'first')
      const look = () => store.write((tx) => tx.list('cluster', { ...listing, account: 'a' }))
      const [, twice, looked, , again] = await Promise.allSettled([
        insert('c-2'),
        insert('c-1', 'second'),
        look(),
        insert('c-3'),
        insert('c-3', 'again'),
      ])
      assert.ok(twice.status === 'rejected' && twice.reason instanceof Conflict)
      assert.ok(again.status === 'rejected' && again.reason instanceof Conflict)
      assert.ok(looked.status === 'fulfilled')
      assert.deepEqual(
        looked.value.rows.map(({ document }) => document.id),
        ['c-2', 'c-1'],
      )
      const { rows, total } = await look()
      const known = rows.map(({ document }) => `${document.id} ${document.name}`.trim())
      assert.deepEqual([known, total], [['c-3', 'c-2', 'c-1 first'], 3])
    },
  )
}
