import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogOf } from '../../src/catalog/catalog.ts'
import type { Catalog, Entry, ViewEntry } from '../../src/catalog/catalog.ts'
import type { StatementContext } from '../../src/execution/statement-context.ts'
import { scopeOf } from '../../src/resolution/statement-scope.ts'
import type { SessionState } from '../../src/execution/session-state.ts'

const view = (
  id: number,
  name: string,
  query: string,
  more: Partial<ViewEntry> = {},
): ViewEntry => ({
  kind: 'view',
  id,
  databaseId: 1,
  name,
  columns: [{ name: 'k', comment: '', type: { kind: 'int' } }],
  query,
  database: 'd',
  security: 'none',
  comment: '',
  createdMs: 0,
  ...more,
})

const first: readonly Entry[] = [
  { kind: 'database', id: 1, name: 'd', properties: {}, createdMs: 0 },
  view(2, 'plain', 'SELECT 1'),
  view(3, 'upper', 'SELECT k + 1 FROM plain'),
  view(4, 'clock', 'SELECT unix_timestamp()'),
  view(5, 'above', 'SELECT k FROM clock'),
  view(6, 'theirs', 'SELECT k FROM plain', { security: 'invoker' }),
]

const catalogWith = (changed: readonly Entry[], removed: readonly number[] = []): Catalog => {
  const entries = [...first.filter(({ id }) => !removed.includes(id)), ...changed]
  return catalogOf(new Map(entries.map((entry) => [entry.id, entry])), 1)
}

/** What a new statement finds: nothing of a session is needed but its user. */
const statement = (catalog: Catalog, startMs = 0, trusted = true) => {
  const state: SessionState = {
    id: 1,
    login: 'nobody',
    user: 'nobody',
    host: 'localhost',
    connectedMs: 0,
    database: 'd',
    authority: { userId: 0, activeRoles: [] },
    variables: new Map(),
    userVariables: new Map(),
    prepared: new Map(),
    warnings: [],
    lastQueryId: '',
  }
  const engine = {
    store: { current: catalog },
    identity: { version: '3.3.8', timeZone: 'UTC' },
  } as unknown as StatementContext['engine']
  const context: StatementContext = {
    engine,
    state,
    startMs,
    parameters: [],
    overrides: new Map(),
    hintVariables: new Map(),
  }
  const relations: string[] = []
  const scope = scopeOf(context, { trusted, onRelation: ({ name }) => relations.push(name) })
  const read = (name: string) => scope.table('d', name)?.source
  return { read, relations, planning: scope.planning }
}

const bound = (catalog: Catalog, name: string, startMs?: number): object => {
  const source = statement(catalog, startMs).read(name)
  assert.ok(typeof source === 'object', `${name} is no bound query`)
  return source.query
}

test('a view is bound once as long as the catalog is the same', () => {
  const catalog = catalogWith([])
  for (const name of ['plain', 'upper', 'theirs'])
    assert.equal(bound(catalog, name), bound(catalog, name), name)
})

test('it is bound again when what it stands on was altered, dropped or created', () => {
  const before = bound(catalogWith([]), 'upper')
  const altered = catalogWith([view(2, 'plain', 'SELECT 7')])
  assert.notEqual(bound(altered, 'upper'), before)
  assert.throws(() => bound(catalogWith([], [2]), 'upper'), /Unknown table 'd.plain'/)
  const created = catalogWith([view(7, 'plain', 'SELECT 8')], [2])
  assert.notEqual(bound(created, 'upper'), before)
})

test('what asks for anything of the session is bound by each statement, and so is what reads it', () => {
  const catalog = catalogWith([])
  for (const name of ['clock', 'above'])
    assert.notDeepEqual(bound(catalog, name, 1000), bound(catalog, name, 2000), name)
})

test('one that was bound before is read with the rights, and at the cost, that it has', () => {
  const catalog = catalogWith([])
  const [cold, warm] = [statement(catalog), statement(catalog)]
  for (const { read } of [cold, warm]) read('upper')
  assert.deepEqual(warm.relations, ['upper', 'plain'])
  assert.deepEqual(warm.relations, cold.relations)
  assert.deepEqual(warm.planning, cold.planning)
  for (const name of ['plain', 'theirs', 'theirs'])
    assert.throws(() => statement(catalog, 0, false).read(name), /Access denied/)
})

test('views nest no deeper when those below are bound already', () => {
  const chain = Array.from({ length: 33 }, (_, at) =>
    view(100 + at, `v${at}`, at === 0 ? 'SELECT 1' : `SELECT k FROM v${at - 1}`),
  )
  const catalog = catalogWith(chain)
  assert.throws(() => bound(catalog, 'v32'), /nests deeper/)
  assert.ok(bound(catalog, 'v31'))
  assert.throws(() => bound(catalog, 'v32'), /nests deeper/)
})
