import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { taggedWith, type Leading } from '../../src/store/leading.ts'
import type { Listing } from '../../src/store/port.ts'
import { leadingOf } from '../../src/store/sql/leading.ts'
import { connect } from '../../src/store/sqlite/connection.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { listingSql } from '../../src/store/statement.ts'
import { sampleCluster } from '../support/fixture/sample.ts'
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

/** The steps of the two statements of a listing, as SQLite plans them. */
async function plans(t: TestContext, listing: Listing, leading?: Leading) {
  const file = join(temporaryDirectory(t), 'emrys.db')
  await openSqliteStore(file).close()
  const database = new DatabaseSync(file)
  t.after(() => database.close())
  const sql = listingSql('cluster', listing, leading)
  const steps = (text: string, values: readonly (string | number)[]) => {
    const plan = `explain query plan ${text.replace('{document}', 'd.seq, d.revision')}`
    return database
      .prepare(plan)
      .all(...values)
      .map((row) => String(row['detail']))
  }
  return [steps(sql.page, [...sql.filters, 10, 0]), steps(sql.total, sql.totalFilters)]
}

/** What SQLite begins the two statements of a listing with. */
async function begins(t: TestContext, listing: Listing, leading?: Leading) {
  return (await plans(t, listing, leading)).map((steps) => steps[0] ?? '')
}

test('a page walks the listing in its order, and its total is a sum of counts', async (t) => {
  const [walk = '', sum = ''] = await begins(t, page)
  assert.match(walk, /^SEARCH d USING INDEX document_listing/)
  assert.match(sum, /^SEARCH tally USING PRIMARY KEY/)
})

test('a listing by a tag begins with the tag, and its total is a sum of counts', async (t) => {
  for (const sought of [tag, { key: 'env' }]) {
    const [walk = '', sum = ''] = await begins(
      t,
      { ...page, tags: [sought] },
      taggedWith('cluster', sought, 'a'),
    )
    assert.match(walk, /^SEARCH tag USING COVERING INDEX tag_listing/)
    assert.match(sum, /^SEARCH tag_tally USING PRIMARY KEY \(kind=\? AND account=\? AND tag_key=\?/)
  }
})

test('a listing by a tag with its value is walked in its order, without sorting', async (t) => {
  const plan = await plans(t, { ...page, tags: [tag] }, taggedWith('cluster', tag, 'a'))
  assert.match(plan[0]![1]!, /^SEARCH d USING INTEGER PRIMARY KEY/)
  assert.equal(plan[0]!.length, 2)
})

test('a listing by names begins with the names', async (t) => {
  const firsts = await begins(t, { ...page, nameIs: ['one', 'other'] })
  for (const plan of firsts) assert.match(plan, /^SEARCH d USING INDEX document_name/)
})

test('a listing over all accounts begins with its kind where few have it, and walks all where many do', async (t) => {
  const file = join(temporaryDirectory(t), 'emrys.db')
  const store = openSqliteStore(file)
  await store.write(async (tx) => {
    for (let n = 0; n < 1_001; n++) await tx.insert('cluster', sampleCluster({ id: `c-${n}` }), 1)
  })
  await store.close()
  const connection = connect(file, { readOnly: true })
  t.after(() => connection.close())
  const all: Listing = { account: undefined, order: 'oldest', limit: 10, offset: 0 }
  assert.equal(await leadingOf(connection, 'cluster', all), undefined)
  const leading = await leadingOf(connection, 'directory', all)
  const [[first = '', second = ''] = []] = await plans(t, all, leading)
  assert.match(first, /^SEARCH document USING COVERING INDEX \w+ \(kind=\?/)
  assert.match(second, /^SEARCH d USING INTEGER PRIMARY KEY/)
})
