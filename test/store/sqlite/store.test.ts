import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { Fault } from '../../../src/domain/fault.ts'
import { limits } from '../../../src/limits.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { temporaryDirectory } from '../../support/directory.ts'
import { sampleCluster } from '../../support/sample.ts'
import { storeConformance, type OpenStore } from '../conformance.ts'
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
listingConformance('sqlite', open)
workItemConformance('sqlite', open)
supplyConformance('sqlite', open)
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

test('sqlite: what a killed process had leased can be leased at once when the store is opened again, under a larger token', async (t) => {
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
  assert.ok(after!.token > before!.token)
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
