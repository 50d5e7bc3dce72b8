/** The store of the version before work items had tokens and each meaning its column, opened by today's. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import type { Kind, Listing, Store } from '../../src/store/port.ts'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import { clusterDecoder } from '../../src/store/cluster-document.ts'
import { migrations } from '../../src/store/migration.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { earlierDirectory } from './earlier-directory.ts'

type Row = Readonly<Record<string, unknown>>

/** The dialects' own decoders are tested with them; here documents need only be of today's form. */
const decode = { cluster: clusterDecoder(new Map()) }

const ALIBABA = '1000000000000001'
const TENCENT = '100000000001'
const EVERYTHING: Listing = { account: undefined, order: 'id', limit: 1000, offset: 0 }

/** The rows of the earlier database, read before it is opened, and the store on it. */
function upgraded(t: TestContext) {
  const { path, nowMs } = earlierDirectory(t, 'schema-0003')
  const file = join(path, 'emrys.db')
  const earlier = new DatabaseSync(file)
  const rows = (sql: string): readonly Row[] => earlier.prepare(sql).all()
  const before = {
    documents: rows(`select * from document order by kind, id`),
    tags: rows(`select * from tag where kind = 'cluster' order by id, tag_key`),
    policies: rows(`select * from tag where kind <> 'cluster' order by kind, id, tag_key`),
    marks: rows(`select * from mark order by due_ms, kind, id`),
    tokens: rows(`select * from token order by token`),
    audit: rows(`select * from audit order by seq desc`),
    holdings: rows(`select * from holding where amount > 0`),
    addresses: rows(`select * from address where holder <> '' order by pool, number`),
    ledger: rows(`select * from ledger order by seq desc`),
    balances: rows(`select * from balance order by account`),
    counters: rows(`select * from counter where name <> 'lease' order by name`),
  }
  earlier.close()
  const store = openSqliteStore(file, { decode })
  t.after(() => store.close())
  const kinds = [...new Set(before.documents.map((row) => row['kind'] as Kind))]
  return { store, before, kinds, nowMs, file }
}

async function idsOf(store: Store, kind: Kind, listing: Partial<Listing>) {
  const it = { ...EVERYTHING, ...listing }
  const { rows, total } = await store.read((tx) => tx.list(kind, it))
  assert.equal(total, rows.length, JSON.stringify(listing))
  return rows.map(({ document }) => document.id)
}

test('the earlier directory holds what a long life leaves behind', (t) => {
  const { before, kinds } = upgraded(t)
  assert.deepEqual(kinds, [
    'accessKey',
    'account',
    'cluster',
    'coupon',
    'encryptionKey',
    'operation',
    'order',
    'policy',
    'resource',
    'role',
    'session',
    'user',
    'wallet',
  ])
  const states = before.documents
    .filter(({ kind }) => kind === 'cluster')
    .map(({ state }) => String(state))
  assert.deepEqual([...new Set(states)].toSorted(), [
    'creating',
    'deleted',
    'deleting',
    'failed',
    'isolated',
    'running',
    'suspended',
    'unpaid',
  ])
  assert.equal(before.marks.filter((row) => Number(row['lease_ms']) > 0).length, 2)
  for (const rows of Object.values(before)) assert.ok(rows.length > 0)
})

test('every document is kept as it was, with its revision and its place in listings', async (t) => {
  const { store, before, kinds } = upgraded(t)
  for (const kind of kinds.filter((each) => each !== 'cluster')) {
    const { rows } = await store.read((tx) => tx.list(kind, EVERYTHING))
    assert.deepEqual(
      rows.map(({ document, seq, revision }) => [document, seq, revision]),
      before.documents
        .filter((row) => row['kind'] === kind)
        .map((row) => [JSON.parse(String(row['body'])), row['seq'], row['revision']]),
      kind,
    )
  }
})

