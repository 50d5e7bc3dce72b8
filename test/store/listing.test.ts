import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import type { ClusterState } from '../../src/domain/cluster/lifecycle.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import type { Listing, Store } from '../../src/store/port.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ALL: Listing = { account: 'a', product: 'p', order: 'id', limit: 100, offset: 0 }

test('a listing of one scope counts and shows only what is filed under it', async (t) => {
  const store = await storeWith(t, [
    { id: 'c1', scope: '0' },
    { id: 'c2', scope: '7' },
    { id: 'c3', scope: '0' },
  ])
  assert.deepEqual(await idsOf(store, { ...ALL, scope: '0' }), { total: 2, ids: ['c1', 'c3'] })
  assert.deepEqual(await idsOf(store, { ...ALL, scope: '8' }), { total: 0, ids: [] })
  assert.equal((await idsOf(store, ALL)).total, 3)
})

test('a cluster that moves to another scope is counted there and no longer where it was', async (t) => {
  const store = await storeWith(t, [{ id: 'c1', scope: '0' }])
  await store.write(async (tx) => {
    const found = await tx.findById('cluster', 'c1')
    await tx.save('cluster', found!, { ...found!.document, scope: '7' })
  })
  assert.equal((await idsOf(store, { ...ALL, scope: '0' })).total, 0)
  assert.deepEqual(await idsOf(store, { ...ALL, scope: '7' }), { total: 1, ids: ['c1'] })
})

test("a listing by state follows the caller's ranking, unranked states last", async (t) => {
  const states: readonly ClusterState[] = ['creating', 'deleting', 'isolated', 'running']
  const store = await storeWith(
    t,
    states.map((state) => ({ id: state, state })),
  )
  const ranked = { ...ALL, order: 'state', stateRank: ['running', 'creating', 'deleting'] } as const
  const expected = ['running', 'creating', 'deleting', 'isolated']
  assert.deepEqual((await idsOf(store, ranked)).ids, expected)
  const descending = { ...ranked, order: 'state-descending' } as const
  assert.deepEqual((await idsOf(store, descending)).ids, expected.toReversed())
})

async function idsOf(store: Store, listing: Listing) {
  const { total, rows } = await store.read((tx) => tx.list('cluster', listing))
  return { total, ids: rows.map((row) => row.document.id) }
}

async function storeWith(t: TestContext, clusters: readonly Partial<Cluster>[]): Promise<Store> {
  const directory = mkdtempSync(join(tmpdir(), 'emrys-test-'))
  const store = openSqliteStore(join(directory, 'emrys.db'))
  t.after(async () => {
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  })
  await store.write(async (tx) => {
    for (const each of clusters) await tx.insert('cluster', { ...PLAIN, ...each }, 0)
  })
  return store
}

const PLAIN: Cluster = {
  id: '',
  account: 'a',
  region: 'r',
  product: 'p',
  name: 'n',
  state: 'running',
  reason: '',
  stateSinceMs: 0,
  createdMs: 0,
  generation: 1,
  observedGeneration: 1,
  substrate: 's',
  software: { family: 'f', version: '1', components: [] },
  charge: { mode: 'postpaid', autoRenew: false },
  network: { vpc: 'v', zone: 'z', subnets: [], securityGroups: [] },
  scope: '0',
  groups: [],
  tags: [],
  secrets: {},
  traits: {},
}
