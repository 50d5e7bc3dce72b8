/** A data directory moves into a database and back, and nothing is different. */
import assert from 'node:assert/strict'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { postgresAddress } from '../../src/store/postgres/address.ts'
import { copyFromDatabase, copyToDatabase } from '../../src/server/store-copy.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { skipWithoutPostgres, startPostgres } from '../support/engine/postgres.ts'
import { client } from '../support/http/client.ts'
import { createExpected, newExpectedCluster } from '../support/http/expected-cluster.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const skip = skipWithoutPostgres()

test(
  'a data directory goes into a database and back: clients see what they saw',
  { skip },
  async (t) => {
    const postgres = await startPostgres(t)
    const address = postgresAddress(await postgres.database())
    const dataDir = temporaryDirectory(t)
    const places = { dataDir, address, config: { storePasswordFile: '' } }
    const embedded = await startCloud(t, { dataDir })
    const first = newExpectedCluster('first-cluster', 'tencent')
    const second = newExpectedCluster('second-cluster', 'alibaba')
    const ids: string[] = []
    for (const it of [first, second]) ids.push(await createExpected(client(embedded.port), it))
    await embedded.settle()
    const before = await seen(embedded)
    await embedded.close()

    const there = await copyToDatabase(places)
    assert.ok((there.find(({ table }) => table === 'document')?.rows ?? 0) > 5)
    await assert.rejects(
      copyToDatabase(places),
      /belongs to a server whose database lies elsewhere/,
    )
    await assert.rejects(startCloud(t, { dataDir }), /database lies elsewhere/)
    const shared = await startCloud(t, { dataDir, config: { store: address } })
    assert.deepEqual(await seen(shared), before)
    // Answered as before the move; and the world came along: nothing is restarted.
    assert.equal(await createExpected(client(shared.port), first), ids[0])
    const third = await createExpected(
      client(shared.port),
      newExpectedCluster('third-cluster', 'tencent'),
    )
    await shared.settle()
    const after = await seen(shared)
    await assert.rejects(copyFromDatabase(places), /a server is using the database/)
    await shared.close()

    await assert.rejects(copyFromDatabase(places), /has a database already/)
    for (const name of ['emrys.db', 'emrys.db-mark', 'simulation.db'])
      renameSync(join(dataDir, name), join(temporaryDirectory(t), name))
    const back = await copyFromDatabase(places)
    const rows = (of: typeof there, name: string) => of.find(({ table }) => table === name)?.rows
    assert.equal(rows(back, 'ledger'), rows(there, 'ledger'))
    const again = await startCloud(t, { dataDir })
    assert.deepEqual(await seen(again), after)
    assert.equal(await createExpected(client(again.port), second), ids[1])
    assert.ok(after.some(({ id }) => id === third))
    assert.equal(await again.loop.sweep(), 0)
  },
)

async function seen({ store }: Awaited<ReturnType<typeof startCloud>>) {
  const listing = { account: undefined, order: 'oldest', limit: 100, offset: 0 } as const
  const { rows } = await store.read((tx) => tx.list('cluster', listing))
  return rows.map(({ document: { id, name, status, spec } }) => ({ id, name, status, spec }))
}
