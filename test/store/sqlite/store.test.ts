import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as delay, setImmediate } from 'node:timers/promises'
import type { Cluster } from '../../../src/domain/cluster/cluster.ts'
import { Fault } from '../../../src/domain/fault.ts'
import type { Operation } from '../../../src/domain/operation.ts'
import type { Json } from '../../../src/kernel/json.ts'
import { limits } from '../../../src/limits.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'
import { sampleCluster } from '../../support/fixture/sample.ts'
import { batchConformance } from '../batch-conformance.ts'
import { storeConformance, type OpenStore } from '../conformance.ts'
import { idempotencyConformance } from '../idempotency-conformance.ts'
import { ledgerConformance } from '../ledger-conformance.ts'
import { listingConformance } from '../listing-conformance.ts'
import { supplyConformance } from '../supply-conformance.ts'
import { workItemConformance } from '../work-item-conformance.ts'

const open: OpenStore = async (t) => {
  const store = openSqliteStore(join(temporaryDirectory(t), 'emrys.db'))
  t.after(() => store.close())
  return store
}

storeConformance('sqlite', open)
batchConformance('sqlite', open)
listingConformance('sqlite', open)
workItemConformance('sqlite', open)
supplyConformance('sqlite', open)
idempotencyConformance('sqlite', open)
ledgerConformance('sqlite', open)

test('sqlite: everything is there after the store was closed and opened again', async (t) => {
  const file = join(temporaryDirectory(t), 'emrys.db')
  const first = openSqliteStore(file)
  await first.write((tx) => tx.insert('cluster', sampleCluster(), 1))
  await first.close()
  const second = openSqliteStore(file)
  assert.ok(await second.read((tx) => tx.findById('cluster', 'c-1')))
  await second.close()
})

test('sqlite: a database of a newer version is refused by name and left alone', (t) => {
  const file = join(temporaryDirectory(t), 'emrys.db')
  const database = new DatabaseSync(file)
  database.exec(
    `create table migration (name text primary key); insert into migration values ('9999-later')`,
  )
  database.close()
  assert.throws(() => openSqliteStore(file), /newer version of Emrys \(migration 9999-later\)/)
})

test('sqlite: a migration that fails leaves none of those before it', (t) => {
  const file = join(temporaryDirectory(t), 'emrys.db')
  const database = new DatabaseSync(file)
  t.after(() => database.close())
  // Of the ninth migration.
  database.exec('create table counter_keyed (name text)')
  assert.throws(() => openSqliteStore(file), /counter_keyed already exists/)
  assert.deepEqual(database.prepare('select name from migration').all(), [])
})

test('sqlite: many units of work share a commit', async (t) => {
  const store = openSqliteStore(join(temporaryDirectory(t), 'emrys.db'))
  t.after(() => store.close())
  let commits = 0
  store.onEnqueue(() => commits++)
  await Promise.all(
    Array.from({ length: 100 }, (_, n) => store.write((tx) => tx.enqueue('cluster', `c-${n}`, 0))),
  )
  assert.equal(commits, 1)
})

test('sqlite: a unit of work that changes nothing writes nothing', async (t) => {
  const file = join(temporaryDirectory(t), 'emrys.db')
  const store = openSqliteStore(file)
  t.after(() => store.close())
  const lease = { nowMs: 0, wallMs: 0, leaseMs: 60_000, limit: 1 }
  const logBytes = () => statSync(`${file}-wal`).size
  await store.write((tx) => tx.count('n'))
  const before = logBytes()
  for (let n = 0; n < 3; n++) assert.deepEqual(await store.write((tx) => tx.lease(lease)), [])
  assert.equal(logBytes(), before)
  await store.write((tx) => tx.count('n'))
  assert.ok(logBytes() > before)
})

test('sqlite: what is in the log only is in the database soon after the last write', async (t) => {
  const file = join(temporaryDirectory(t), 'emrys.db')
  const store = openSqliteStore(file)
  t.after(() => store.close())
  await store.write((tx) => tx.insert('cluster', sampleCluster(), 1))
  assert.ok(statSync(`${file}-wal`).size > 0)
  assert.ok(!readFileSync(file).includes('"c-1"'))
  while (!readFileSync(file).includes('"c-1"')) await delay(20)
  await store.write((tx) => tx.insert('cluster', sampleCluster({ id: 'c-2' }), 1))
  assert.ok(await store.read((tx) => tx.findById('cluster', 'c-2')))
})

test('sqlite: a copy holds what was acknowledged before it, whole, while writes continue', async (t) => {
  const directory = temporaryDirectory(t)
  const store = openSqliteStore(join(directory, 'emrys.db'))
  t.after(() => store.close())
  const add = (n: number) =>
    store.write((tx) => tx.insert('cluster', sampleCluster({ id: `c-${n}` }), 1))
  await add(0)
  const copies = ['a', 'b'].map((name) => store.copyTo(join(directory, name)))
  await Promise.all([...copies, ...Array.from({ length: 50 }, (_, n) => add(n + 1))])
  for (const name of ['a', 'b']) {
    const copy = openSqliteStore(join(directory, name))
    assert.ok(await copy.read((tx) => tx.findById('cluster', 'c-0')), name)
    await copy.close()
  }
  await assert.rejects(store.copyTo(join(directory, 'b')), { code: 'EEXIST' })
})

