import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { postgresAddress } from '../../../src/store/postgres/address.ts'
import { openPostgresStore } from '../../../src/store/postgres/store.ts'
import type { Store } from '../../../src/store/port.ts'
import { sampleCluster } from '../../support/fixture/sample.ts'
import { skipWithoutPostgres, startPostgres, type Postgres } from '../../support/engine/postgres.ts'
import { batchConformance } from '../batch-conformance.ts'
import { storeConformance, type OpenStore } from '../conformance.ts'
import { idempotencyConformance } from '../idempotency-conformance.ts'
import { ledgerConformance } from '../ledger-conformance.ts'
import { listingConformance } from '../listing-conformance.ts'
import { supplyConformance } from '../supply-conformance.ts'
import { workItemConformance } from '../work-item-conformance.ts'

if (skipWithoutPostgres() === false)
  suites(await startPostgres({ after: (undo) => after(undo as () => void) }))

function suites(postgres: Postgres): void {
  const openAt = (url: string): Promise<Store> =>
    openPostgresStore({ address: postgresAddress(url), password: undefined })
  const open: OpenStore = async (t) => {
    const store = await openAt(await postgres.database())
    t.after(() => store.close())
    return store
  }

  storeConformance('postgres', open)
  batchConformance('postgres', open)
  listingConformance('postgres', open)
  workItemConformance('postgres', open)
  supplyConformance('postgres', open)
  idempotencyConformance('postgres', open)
  ledgerConformance('postgres', open)

  test('postgres: what one server wrote another one reads, also after the first was closed', async (t) => {
    const url = await postgres.database()
    const one = await openAt(url)
    const other = await openAt(url)
    t.after(() => other.close())
    await one.write((tx) => tx.insert('cluster', sampleCluster(), 1))
    assert.ok(await other.read((tx) => tx.findById('cluster', 'c-1')))
    await one.close()
    assert.ok(await other.read((tx) => tx.findById('cluster', 'c-1')))
  })
}
