import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { committedPages } from '../../../src/store/sqlite/committed-pages.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import type { Listing } from '../../../src/store/listing.ts'
import type { DocumentReader } from '../../../src/store/port.ts'
import { sampleCluster } from '../../support/fixture/sample.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

const LISTING: Listing = { account: 'a', order: 'newest', limit: 10, offset: 0 }

/** Lists so many documents, and counts how often it was asked. */
function counting(rows: number, meanwhile: () => void = () => {}) {
  let asked = 0
  const list = (async () => {
    asked++
    await Promise.resolve()
    meanwhile()
    return { total: asked, rows: Array.from({ length: rows }, () => ({})) }
  }) as unknown as DocumentReader['list']
  return { list, asked: () => asked }
}

test('the same listing is read once between two commits, another one and another kind are read again', async () => {
  const source = counting(1)
  const pages = committedPages(source)
  const first = await pages.list('cluster', LISTING)
  assert.equal(await pages.list('cluster', { ...LISTING }), first)
  for (const [kind, listing] of [
    ['cluster', { ...LISTING, account: 'b' }],
    ['cluster', { ...LISTING, offset: 10 }],
    ['cluster', { ...LISTING, ids: ['c-1'] }],
    ['backup', LISTING],
  ] as const)
    assert.notEqual(await pages.list(kind, listing), first)
  assert.equal(source.asked(), 5)
  pages.forget()
  assert.notEqual(await pages.list('cluster', LISTING), first)
})

test('what was read while something was committed is not kept', async () => {
  const pages = committedPages({
    list: (kind, listing) => source.list(kind, listing),
  })
  let commits = 1
  const source = counting(1, () => {
    if (commits-- > 0) pages.forget()
  })
  const first = await pages.list('cluster', LISTING)
  const second = await pages.list('cluster', LISTING)
  assert.notEqual(second, first)
  assert.equal(await pages.list('cluster', LISTING), second)
})

test('only so many documents are kept, and no page that has more', async () => {
  const source = counting(300)
  const pages = committedPages(source)
  for (const offset of [0, 300, 600, 900]) await pages.list('cluster', { ...LISTING, offset })
  await pages.list('cluster', LISTING)
  assert.equal(source.asked(), 5)
  const large = counting(2_000)
  const none = committedPages(large)
  await none.list('cluster', LISTING)
  await none.list('cluster', LISTING)
  assert.equal(large.asked(), 2)
})

test('a store lists what it and another store of the file committed, at once', async (t) => {
  const file = join(temporaryDirectory(t), 'emrys.db')
  const [own, other] = [openSqliteStore(file), openSqliteStore(file)]
  t.after(async () => {
    await own.close()
    await other.close()
  })
  const listed = async () =>
    (await own.read((tx) => tx.list('cluster', { ...LISTING, account: undefined }))).rows.map(
      ({ document }) => document.name,
    )
  assert.deepEqual(await listed(), [])
  await own.write((tx) => tx.insert('cluster', sampleCluster({ id: 'c-1', name: 'one' }), 1))
  assert.deepEqual(await listed(), ['one'])
  await other.write((tx) => tx.insert('cluster', sampleCluster({ id: 'c-2', name: 'two' }), 1))
  assert.deepEqual(await listed(), ['two', 'one'])
  await own.write(async (tx) => {
    const it = (await tx.findById('cluster', 'c-2'))!
    await tx.save('cluster', it, { ...it.document, name: 'three' })
  })
  assert.deepEqual(await listed(), ['three', 'one'])
})