/** What the earlier version kept of a cluster in one flat document, read from where it is now. */
function flatOf({ spec, status, extension, resourceGroup, ...cluster }: Cluster): object {
  const { running: _running, groups, configuration: _configuration, ...wanted } = spec
  const { nodes: seen, ...rest } = status
  const shown = (id: string, address?: string) =>
    seen[id] ? { address: seen[id].address, ready: seen[id].ready } : { address, ready: false }
  return {
    ...cluster,
    ...wanted,
    ...rest,
    scope: resourceGroup,
    traits: extension,
    groups: groups.map(({ machine, description: _text, extension: traits, nodes, ...group }) => ({
      ...group,
      spec: machine,
      traits,
      nodes: nodes.map(({ restarts: _count, ...node }) => ({
        ...node,
        ...shown(node.id, node.address),
      })),
    })),
  }
}

test('every cluster is kept, with all that was wanted and seen of it', async (t) => {
  const { store, before } = upgraded(t)
  const { rows } = await store.read((tx) => tx.list('cluster', EVERYTHING))
  const clusters = before.documents.filter((row) => row['kind'] === 'cluster')
  assert.deepEqual(
    rows.map(({ document, seq, revision }) => [plain(flatOf(document)), seq, revision]),
    clusters.map((row) => {
      const body = JSON.parse(String(row['body'])) as { charge: { stop?: { why: string } } }
      // It was called otherwise.
      if (body.charge.stop?.why === 'given-up') body.charge.stop.why = 'owner-isolated'
      return [body, row['seq'], row['revision']]
    }),
  )
})

