/** A server stands still for longer than its leases while another one does its work: when it wakes, it settles nothing a second time. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { limits } from '../../src/limits.ts'
import { postgresAddress } from '../../src/store/postgres/address.ts'
import { openPostgresStore } from '../../src/store/postgres/store.ts'
import type { Store } from '../../src/store/port.ts'
import { skipWithoutPostgres, startPostgres } from '../support/engine/postgres.ts'
import { client } from '../support/http/client.ts'
import { createExpected, newExpectedCluster } from '../support/http/expected-cluster.ts'
import { startStoreServers } from '../support/process/store-servers.ts'

const skip = skipWithoutPostgres()
const ending = { after: (undo: unknown) => after(undo as () => void) }
const postgres = skip ? undefined : await startPostgres(ending)
const LISTING = { account: undefined, order: 'oldest', limit: 1000, offset: 0 } as const
const PAUSES_MAX = 20

test(
  'a server that stood still for a minute settles nothing that another one did meanwhile',
  { skip, timeout: 240_000 },
  async (t) => {
    const url = await postgres!.database()
    const { servers } = await startStoreServers(t, url, 2)
    const [one, other] = servers
    assert.ok(one && other)
    const store = await openPostgresStore({ address: postgresAddress(url), password: undefined })
    t.after(() => store.close())

    // Nobody but the first one takes work, until it stands still with some.
    other.pause()
    const connection = client(one.port)
    const asked: Promise<unknown>[] = []
    let held: readonly unknown[] = []
    for (let pauses = 0; held.length === 0; pauses++) {
      assert.ok(pauses < PAUSES_MAX, 'it never held any work')
      one.resume()
      for (let n = 0; n < 8; n++) {
        const created = createExpected(
          connection,
          newExpectedCluster(`c-${pauses}-${n}`, 'alibaba'),
        )
        asked.push(created.catch(() => undefined))
      }
      await Promise.race(asked.slice(-8))
      one.pause()
      // What it had begun is over: done, or ended by the database.
      await pause(7_000)
      held = await postgres!.query(
        new URL(url).pathname.slice(1),
        `select id from work_item where lease_token > 0`,
      )
    }
    const stoodStill = performance.now()
    t.diagnostic(`it stood still with ${held.length} leases`)
    other.resume()
    while (performance.now() - stoodStill < limits.leaseMs || (await unsettled(store)) > 0) {
      assert.ok(performance.now() - stoodStill < 2 * limits.leaseMs, 'the other one does not do it')
      await pause(500)
    }
    const before = await revisions(store)
    assert.ok(before.size > held.length)

    one.resume()
    await Promise.all(asked)
    connection.close()
    while ((await unsettled(store)) > 0) await pause(200)
    await pause(3_000)
    const later = await revisions(store)
    assert.deepEqual(new Map([...later].filter(([id]) => before.has(id))), before)
    for (const { operations } of await one.kept()) assert.equal(operations.length, 1)
  },
)

async function unsettled(store: Store): Promise<number> {
  const { rows } = await store.read((tx) => tx.list('cluster', LISTING))
  return rows.filter(({ document }) => document.status.state !== 'running').length
}

/** How often each was written. */
async function revisions(store: Store): Promise<ReadonlyMap<string, number>> {
  return store.read(async (tx) => {
    const clusters = (await tx.list('cluster', LISTING)).rows
    const operations = (await tx.list('operation', LISTING)).rows
    const orders = (await tx.list('order', LISTING)).rows
    const all = [...clusters, ...operations, ...orders]
    return new Map(all.map(({ document, revision }) => [document.id, revision]))
  })
}
