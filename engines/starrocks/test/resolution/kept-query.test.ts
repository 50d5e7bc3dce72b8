import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogOf } from '../../src/catalog/catalog.ts'
import type { Catalog, Entry } from '../../src/catalog/catalog.ts'
import type { StatementContext } from '../../src/execution/statement-context.ts'
import { keptQuery } from '../../src/resolution/kept-query.ts'
import { keptStatements } from '../../src/sql/kept-statement.ts'
import { manualClock } from '../../../../src/kernel/clock.ts'
import { connect, testClient } from '../support/open-engine.ts'
import { queryOf } from '../support/translated-duck.ts'

const entries: readonly Entry[] = [
  { kind: 'database', id: 1, name: 'd', properties: {}, createdMs: 0 },
  {
    kind: 'view',
    id: 2,
    databaseId: 1,
    name: 'v',
    columns: [{ name: 'k', comment: '', type: { kind: 'int' } }],
    query: 'SELECT 1',
    database: 'd',
    security: 'none',
    comment: '',
    createdMs: 0,
  },
]

const catalogNow = (): Catalog => catalogOf(new Map(entries.map((entry) => [entry.id, entry])), 1)

const contextOf = (current: Catalog, startMs: number) =>
  ({
    engine: { store: { current }, identity: { version: '3.3.8', timeZone: 'UTC' } },
    state: {
      database: 'd',
      variables: new Map(),
      userVariables: new Map(),
      authority: { userId: 0, activeRoles: [] },
    },
    startMs,
    parameters: [],
    overrides: new Map(),
    hintVariables: new Map(),
  }) as unknown as StatementContext

const translated = (text: string, current: Catalog, startMs = 0) => {
  const [parsed] = keptStatements(text, {})
  assert.ok(parsed?.statement.kind === 'select')
  return keptQuery(contextOf(current, startMs), parsed.statement.query, {})
}

test('a query is parsed once, and translated once per catalog', () => {
  const [text, current] = ['SELECT 1 + 1 AS two', catalogNow()]
  const first = translated(text, current)
  assert.ok(first)
  assert.equal(translated(text, current), first)
  assert.notEqual(translated(text, catalogNow()), first)
  assert.notEqual(keptQuery(contextOf(current, 0), queryOf(text), {}), first)
})

test('what asks for the time, or is read by who may not, is not answered from what was kept', () => {
  const current = catalogNow()
  for (const text of ['SELECT unix_timestamp()', 'SELECT @@autocommit, @x', 'SELECT user()'])
    assert.notEqual(translated(text, current), translated(text, current), text)
  for (let time = 0; time < 2; time++)
    assert.throws(() => translated('SELECT k FROM v', current), /Access denied/)
})

test('the same text answers what it means now: data, columns, database, mode, rights, temporary tables', async (t) => {
  const clock = manualClock(1_700_000_000_000)
  const { engine, client } = await testClient(t, { clock })
  const make = (name: string, value: number) =>
    client.run(
      `CREATE TABLE ${name} (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k); INSERT INTO ${name} VALUES (${value})`,
    )
  await client.run('CREATE DATABASE e')
  await make('t', 1)
  await make('e.t', 2)
  await client.run("CREATE USER reader IDENTIFIED BY ''; GRANT SELECT ON TABLE d.t TO USER reader")
  const reader = await connect(engine, 'reader', 'd')
  const text = 'SELECT * FROM t'
  const ask = () => client.rows(text)
  assert.deepEqual([await ask(), await reader.rows(text)], [[[1]], [[1]]])
  await client.run('INSERT INTO t VALUES (5)')
  assert.deepEqual(await client.rows(`${text} ORDER BY k`), [[1], [5]])
  await client.session.use('e')
  assert.deepEqual(await ask(), [[2]])
  await client.run('ALTER TABLE t ADD COLUMN v INT DEFAULT "7"')
  assert.deepEqual(await ask(), [[2, 7]])
  await client.run('REVOKE SELECT ON TABLE d.t FROM USER reader')
  assert.match((await reader.refusal(text)).message, /denied/)
  const joined = "SELECT 1 || 'a'"
  assert.deepEqual(await client.rows(joined), [[1]])
  await client.run("SET sql_mode = 'PIPES_AS_CONCAT'")
  assert.deepEqual(await client.rows(joined), [['1a']])
  const lost = "SELECT CAST('x' AS INT)"
  assert.deepEqual(await client.rows(lost), [[null]])
  await client.run("SET sql_mode = 'ALLOW_THROW_EXCEPTION'")
  assert.match((await client.refusal(lost)).message, /failed/)
  const time = 'SELECT unix_timestamp()'
  const before = await client.rows(time)
  clock.advance(5000)
  assert.notDeepEqual(await client.rows(time), before)
  await client.run('CREATE TEMPORARY TABLE t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
  assert.deepEqual(await ask(), [])
})
