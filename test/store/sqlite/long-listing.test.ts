import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { Fault } from '../../../src/domain/fault.ts'
import { limits } from '../../../src/limits.ts'
import type { Listing, Store } from '../../../src/store/port.ts'
import { listingThread } from '../../../src/store/sqlite/listing-thread.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { sampleCluster } from '../../support/fixture/sample.ts'
import { statementsOf } from '../../support/fixture/statement-count.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'
import { listingConformance } from '../listing-conformance.ts'

const CLUSTERS = 40
const WALKED_MAX = 20
/** It takes milliseconds to read them. */
const MANY = 2_000

/** Every listing that may walk anything is read by the thread. */
listingConformance('sqlite, by a thread', async (t) => opened(t, 0))

function opened(t: TestContext, walkedMax: number, file = join(temporaryDirectory(t), 'emrys.db')) {
  const store = openSqliteStore(file, { walkedMax })
  t.after(() => store.close())
  return store
}

/** Half of the clusters have one tag, a fifth another one; one in eight has failed. */
async function filled(t: TestContext, walkedMax = WALKED_MAX): Promise<Store> {
  const store = opened(t, walkedMax)
  await store.write(async (tx) => {
    for (let n = 0; n < CLUSTERS; n++)
      await tx.insert(
        'cluster',
        sampleCluster({
          id: `c-${n}`,
          name: `name-${n}`,
          region: 'r',
          status: { state: n % 8 === 0 ? 'failed' : 'running' },
          tags: [
            ...(n % 2 === 0 ? [{ key: 'half', value: 'yes' }] : []),
            ...(n % 5 === 0 ? [{ key: 'fifth', value: 'yes' }] : []),
          ],
        }),
        1,
      )
  })
  return store
}

const ANYWHERE: Listing = { account: 'a', product: 'p', order: 'newest', limit: 5, offset: 0 }
const LISTING: Listing = { ...ANYWHERE, region: 'r' }

const cases: readonly (readonly [string, boolean, Listing, total: number])[] = [
  ['a page', false, LISTING, 40],
  ['a page far behind', true, { ...LISTING, offset: 30 }, 40],
  ['of all regions, which no index has in order', true, ANYWHERE, 40],
  ['by id', true, { ...LISTING, order: 'id' }, 40],
  ['by state', true, { ...LISTING, order: 'state' }, 40],
  ['in a state that most are in', false, { ...LISTING, states: ['running'] }, 35],
  ['in a state that few are in', true, { ...LISTING, states: ['failed'] }, 5],
  ['in none of the usual states', true, { ...LISTING, exceptStates: ['running'] }, 5],
  ['with a part of a name', true, { ...LISTING, nameContains: 'me' }, 40],
  ['with a part of a name that few have', false, { ...LISTING, nameContains: 'name-39' }, 1],
  ['with a name', false, { ...LISTING, nameIs: ['name-3'] }, 1],
  ['with ids, by id', false, { ...LISTING, ids: ['c-3', 'c-4'], order: 'id' }, 2],
  ['with a tag', false, { ...LISTING, tags: [{ key: 'half', value: 'yes' }] }, 20],
  ['of a time', true, { ...LISTING, fromMs: 1 }, 40],
  ['in a state that none is in', false, { ...LISTING, states: ['isolated'], order: 'id' }, 0],
  ['of nobody', false, { ...LISTING, account: 'b' }, 0],
]

test('a listing is long by what it may walk, and found the same by the thread and without it', async (t) => {
  const store = await filled(t)
  const plain = await filled(t, Infinity)
  for (const [what, isLong, listing, total] of cases) {
    const sent = await statementsOf(async () => {
      const page = await store.read((tx) => tx.list('cluster', listing))
      assert.equal(page.total, total, what)
      assert.deepEqual(page, await plain.read((tx) => tx.list('cluster', listing)), what)
    })
    const pages = sent.filter((sql) => sql.includes(' order by ') && sql.includes('d.revision'))
    assert.equal(pages.length, isLong || total === 0 ? 1 : 2, what)
  }
})

test('others are answered while a listing is walked, which sees every write before it', async (t) => {
  const store = await filled(t)
  await store.write((tx) => tx.insert('cluster', sampleCluster({ id: 'newest' }), 2))
  const order: string[] = []
  const listing = store
    .read((tx) => tx.list('cluster', { ...LISTING, order: 'id-descending' }))
    .then((page) => {
      order.push('listing')
      return page
    })
  await store.read((tx) => tx.list('cluster', LISTING)).then(() => order.push('page'))
  const { rows, total } = await listing
  assert.deepEqual(order, ['page', 'listing'])
  assert.equal(rows[0]?.document.id, 'newest')
  assert.equal(total, CLUSTERS + 1)
})

test('an account has few long listings at once, and takes no place from another one', async (t) => {
  const store = await filled(t)
  const list = (account: string, n: number) =>
    store.read((tx) => tx.list('cluster', { ...LISTING, account, nameContains: 'am', fromMs: -n }))
  const many = Array.from({ length: limits.longListingsWaiting + 1 }, (_, n) => list('a', n))
  const last = await Promise.allSettled([many.at(-1)!, list('b', 0)])
  assert.ok(last[0].status === 'rejected' && (last[0].reason as Fault).code === 'Overloaded')
  assert.equal(last[1].status, 'fulfilled')
  for (const each of many.slice(0, -1)) assert.equal((await each).total, CLUSTERS)
  assert.equal((await list('a', -1)).total, CLUSTERS)
})

test('a store is copied while long listings are read from before its last commits', async (t) => {
  const directory = temporaryDirectory(t)
  const store = opened(t, 0, join(directory, 'emrys.db'))
  await store.write(async (tx) => {
    for (let n = 0; n < MANY; n++) await tx.insert('cluster', sampleCluster({ id: `many-${n}` }), 1)
  })
  for (let n = 1; n <= 8; n++) {
    const all = { ...LISTING, order: 'id', limit: MANY, fromMs: -n } as const
    const listing = store.read((tx) => tx.list('cluster', all))
    await store.write((tx) => tx.insert('cluster', sampleCluster({ id: `c-${n}` }), 1))
    const file = join(directory, `copy-${n}.db`)
    await store.copyTo(file)
    assert.ok((await listing).total >= MANY)
    const copy = openSqliteStore(file)
    const { total } = await copy.read((tx) => tx.list('cluster', LISTING))
    await copy.close()
    assert.equal(total, MANY + n)
  }
})

test('a statement that fails fails its listing alone, and so does a thread that ends', async (t) => {
  const file = join(temporaryDirectory(t), 'emrys.db')
  await openSqliteStore(file).close()
  const thread = listingThread({ file })
  t.after(() => thread.end())
  const total = { sql: 'select 7 as total', values: [] }
  const find = (sql: string) => thread.find('a', { page: { sql, values: [] }, total })
  await assert.rejects(find('select seq from nowhere'), /no such table: nowhere/)
  assert.deepEqual(await find('select 1 as seq'), { rows: [{ seq: 1 }], total: 7 })
  const absent = listingThread({ file: join(file, 'absent') })
  const listing = { page: { sql: 'select 1', values: [] }, total }
  for (let n = 0; n < 2; n++) await assert.rejects(absent.find('a', listing), /open database/)
  await absent.end()
})
