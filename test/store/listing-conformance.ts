/** What every store owes for listings: the filters, apart and together, the orders, the totals, and pages. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { ClusterState } from '../../src/domain/cluster/lifecycle.ts'
import type { Verb } from '../../src/domain/operation.ts'
import type { Kind, Listing, Store } from '../../src/store/port.ts'
import { sampleCluster } from '../support/fixture/sample.ts'

const listing: Listing = { account: 'a', order: 'newest', limit: 100, offset: 0 }
const byId: Listing = { ...listing, order: 'id' }

export function listingConformance(name: string, open: (t: TestContext) => Promise<Store>): void {
  const suite = (sentence: string, run: (store: Store) => Promise<void>) =>
    test(`${name}: ${sentence}`, async (t) => run(await open(t)))

  suite('listings filter by every column, together and apart', async (store) => {
    await store.write(async (tx) => {
      await tx.insert(
        'cluster',
        sampleCluster({ id: 'c-1', name: 'one_x', region: 'r1', status: { state: 'running' } }),
        1,
      )
      await tx.insert(
        'cluster',
        sampleCluster({
          id: 'c-2',
          name: 'two%x',
          region: 'r2',
          status: { state: 'deleting' },
          tags: [{ key: 'k', value: 'v' }],
        }),
        2,
      )
      await tx.insert(
        'cluster',
        sampleCluster({
          id: 'c-3',
          name: 'three',
          region: 'r1',
          status: { state: 'running' },
          tags: [{ key: 'k', value: 'w' }],
        }),
        3,
      )
      await tx.insert('cluster', sampleCluster({ id: 'c-4', name: 'other', product: 'p2' }), 4)
    })
    const ids = async (more: Partial<Listing>) => {
      const page = await store.read((tx) =>
        tx.list('cluster', { ...listing, product: 'p', ...more }),
      )
      assert.equal(page.total, page.rows.length)
      return page.rows.map((row) => row.document.id)
    }
    assert.deepEqual(await ids({}), ['c-3', 'c-2', 'c-1'])
    assert.deepEqual(await ids({ order: 'oldest' }), ['c-1', 'c-2', 'c-3'])
    assert.deepEqual(await ids({ order: 'id-descending' }), ['c-3', 'c-2', 'c-1'])
    assert.deepEqual(await ids({ region: 'r1' }), ['c-3', 'c-1'])
    assert.deepEqual(await ids({ states: ['deleting'] }), ['c-2'])
    assert.deepEqual(await ids({ states: [] }), [])
    assert.deepEqual(await ids({ exceptStates: ['deleting'] }), ['c-3', 'c-1'])
    assert.deepEqual(await ids({ exceptStates: [] }), await ids({}))
    assert.deepEqual(await ids({ ids: ['c-1', 'c-9'] }), ['c-1'])
    assert.deepEqual(await ids({ nameContains: '%' }), ['c-2'])
    assert.deepEqual(await ids({ nameContains: '_' }), ['c-1'])
    assert.deepEqual(await ids({ nameIs: ['three', 'other'] }), ['c-3'])
    assert.deepEqual(await ids({ tags: [{ key: 'k' }] }), ['c-3', 'c-2'])
    assert.deepEqual(await ids({ tags: [{ key: 'k', value: 'w' }], region: 'r1' }), ['c-3'])
    assert.deepEqual(await ids({ tags: [{ key: 'k', value: 'w' }], region: 'r2' }), [])
  })

  suite('a listing by tags is in its order and counted on every page', async (store) => {
    const tags = [
      { key: 'k', value: 'v' },
      { key: 'l', value: '' },
    ]
    await addClusters(store, [
      { id: 'c1', tags },
      { id: 'c2', tags: [{ key: 'k', value: 'w' }] },
      { id: 'c3', tags: [tags[0]!], status: { state: 'deleting' } },
      { id: 'c4', tags, region: 'r2' },
      { id: 'c5', tags, account: 'b' },
      { id: 'c6' },
    ])
    const of = (more: Partial<Listing>) => idsOf(store, 'cluster', { ...listing, ...more })
    const [one, other] = tags as [(typeof tags)[0], (typeof tags)[0]]
    assert.deepEqual(await of({ tags: [one] }), { total: 3, ids: ['c4', 'c3', 'c1'] })
    const page = { tags: [one], limit: 1 }
    assert.deepEqual(await of({ ...page, offset: 1 }), { total: 3, ids: ['c3'] })
    const oldest = await of({ ...page, order: 'oldest', exceptStates: ['deleting'] })
    assert.deepEqual(oldest, { total: 2, ids: ['c1'] })
    assert.deepEqual(await of({ ...page, tags: [{ key: 'k' }] }), { total: 4, ids: ['c4'] })
    assert.deepEqual(await of({ ...page, tags: [one, other] }), { total: 2, ids: ['c4'] })
    assert.deepEqual(await of({ tags: [other], order: 'id' }), { total: 2, ids: ['c1', 'c4'] })
    const everyones = { account: undefined, tags: [one], order: 'id' } as const
    assert.deepEqual(await of(everyones), { total: 4, ids: ['c1', 'c3', 'c4', 'c5'] })
    const first = await store.read((tx) =>
      tx.list('cluster', { ...listing, tags: [one], limit: 1 }),
    )
    const behindSeq = first.rows[0]!.seq
    assert.deepEqual(await of({ tags: [one], behindSeq }), { total: 3, ids: ['c3', 'c1'] })
  })

  suite('what has a tag is counted by its state and place, until it is gone', async (store) => {
    const tags = [{ key: 'k', value: 'v' }]
    await addClusters(store, [
      { id: 'c1', tags },
      { id: 'c2', tags },
    ])
    const count = async (more: Partial<Listing>) =>
      (await idsOf(store, 'cluster', { ...listing, tags, limit: 1, ...more })).total
    const change = (id: string, to: Parameters<typeof sampleCluster>[0]) =>
      store.write(async (tx) => {
        const found = (await tx.findById('cluster', id))!
        await tx.save('cluster', found, sampleCluster({ id, tags: found.document.tags, ...to }))
      })
    await change('c1', { status: { state: 'deleting' }, resourceGroup: '7' })
    assert.deepEqual(
      [await count({ states: ['deleting'] }), await count({ resourceGroup: '7' }), await count({})],
      [1, 1, 2],
    )
    await change('c2', { tags: [] })
    assert.equal(await count({ limit: 0 }), 1)
    const failing = store.write(async (tx) => {
      await tx.insert('cluster', sampleCluster({ id: 'c3', tags }), 1)
      throw new Error('undone')
    })
    await assert.rejects(failing, /undone/)
    assert.equal(await count({ limit: 0 }), 1)
    await store.write(async (tx) => tx.remove('cluster', (await tx.findById('cluster', 'c1'))!))
    assert.equal(await count({ limit: 0 }), 0)
  })

  suite(
    'a part of a name is found wherever it stands, until the name is another',
    async (store) => {
      const names = ['Reports-"a"-2024', 'reports-b', '日本語のクラスタ', 'xyz', 'ab']
      await addClusters(
        store,
        names.map((id) => ({ id, name: id })),
      )
      const of = async (nameContains: string) =>
        (await idsOf(store, 'cluster', { ...listing, order: 'oldest', nameContains })).ids
      assert.deepEqual(await of('reports-'), names.slice(0, 2))
      assert.deepEqual(await of('PORTS-"A"-20'), names.slice(0, 1))
      assert.deepEqual(await of('2024'), names.slice(0, 1))
      assert.deepEqual(await of('語のク'), names.slice(2, 3))
      assert.deepEqual(await of('ab'), names.slice(4))
      assert.deepEqual(await of('a'), [names[0], names[4]])
      assert.deepEqual(await of('rep%rts'), [])
      assert.deepEqual(await of('reports-b reports-b'), [])
      assert.deepEqual(await of(''), names)
      await store.write(async (tx) => {
        const found = (await tx.findById('cluster', 'xyz'))!
        await tx.save('cluster', found, { ...found.document, name: 'reports-new' })
        const within = await tx.list('cluster', { ...listing, nameContains: 'reports-new' })
        assert.equal(within.total, 1)
        await tx.remove('cluster', (await tx.findById('cluster', 'reports-b'))!)
      })
      assert.deepEqual(await of('reports'), [names[0], 'xyz'])
      assert.deepEqual(await of('xyz'), [])
      const failing = store.write(async (tx) => {
        await tx.insert('cluster', sampleCluster({ id: 'c', name: 'reports-undone' }), 1)
        throw new Error('undone')
      })
      await assert.rejects(failing, /undone/)
      assert.deepEqual(await of('undone'), [])
      await store.write((tx) => tx.clear())
      await addClusters(store, [{ id: 'again', name: 'reports-again' }])
      assert.deepEqual(await of('reports'), ['again'])
    },
  )

  suite('a page begins behind a remembered place', async (store) => {
    await store.write(async (tx) => {
      for (let n = 1; n <= 5; n++) await tx.insert('cluster', sampleCluster({ id: `c-${n}` }), n)
    })
    const first = await store.read((tx) => tx.list('cluster', { ...listing, limit: 2 }))
    const behindSeq = first.rows[1]!.seq
    const second = await store.read((tx) => tx.list('cluster', { ...listing, limit: 2, behindSeq }))
    assert.deepEqual(
      second.rows.map((row) => row.document.id),
      ['c-3', 'c-2'],
    )
    assert.equal(second.total, 5)
  })

  suite('the administrator sees every account, a page at a time', async (store) => {
    await store.write(async (tx) => {
      for (const [id, account] of [
        ['c-1', 'a'],
        ['c-2', 'b'],
        ['c-3', 'a'],
      ] as const)
        await tx.insert('cluster', sampleCluster({ id, account }), 1)
    })
    const everyone: Listing = { ...listing, account: undefined, limit: 2 }
    const first = await store.read((tx) => tx.list('cluster', everyone))
    assert.equal(first.total, 3)
    assert.deepEqual(
      first.rows.map((row) => row.document.id),
      ['c-3', 'c-2'],
    )
    const behindSeq = first.rows.at(-1)!.seq
    const second = await store.read((tx) => tx.list('cluster', { ...everyone, behindSeq }))
    assert.deepEqual(
      second.rows.map((row) => row.document.id),
      ['c-1'],
    )
  })

  suite(
    'a listing of one resource group counts and shows only what belongs to it',
    async (store) => {
      await addClusters(store, [
        { id: 'c1', resourceGroup: '0' },
        { id: 'c2', resourceGroup: '7' },
        { id: 'c3', resourceGroup: '0' },
      ])
      const of = (more: Partial<Listing>) => idsOf(store, 'cluster', { ...byId, ...more })
      assert.deepEqual(await of({ resourceGroup: '0' }), { total: 2, ids: ['c1', 'c3'] })
      assert.deepEqual(await of({ resourceGroup: '8' }), { total: 0, ids: [] })
      assert.equal((await of({})).total, 3)
    },
  )

  suite(
    'a cluster that moves to another resource group is counted there and no longer where it was',
    async (store) => {
      await addClusters(store, [{ id: 'c1', resourceGroup: '0' }])
      await store.write(async (tx) => {
        const found = await tx.findById('cluster', 'c1')
        await tx.save('cluster', found!, { ...found!.document, resourceGroup: '7' })
      })
      const of = (resourceGroup: string) => idsOf(store, 'cluster', { ...byId, resourceGroup })
      assert.equal((await of('0')).total, 0)
      assert.deepEqual(await of('7'), { total: 1, ids: ['c1'] })
    },
  )

  suite("a listing by state follows the caller's ranking, unranked states last", async (store) => {
    const states: readonly ClusterState[] = ['creating', 'deleting', 'isolated', 'running']
    await addClusters(
      store,
      states.map((state) => ({ id: state, status: { state } })),
    )
    const rank = ['running', 'creating', 'deleting']
    const ranked = { ...listing, order: 'state', stateRank: rank } as const
    const expected = ['running', 'creating', 'deleting', 'isolated']
    assert.deepEqual((await idsOf(store, 'cluster', ranked)).ids, expected)
    const descending = { ...ranked, order: 'state-descending' } as const
    assert.deepEqual((await idsOf(store, 'cluster', descending)).ids, expected.toReversed())
  })

  suite('operations are listed by verb and by trace', async (store) => {
    await store.write(async (tx) => {
      for (const [id, verb] of [
        ['o1', 'create'],
        ['o2', 'rename'],
        ['o3', 'delete'],
      ] as const)
        await tx.insert('operation', operation(id, verb), 1)
    })
    const of = (more: Partial<Listing>) =>
      idsOf(store, 'operation', { ...byId, parent: 'c-1', ...more })
    assert.deepEqual((await of({ verbs: ['create', 'delete'] })).ids, ['o1', 'o3'])
    assert.deepEqual((await of({ verbs: [] })).ids, [])
    assert.deepEqual((await of({ trace: 'trace-o2' })).ids, ['o2'])
    assert.deepEqual((await of({ states: ['running'], verbs: ['rename'] })).ids, ['o2'])
    assert.deepEqual((await of({ nameIs: ['trace-o2'] })).ids, [])
  })

  suite('accounts are listed by dialect, roles by kind, and neither by state', async (store) => {
    await store.write(async (tx) => {
      for (const [id, dialect] of [
        ['1', 'x'],
        ['2', 'y'],
      ] as const) {
        const account = {
          id,
          account: id,
          tenant: id,
          name: id,
          status: 'active',
          dialect,
        } as const
        await tx.insert('account', { ...account, createdMs: 1 }, 1)
      }
      for (const kind of ['normal', 'service'] as const)
        await tx.insert('role', { ...role(kind), kind }, 1)
    })
    const accounts: Listing = { ...byId, account: undefined }
    assert.deepEqual((await idsOf(store, 'account', { ...accounts, dialect: 'y' })).ids, ['2'])
    assert.deepEqual((await idsOf(store, 'account', { ...accounts, states: ['y'] })).ids, [])
    assert.deepEqual((await idsOf(store, 'role', { ...byId, roleKind: 'service' })).ids, [
      'a/service',
    ])
    assert.deepEqual((await idsOf(store, 'role', { ...byId, states: ['service'] })).ids, [])
  })

  suite('who has a policy is found by it, until it is detached', async (store) => {
    await store.write(async (tx) => {
      await tx.insert('role', role('one', 'p'), 1)
      await tx.insert('role', role('two', 'q'), 1)
    })
    const holders = async (policy: string) =>
      (await idsOf(store, 'role', { ...byId, policy: `custom/${policy}` })).ids
    assert.deepEqual([await holders('p'), await holders('q')], [['a/one'], ['a/two']])
    await store.write(async (tx) => {
      const found = (await tx.findById('role', 'a/one'))!
      await tx.save('role', found, { ...found.document, policies: [] })
      await tx.remove('role', (await tx.findById('role', 'a/two'))!)
    })
    assert.deepEqual([await holders('p'), await holders('q')], [[], []])
    await store.write((tx) => tx.insert('role', role('two'), 2))
    assert.deepEqual(await holders('q'), [])
    await store.write(async (tx) => {
      await tx.insert('role', role('three', 'p'), 3)
      await tx.clear()
      await tx.insert('role', role('three'), 4)
    })
    assert.deepEqual(await holders('p'), [])
  })

  suite('resources are listed and counted by kind and by origin', async (store) => {
    await store.write(async (tx) => {
      for (const [id, kind, origin] of [
        ['r1', 'network', 'adopted'],
        ['r2', 'subnet', 'adopted'],
        ['r3', 'subnet', 'made'],
      ] as const) {
        const resource = { kind, id, region: 'r' }
        await tx.insert('resource', { id, account: 'a', origin, createdMs: 1, resource }, 1)
      }
    })
    const of = (more: Partial<Listing>) => idsOf(store, 'resource', { ...byId, ...more })
    assert.deepEqual(await of({ resourceKind: 'subnet' }), { total: 2, ids: ['r2', 'r3'] })
    assert.deepEqual(await of({ origin: 'adopted' }), { total: 2, ids: ['r1', 'r2'] })
    assert.deepEqual(await of({ resourceKind: 'subnet', origin: 'made' }), {
      total: 1,
      ids: ['r3'],
    })
    assert.deepEqual(await of({ states: ['adopted'] }), { total: 0, ids: [] })
  })
}

async function idsOf(store: Store, kind: Kind, it: Listing) {
  const { total, rows } = await store.read((tx) => tx.list(kind, it))
  return { total, ids: rows.map((row) => row.document.id) }
}

async function addClusters(
  store: Store,
  clusters: readonly Parameters<typeof sampleCluster>[0][],
): Promise<void> {
  await store.write(async (tx) => {
    for (const each of clusters) await tx.insert('cluster', sampleCluster(each), 0)
  })
}

function operation(id: string, verb: Verb) {
  const about = { account: 'a', cluster: 'c-1', status: 'running', progress: 0 } as const
  return { ...about, id, verb, flow: 1, trace: `trace-${id}`, startedMs: 1, steps: [] }
}

function role(name: string, ...policies: readonly string[]) {
  return {
    id: `a/${name}`,
    account: 'a',
    name,
    number: name,
    kind: 'normal',
    trust: '',
    policies: policies.map((each) => ({ kind: 'custom', name: each }) as const),
    createdMs: 1,
  } as const
}
