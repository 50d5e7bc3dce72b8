import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { catalogOf } from '../../src/catalog/catalog.ts'
import type { DatabaseEntry, Entry, TableEntry } from '../../src/catalog/catalog.ts'
import { schemaSql } from '../../src/catalog/catalog-store.ts'
import type { Draft } from '../../src/catalog/catalog-store.ts'
import { takeVolumeIn } from '../../src/catalog/volume-catalog.ts'
import { inTransaction, linkOf } from '../../src/storage/link.ts'
import type { Link } from '../../src/storage/link.ts'

const VOLUME = 7

async function openLink(t: TestContext): Promise<Link> {
  const instance = await DuckDBInstance.create(':memory:')
  const link = linkOf(await instance.connect(), { onFatal() {} }, (text) => text)
  t.after(async () => {
    await link.close()
    instance.closeSync()
  })
  await link.run("ATTACH ':memory:' AS vol7")
  await link.run(schemaSql(VOLUME))
  return link
}

const database: DatabaseEntry = {
  kind: 'database',
  id: 10_001,
  name: 'd',
  properties: {},
  createdMs: 0,
}

const table = (id: number, name: string, more: Partial<TableEntry> = {}): TableEntry => ({
  kind: 'table',
  id,
  databaseId: database.id,
  name,
  columns: [],
  model: 'duplicate',
  keys: [],
  sortKeys: [],
  partition: undefined,
  partitions: [],
  distribution: { kind: 'random', buckets: undefined } as unknown as TableEntry['distribution'],
  indexes: [],
  properties: {},
  comment: '',
  createdMs: 0,
  view: undefined,
  volume: VOLUME,
  ...more,
})

/** In the volume, with its rows. */
async function keep(link: Link, entry: TableEntry): Promise<void> {
  const document = JSON.stringify(entry)
  await link.run('INSERT INTO vol7.emrys.object VALUES ($1, $2)', [BigInt(entry.id), document])
  await link.run(`CREATE TABLE vol7.data.t${entry.id} (k INT)`)
}

function draftOf(known: readonly Entry[]) {
  const entries = new Map(known.map((entry) => [entry.id, entry]))
  const draft: Draft = {
    get catalog() {
      return catalogOf(entries, 1)
    },
    newId: () => assert.fail('no id is given'),
    put: (entry) => void entries.set(entry.id, entry),
    remove: (id) => void entries.delete(id),
    enter: () => undefined,
    afterwards: () => undefined,
  }
  return { draft, entries }
}

const namesOf = (entries: ReadonlyMap<number, Entry>) =>
  Object.fromEntries(
    [...entries.values()].flatMap((entry) => ('name' in entry ? [[entry.id, entry.name]] : [])),
  )

test('the word of a volume holds for its tables, and for no others', async (t) => {
  const link = await openLink(t)
  await keep(link, table(10_010, 'renamed', { comment: 'of the volume' }))
  await keep(link, table(10_011, 'unknown to the instance'))
  await link.run('UPDATE vol7.emrys.counter SET next_id = 10050')
  const own = table(10_030, 'own')
  const { volume: _none, ...elsewhere } = own
  const { draft, entries } = draftOf([
    database,
    table(10_010, 'before'),
    table(10_020, 'never stored'),
    elsewhere,
  ])
  assert.equal(await inTransaction(link, () => takeVolumeIn(link, draft, VOLUME)), 10_050)
  assert.deepEqual(namesOf(entries), {
    10_001: 'd',
    10_010: 'renamed',
    10_011: 'unknown to the instance',
    10_030: 'own',
  })
})

test('what belongs to no database, or to no table, is dropped with its rows', async (t) => {
  const link = await openLink(t)
  await keep(link, table(10_010, 'kept'))
  await keep(link, table(10_011, 'of a dropped database', { databaseId: 10_009 }))
  await link.run('CREATE TABLE vol7.data.t10012 (k INT); CREATE SEQUENCE vol7.data.s10012')
  const { draft, entries } = draftOf([database])
  await inTransaction(link, () => takeVolumeIn(link, draft, VOLUME))
  assert.deepEqual(namesOf(entries), { 10_001: 'd', 10_010: 'kept' })
  const left = `SELECT table_name FROM duckdb_tables() WHERE schema_name = 'data'
    UNION ALL SELECT sequence_name FROM duckdb_sequences()`
  assert.deepEqual(await link.rows(left), [['t10010']])
  assert.deepEqual(await link.rows('SELECT id FROM vol7.emrys.object'), [[10_010n]])
})

test('two tables of one name, after a crash that two volumes remember otherwise, are both found', async (t) => {
  const link = await openLink(t)
  await keep(link, table(10_010, 'a'))
  await keep(link, table(10_011, 'b'))
  const { draft, entries } = draftOf([
    database,
    table(10_010, 'moved'),
    table(10_030, 'a', { volume: 8 }),
    table(10_031, 'b', { volume: 8 }),
  ])
  await inTransaction(link, () => takeVolumeIn(link, draft, VOLUME))
  assert.deepEqual(namesOf(entries), {
    10_001: 'd',
    10_010: 'moved',
    10_011: 'b_10011',
    10_030: 'a',
    10_031: 'b',
  })
})
