import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { taggedWith, type Leading } from '../../src/store/leading.ts'
import type { Listing } from '../../src/store/port.ts'
import { leadingOf } from '../../src/store/sql/leading.ts'
import { connect } from '../../src/store/sqlite/connection.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { listingSql, unqueuedSql } from '../../src/store/statement.ts'
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
  const sql = listingSql('cluster', listing, leading)
  return Promise.all([
    stepsOf(t, sql.page, [...sql.filters, 10, 0]),
    stepsOf(t, sql.total, sql.totalFilters),
  ])
}

async function stepsOf(t: TestContext, sql: string, values: readonly (string | number)[] = []) {
  const file = join(temporaryDirectory(t), 'emrys.db')
  await openSqliteStore(file).close()
  const database = new DatabaseSync(file)
  t.after(() => database.close())
  return database
    .prepare(`explain query plan ${sql.replace('{document}', 'd.seq, d.revision')}`)
    .all(...values)
    .map((row) => String(row['detail']))
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
  assert.match(plan[0][1]!, /^SEARCH d USING INTEGER PRIMARY KEY/)
  assert.equal(plan[0].length, 2)
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
  const [[first = '', second = '']] = await plans(t, all, leading)
  assert.match(first, /^SEARCH document USING COVERING INDEX \w+ \(kind=\?/)
  assert.match(second, /^SEARCH d USING INTEGER PRIMARY KEY/)
})

test('a listing of what belongs to a document, and one by states over all accounts, begin with their indexes', async (t) => {
  const everywhere: Listing = { account: undefined, order: 'oldest', limit: 10, offset: 0 }
  const [child = ''] = await begins(t, { ...everywhere, account: 'a', parent: 'c-1' })
  assert.match(child, /^SEARCH d USING INDEX document_parent/)
  const [underWay = ''] = await begins(t, { ...everywhere, states: ['creating', 'deleting'] })
  assert.match(underWay, /^SEARCH d USING INDEX document_state/)
  // Most documents come to rest in it: the index has none of them.
  const [common = ''] = await begins(t, { ...everywhere, states: ['creating', 'completed'] })
  assert.doesNotMatch(common, /document_state/)
})

test('what has no work item is looked for among what is under way', async (t) => {
  const steps = await stepsOf(t, unqueuedSql(['creating', 'changing']))
  assert.match(steps[0] ?? '', /^SEARCH d USING INDEX document_state/)
})