/** Without members that are undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

test('documents are counted as they are, by kind, product and state', async (t) => {
  const { store, before, kinds } = upgraded(t)
  for (const kind of kinds) {
    const counts = new Map<string, number>()
    for (const row of before.documents.filter((each) => each['kind'] === kind)) {
      // A role's kind and a resource's origin were filed as their state.
      const state = kind === 'role' || kind === 'resource' ? '' : String(row['state'])
      const place = `${String(row['product'])} ${state}`
      counts.set(place, (counts.get(place) ?? 0) + 1)
    }
    const tally = await store.read((tx) => tx.tally(kind))
    const counted = tally.map(({ product, state, count }) => [`${product} ${state}`, count])
    assert.deepEqual(new Map(counted as [string, number][]), counts, kind)
  }
})

test('every filter of a listing finds what it found before', async (t) => {
  const { store, before } = upgraded(t)
  const idsWhere = (kind: Kind, column: string, value: unknown) =>
    before.documents
      .filter((row) => row['kind'] === kind && row[column] === value)
      .map((row) => row['id'])
  const moved: readonly [Kind, string, keyof Listing, (value: string) => unknown][] = [
    ['cluster', 'scope', 'resourceGroup', String],
    ['operation', 'scope', 'verbs', (value) => [value]],
    ['operation', 'name', 'trace', String],
    ['account', 'scope', 'dialect', String],
    ['role', 'state', 'roleKind', String],
    ['resource', 'scope', 'resourceKind', String],
    ['resource', 'state', 'origin', String],
    ['cluster', 'state', 'states', (value) => [value]],
    ['operation', 'state', 'states', (value) => [value]],
    ['operation', 'parent', 'parent', String],
    ['order', 'parent', 'parent', String],
    ['cluster', 'region', 'region', String],
    ['cluster', 'product', 'product', String],
    ['cluster', 'name', 'nameIs', (value) => [value]],
  ]
  for (const [kind, column, member, filter] of moved) {
    const values = new Set(
      before.documents.filter((row) => row['kind'] === kind).map((row) => row[column]),
    )
    assert.ok(values.size > (kind === 'role' || column === 'region' ? 0 : 1), `${kind} ${column}`)
    for (const value of values)
      assert.deepEqual(
        await idsOf(store, kind, { [member]: filter(String(value)) }),
        idsWhere(kind, column, value),
        `${kind} ${column} ${String(value)}`,
      )
  }
  assert.deepEqual(await idsOf(store, 'operation', { nameContains: '-' }), [])
})

test('clusters are found by their tags, users and roles by their policies', async (t) => {
  const { store, before } = upgraded(t)
  for (const { id, tag_key: key, tag_value: value } of before.tags) {
    const tags = [{ key: String(key), value: String(value) }]
    assert.ok((await idsOf(store, 'cluster', { tags })).includes(String(id)))
  }
  for (const { kind, id, tag_key: key } of before.policies) {
    const policy = String(key)
    assert.ok((await idsOf(store, kind as Kind, { policy })).includes(String(id)))
    const tags = [{ key: policy }]
    assert.deepEqual(await idsOf(store, kind as Kind, { tags }), [])
  }
})

test('clusters are found by their node groups', async (t) => {
  const { store } = upgraded(t)
  const { rows } = await store.read((tx) => tx.list('cluster', EVERYTHING))
  const products = new Set<string>()
  for (const { document } of rows)
    for (const { id } of document.spec.groups) {
      products.add(document.product)
      const found = await store.read((tx) => tx.findByNodeGroup(document.account, id))
      // Groups that are named after their cluster are found through it.
      const isNamedAfter = id.startsWith(`${document.id}.`)
      assert.equal(found?.document.id, isNamedAfter ? undefined : document.id)
    }
  assert.deepEqual([...products].sort(), ['emr', 'starrocks'])
})

test('work is due when it was, that of a killed server at once, and under tokens of its own', async (t) => {
  const { store, before, nowMs } = upgraded(t)
  const due = before.marks.map((row) => Number(row['due_ms']))
  assert.equal(await store.nextDueMs(), due[0])
  assert.equal(await store.nextLeaseEndMs(), undefined)
  const lease = (nowMs2: number) =>
    store.write((tx) => tx.lease({ nowMs: nowMs2, wallMs: nowMs, leaseMs: 1000, limit: 100 }))
  assert.deepEqual(await lease(due[0]! - 1), [])
  const items = [...(await lease(nowMs + 60_000)), ...(await lease(Number.MAX_SAFE_INTEGER))]
  assert.deepEqual(
    items.map(({ kind, id }) => `${kind} ${id}`).toSorted(),
    before.marks.map((row) => `${String(row['kind'])} ${String(row['id'])}`).toSorted(),
  )
  assert.equal(new Set(items.map(({ token }) => token)).size, items.length)
  for (const item of items) assert.equal(await store.write((tx) => tx.complete(item)), true)
  assert.equal(await store.nextDueMs(), undefined)
})

test('idempotency tokens, the audit trail, the ledger and what is held are kept', async (t) => {
  const { store, before } = upgraded(t)
  for (const row of before.tokens) {
    const { account, action, token, fingerprint, answer, expires_ms: expiresMs } = row
    const key = [String(account), String(action), String(token)] as const
    const found = await store.read((tx) => tx.findToken(...key))
    assert.deepEqual({ ...found }, { account, action, token, fingerprint, answer, expiresMs })
  }
  const audit = await store.read((tx) => tx.audit(undefined, 1000))
  assert.deepEqual(
    audit.map(({ atMs, action, subject }) => [atMs, action, subject]),
    before.audit.map((row) => [row['at_ms'], row['action'], row['subject']]),
  )
  const ledger = await store.read((tx) => tx.ledger({ limit: 1000 }))
  assert.deepEqual(
    ledger.map(({ seq, key, amount }) => [seq, key, amount]),
    before.ledger.map((row) => [row['seq'], row['entry'], row['amount']]),
  )
  for (const { account, amount } of before.balances)
    assert.equal(await store.read((tx) => tx.balance(String(account))), amount)
  const held = await store.read((tx) => tx.reservations(undefined, 1000))
  assert.equal(held.length, before.holdings.length)
  for (const row of before.holdings)
    assert.ok(held.some((each) => Object.entries(each).every(([name, is]) => row[name] === is)))
  for (const { name, value } of before.counters)
    assert.equal(await store.write((tx) => tx.count(String(name))), Number(value) + 1)
})

test('addresses that are taken stay taken, and come free with their holder', async (t) => {
  const { store, before } = upgraded(t)
  const pools = [...new Set(before.addresses.map((row) => String(row['pool'])))]
  const takenIn = (pool: string) => before.addresses.filter((row) => row['pool'] === pool)
  const numbersOf = (rows: readonly Row[]) => rows.map((row) => Number(row['number']))
  const take = async (pool: string, count: number) => {
    const first = Math.min(...numbersOf(takenIn(pool)))
    const range = { pool, first, last: first + 1000, count }
    const taken = await store.write((tx) => tx.allocateAddresses('new', [range]))
    return (taken as readonly (readonly number[])[])[0]!
  }
  for (const pool of pools) {
    const taken = new Set(numbersOf(takenIn(pool)))
    const fresh = await take(pool, 20)
    assert.equal(fresh.length, 20)
    assert.ok(fresh.every((number) => !taken.has(number)))
  }
  const holder = String(before.addresses[0]!['holder'])
  await store.write((tx) => tx.releaseAddresses(holder))
  for (const pool of pools) {
    const freed = numbersOf(takenIn(pool).filter((row) => row['holder'] === holder))
    if (freed.length > 0) assert.deepEqual(await take(pool, 1), [Math.min(...freed)])
  }
})

test('a store that was opened once is opened again, and its counts follow what is saved', async (t) => {
  const { store, file } = upgraded(t)
  const again = openSqliteStore(file, { decode })
  t.after(() => again.close())
  const running: Listing = { ...EVERYTHING, account: ALIBABA, states: ['running'] }
  const [first] = (await again.read((tx) => tx.list('cluster', running))).rows
  const total = async () => (await store.read((tx) => tx.list('cluster', running))).total
  const before = await total()
  await again.write((tx) =>
    tx.save('cluster', first!, {
      ...first!.document,
      status: { ...first!.document.status, state: 'deleting' },
    }),
  )
  assert.equal(await total(), before - 1)
  const [role] = (await again.read((tx) => tx.list('role', { ...EVERYTHING, account: TENCENT })))
    .rows
  await again.write((tx) => tx.remove('role', role!))
  const left = await again.read((tx) => tx.tally('role'))
  assert.equal(
    left.reduce((sum, { count }) => sum + count, 0),
    (await idsOf(again, 'role', {})).length,
  )
})

test('what the version before indexed is found by parent, state and name', async (t) => {
  const file = join(temporaryDirectory(t), 'emrys.db')
  const earlier = new DatabaseSync(file)
  earlier.exec('create table migration (name text primary key)')
  for (const { name, statements } of migrations) {
    if (name === '0015-indexes-of-some') break
    for (const sql of statements)
      earlier.exec(
        sql
          .replaceAll('{serial}', 'integer primary key autoincrement')
          .replaceAll('{keyed}', 'without rowid'),
      )
    earlier.prepare('insert into migration (name) values (?)').run(name)
  }
  const insert = earlier.prepare(`insert into document
    (kind, account, region, product, id, name, state, parent, handle, revision, created_ms, body)
    values (?, 'a', '', '', ?, ?, ?, ?, ?, 1, 1, ?)`)
  const add = (
    kind: Kind,
    id: string,
    [name, state, parent, handle]: readonly [string, string, string, number],
  ) => insert.run(kind, id, name, state, parent, handle, JSON.stringify({ id, account: 'a' }))
  add('cluster', 'c-1', ['one', 'running', '', 0])
  add('order', 'o-1', ['', 'paid', 'c-1', 0])
  add('order', 'o-2', ['', 'unpaid', 'c-1', 0])
  add('operation', 'op-1', ['', 'completed', 'c-1', 7])
  earlier.close()
  const store = openSqliteStore(file)
  t.after(() => store.close())
  const found = async (kind: Kind, listing: Partial<Listing>) =>
    (await store.read((tx) => tx.list(kind, { ...EVERYTHING, ...listing }))).rows.map(
      ({ document }) => document.id,
    )
  assert.deepEqual(await found('cluster', { account: 'a', nameIs: ['one'] }), ['c-1'])
  assert.deepEqual(await found('cluster', { states: ['running'] }), ['c-1'])
  assert.deepEqual(await found('order', { parent: 'c-1' }), ['o-1', 'o-2'])
  assert.deepEqual(await found('order', { states: ['unpaid'] }), ['o-2'])
  assert.deepEqual(await found('order', { states: ['paid', 'unpaid'] }), ['o-1', 'o-2'])
  const operation = await store.read((tx) => tx.findByHandle('operation', 'c-1', 7))
  assert.equal(operation?.document.id, 'op-1')
  assert.deepEqual(await store.read((tx) => tx.unqueued('cluster', ['running'], 10)), ['c-1'])
})