test('sqlite: what a killed process had leased can be leased at once when the store is opened again, under another token', async (t) => {
  const file = join(temporaryDirectory(t), 'emrys.db')
  const first = openSqliteStore(file)
  await first.write((tx) => tx.enqueue('cluster', 'c-1', 0))
  const lease = { nowMs: 0, wallMs: 0, leaseMs: 60_000, limit: 1 }
  const [before] = await first.write((tx) => tx.lease(lease))
  await first.close()
  const second = openSqliteStore(file)
  t.after(() => second.close())
  assert.equal(await second.write((tx) => tx.complete(before!)), false)
  const [after] = await second.write((tx) => tx.lease(lease))
  assert.notEqual(after!.token, before!.token)
  assert.equal(await second.write((tx) => tx.complete(before!)), false)
})

test('sqlite: more writes than may wait are refused as overload, and the others are done', async (t) => {
  const store = openSqliteStore(join(temporaryDirectory(t), 'emrys.db'))
  t.after(() => store.close())
  const writes = Array.from({ length: limits.writesWaiting + 5 }, () =>
    store.write((tx) => tx.count('n')),
  )
  const outcomes = await Promise.allSettled(writes)
  const refused = outcomes.filter((each) => each.status === 'rejected')
  assert.equal(refused.length, 5)
  for (const { reason } of refused)
    assert.ok(reason instanceof Fault && reason.code === 'Overloaded')
  assert.equal(await store.write((tx) => tx.count('n')), limits.writesWaiting + 1)
})

test('sqlite: documents pass their decoder wherever they are read, and a save keeps what it made of them', async (t) => {
  const file = join(temporaryDirectory(t), 'emrys.db')
  const old = openSqliteStore(file)
  await old.write(async (tx) => {
    await tx.insert('cluster', sampleCluster({ id: 'c-1', name: 'v1' }), 1)
    await tx.insert('operation', { ...operation, detail: 'v1' }, 1)
  })
  await old.close()
  const decoded: string[] = []
  const upgraded = <T extends object>(document: T, member: keyof T, id: string): T => {
    decoded.push(id)
    return { ...document, [member]: 'v2' }
  }
  const store = openSqliteStore(file, {
    decode: {
      cluster: (body) => upgraded(body as unknown as Cluster, 'name', 'c-1'),
      operation: (body) => upgraded(body as unknown as Operation, 'detail', 'op-1'),
    },
  })
  const listing = { account: 'a', order: 'newest', limit: 9, offset: 0 } as const
  const found = (await store.read((tx) => tx.findById('cluster', 'c-1')))!
  const [listed] = (await store.read((tx) => tx.list('cluster', listing))).rows
  const inWrite = await store.write((tx) => tx.find('cluster', 'a', 'c-1'))
  const byHandle = await store.read((tx) => tx.findByHandle('operation', 'c-1', 7))
  for (const each of [found, listed, inWrite]) assert.equal(each?.document.name, 'v2')
  assert.equal(byHandle?.document.detail, 'v2')
  const before = decoded.length
  await store.write((tx) => tx.removeChildren('operation', 'c-1'))
  assert.deepEqual(decoded.slice(before), ['op-1'])
  await store.write((tx) => tx.save('cluster', found, found.document))
  await store.close()
  const plain = openSqliteStore(file)
  t.after(() => plain.close())
  assert.equal((await plain.read((tx) => tx.findById('cluster', 'c-1')))?.document.name, 'v2')
})

test('sqlite: a document that cannot be decoded is an error that names it, and the others are read', async (t) => {
  const decode = {
    cluster: (body: Json) => {
      if ((body as unknown as Cluster).name === 'bad') throw new Error('no such shape')
      return body as unknown as Cluster
    },
  }
  const file = join(temporaryDirectory(t), 'emrys.db')
  const writing = openSqliteStore(file)
  await writing.write(async (tx) => {
    await tx.insert('cluster', sampleCluster({ id: 'c-1', name: 'bad' }), 1)
    await tx.insert('cluster', sampleCluster({ id: 'c-2' }), 1)
    await tx.insert('cluster', sampleCluster({ id: 'c-3' }), 1)
  })
  await writing.close()
  const store = openSqliteStore(file, { decode })
  t.after(() => store.close())
  const named = /the stored cluster c-1 cannot be read: no such shape/
  await assert.rejects(
    store.read((tx) => tx.findById('cluster', 'c-1')),
    named,
  )
  await assert.rejects(
    store.write((tx) => tx.findById('cluster', 'c-1')),
    named,
  )
  assert.ok(await store.read((tx) => tx.findById('cluster', 'c-2')))
  const database = new DatabaseSync(file)
  database.exec(`update document set body = '{', revision = 2 where id = 'c-3'`)
  database.close()
  // Whether somebody else committed is asked once a turn of the event loop.
  await setImmediate()
  await assert.rejects(
    store.read((tx) => tx.findById('cluster', 'c-3')),
    /the stored cluster c-3 cannot be read/,
  )
})

const operation: Operation = {
  id: 'op-1',
  account: 'a',
  cluster: 'c-1',
  verb: 'create',
  status: 'running',
  progress: 0,
  flow: 7,
  trace: 't-7',
  startedMs: 1,
  steps: [],
}
