import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import type { Listing } from '../../src/store/port.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { listingSql } from '../../src/store/statement.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const tag = { key: 'env', value: 'a' }
const page: Listing = {
  account: 'a',
  product: 'p',
  region: 'r',
  exceptStates: ['deleted'],
  order: 'newest',
  limit: 10,
  offset: 0,
}

/** What SQLite begins the two statements of a listing with. */
async function begins(t: TestContext, listing: Listing, rare?: typeof tag) {
  const file = join(temporaryDirectory(t), 'emrys.db')
  await openSqliteStore(file).close()
  const database = new DatabaseSync(file)
  t.after(() => database.close())
  const sql = listingSql('cluster', listing, rare)
  const first = (text: string, values: readonly (string | number)[]) => {
    const plan = `explain query plan ${text.replace('{document}', 'd.seq, d.revision')}`
    return String(database.prepare(plan).get(...values)?.['detail'])
  }
  return [first(sql.page, [...sql.filters, 10, 0]), first(sql.total, sql.filters)]
}

test('a page walks the listing in its order, and its total is a sum of counts', async (t) => {
  const [walk = '', sum = ''] = await begins(t, page)
  assert.match(walk, /^SEARCH d USING INDEX document_listing/)
  assert.match(sum, /^SEARCH tally USING PRIMARY KEY/)
})

test('a listing by a tag that few documents have begins with the tag', async (t) => {
  for (const sought of [tag, { key: 'env' }]) {
    const plans = await begins(t, { ...page, tags: [sought] }, sought as typeof tag)
    for (const plan of plans) assert.match(plan, /^SEARCH tag USING COVERING INDEX tag_value/)
  }
})

test('a listing by names begins with the names', async (t) => {
  const plans = await begins(t, { ...page, nameIs: ['one', 'other'] })
  for (const plan of plans) assert.match(plan, /^SEARCH d USING INDEX document_name/)
})
