import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import * as fc from 'fast-check'
import { listVisible, peekClusters } from '../../../src/app/cluster/visibility.ts'
import type { Cluster } from '../../../src/domain/cluster/cluster.ts'
import { Fault } from '../../../src/domain/fault.ts'
import { limits } from '../../../src/limits.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import type { Listing, Page, Reader, Store } from '../../../src/store/port.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'
import { sampleCall, sampleCluster } from '../../support/fixture/sample.ts'

const CLUSTERS = 1203

async function filled(t: TestContext): Promise<Store> {
  const store = openSqliteStore(join(temporaryDirectory(t), 'emrys.db'))
  t.after(() => store.close())
  await store.write(async (tx) => {
    for (let n = 0; n < CLUSTERS; n++)
      await tx.insert('cluster', sampleCluster({ id: `c-${n}`, name: `n${n % 7}` }), n)
  })
  return store
}

const numberOf = ({ id }: Cluster) => Number(id.slice(2))

test('pages of what is seen are the pages of all that was filtered before', async (t) => {
  const store = await filled(t)
  const all = Array.from({ length: CLUSTERS }, (_, n) => n)
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom('newest' as const, 'oldest' as const),
      fc.nat(CLUSTERS),
      fc.integer({ min: 1, max: 100 }),
      async (every, order, offset, limit) => {
        const visible = (cluster: Cluster) => numberOf(cluster) % every === 0
        const listing: Listing = { account: 'a', order, offset, limit }
        const page = await store.read((tx) => listVisible(tx, listing, visible))
        const seen = all.filter((n) => n % every === 0)
        const ordered = order === 'oldest' ? seen : seen.toReversed()
        assert.equal(page.total, seen.length)
        assert.deepEqual(
          page.rows.map((row) => numberOf(row.document)),
          ordered.slice(offset, offset + limit),
        )
      },
    ),
    { numRuns: 15 },
  )
})

test('a page that begins behind a place continues there, and the total stays whole', async (t) => {
  const store = await filled(t)
  const visible = (cluster: Cluster) => numberOf(cluster) % 2 === 0
  const ask = (listing: Partial<Listing>) =>
    store.read((tx) =>
      listVisible(tx, { account: 'a', order: 'newest', offset: 0, limit: 10, ...listing }, visible),
    )
  const first = await ask({})
  const second = await ask({ behindSeq: first.rows.at(-1)!.seq })
  assert.deepEqual(second.rows, (await ask({ offset: 10 })).rows)
  assert.equal(second.total, 602)
})

test('too many clusters to look through are refused rather than shown in part', async () => {
  const row = { document: sampleCluster(), seq: 1, revision: 1 }
  const endless = {
    list: async (_kind: string, { limit }: Listing): Promise<Page<'cluster'>> => ({
      total: 1e9,
      rows: Array.from({ length: limit }, () => row),
    }),
  } as unknown as Reader
  const listing: Listing = { account: 'a', order: 'newest', offset: 0, limit: 10 }
  await assert.rejects(
    listVisible(endless, listing, () => false),
    (problem) => problem instanceof Fault && problem.code === 'Overloaded',
  )
  assert.ok(limits.visibilityScan > CLUSTERS)
})

test("only the caller's own clusters of the product and region are looked up by id", async (t) => {
  const store = openSqliteStore(join(temporaryDirectory(t), 'emrys.db'))
  t.after(() => store.close())
  await store.write(async (tx) => {
    await tx.insert('cluster', sampleCluster({ id: 'mine' }), 1)
    await tx.insert('cluster', sampleCluster({ id: 'far', region: 'r2' }), 1)
    await tx.insert('cluster', sampleCluster({ id: 'product', product: 'q' }), 1)
    await tx.insert('cluster', sampleCluster({ id: 'theirs', account: 'b' }), 1)
  })
  const ids = ['mine', 'far', 'product', 'theirs', 'none']
  const found = async (region: string) => {
    const peeked = await store.read((tx) => peekClusters(tx, sampleCall({ region }), ids))
    return [...peeked.keys()]
  }
  assert.deepEqual(await found('r'), ['mine'])
  assert.deepEqual(await found(''), ['mine', 'far'])
})
