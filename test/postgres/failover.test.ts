/** The database fails over to its replica, a server stands still under a lease, and two servers' clocks differ: what was promised holds. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { postgresAddress } from '../../src/store/postgres/address.ts'
import { openPostgresStore } from '../../src/store/postgres/store.ts'
import type { Store } from '../../src/store/port.ts'
import { skipWithoutPostgres, startPostgres } from '../support/engine/postgres.ts'
import { sampleCluster } from '../support/fixture/sample.ts'

const skip = skipWithoutPostgres()
const ending = { after: (undo: unknown) => after(undo as () => void) }
const postgres = skip ? undefined : await startPostgres(ending)
const replica = await postgres?.replica(ending)
const LISTING = { account: undefined, order: 'oldest', limit: 1000, offset: 0 } as const

function openAt(url: string): Promise<Store> {
  return openPostgresStore({ address: postgresAddress(url), password: undefined })
}

test(
  'a commit whose connection is lost is done once, whenever that happens',
  { skip, timeout: 120_000 },
  async (t) => {
    const url = await postgres!.database()
    const store = await openAt(url)
    t.after(() => store.close())
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'emrys'`
    const over = new AbortController()
    const cutting = (async () => {
      while (!over.signal.aborted) {
        await postgres!.query('postgres', cut)
        await pause(30)
      }
    })()
    try {
      for (let n = 1; n <= 100; n++) assert.equal(await store.write((tx) => tx.count('n')), n)
    } finally {
      over.abort()
      await cutting
    }
  },
)

test(
  'who comes back after its lease has ended settles nothing, whatever its clock says',
  { skip },
  async (t) => {
    const url = await postgres!.database()
    const [one, other] = [await openAt(url), await openAt(url)]
    t.after(() => Promise.all([one.close(), other.close()]))
    const lease = (store: Store, wallMs: number) =>
      store.write((tx) => tx.lease({ nowMs: 10, wallMs, leaseMs: 60_000, limit: 9 }))
    await one.write(async (tx) => {
      await tx.insert('cluster', sampleCluster(), 1)
      await tx.enqueue('cluster', 'c-1', 10)
    })
    const [held] = await lease(one, 100_000)
    const before = (await one.read((tx) => tx.findById('cluster', 'c-1')))!
    // The other one's clock is two seconds ahead: it takes the work as many early, and not before.
    assert.deepEqual(await lease(other, 157_999 + 2_000 - 1), [])
    const [taken] = await lease(other, 158_000 + 2_000)
    assert.equal(taken?.id, 'c-1')
    await other.write(async (tx) => {
      const found = (await tx.findById('cluster', 'c-1'))!
      await tx.save('cluster', found, { ...found.document, name: 'by the other one' })
    })
    await assert.rejects(
      one.write((tx) => tx.save('cluster', before, { ...before.document, name: 'too late' })),
      { name: 'Conflict' },
    )
    assert.equal(await one.write((tx) => tx.complete(held!)), false)
    assert.equal(await one.write((tx) => tx.requeue(held!, 0, false)), false)
    assert.equal(await other.write((tx) => tx.complete(taken)), true)
  },
)

test(
  'the replica takes over: no write fails, and none is lost or doubled',
  { skip, timeout: 120_000 },
  async (t) => {
    const [first, second] = [postgres!, replica!]
    const url = await first.database()
    const both = url.replace(`:${first.port}/`, `:${first.port},127.0.0.1:${second.port}/`)
    const store = await openAt(both)
    t.after(() => store.close())
    const acknowledged: string[] = []
    const moved = Promise.withResolvers<void>()
    const writing = (async () => {
      for (let n = 0; ; n++) {
        await store.write(async (tx) => {
          await tx.insert('cluster', sampleCluster({ id: `c-${n}` }), n)
          await tx.count('n')
        })
        acknowledged.push(`c-${n}`)
        if (n === 50) moved.resolve()
        if (n === 150) return
      }
    })()
    await moved.promise
    await first.kill()
    await second.promote()
    // Nobody follows the new one, and it must not wait for anybody.
    await second.query('postgres', `alter system set synchronous_standby_names = ''`)
    await second.query('postgres', 'select pg_reload_conf()')
    await writing
    const { rows } = await store.read((tx) => tx.list('cluster', LISTING))
    assert.deepEqual(
      rows.map(({ document }) => document.id),
      acknowledged,
    )
    assert.equal(await store.read((tx) => tx.counted('n')), acknowledged.length)
  },
)
