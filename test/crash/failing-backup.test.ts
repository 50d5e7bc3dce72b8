/**
 * The life of a backup, replayed with every call on the store and substrate ports failing in turn, before and after its work: it is
 * taken by its policy, an instance is restored from it, and it is deleted. In the end no copy is without its backup, no backup
 * without its copy, no operation open, and the instance runs and begins with nothing any more.
 */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Call } from '../../src/app/call.ts'
import { restoreInstance } from '../../src/dialect/alibaba/starrocks/backup/restore-instance.ts'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import { manualClock } from '../../src/kernel/clock.ts'
import type { Kind } from '../../src/store/document.ts'
import { daily, startBackedUp, type BackedUp } from '../support/fixture/alibaba-backup.ts'
import {
  failingStore,
  failingSubstrate,
  never,
  type Failing,
} from '../support/fixture/failing-port.ts'
import { rootPrincipal } from '../support/http/alibaba-gate.ts'
import { wires } from '../support/http/wire.ts'

/** More failing places than a life has; fewer than the least would mean that the failures miss it. */
const PLACES_MAX = 400
const PLACES_MIN = { store: 40, substrate: 8 }
/** Every place with `npm run test:long`; else every other one, others before the call than after it. */
const STEP = process.env['EMRYS_LONG'] === '1' ? 1 : 2
const ROUNDS_MAX = 200
const HOUR_MS = 3_600_000

for (const port of ['store', 'substrate'] as const)
  for (const when of ['before', 'after'] as const)
    test(`a backup survives a failure ${when} any call on the ${port}`, async (t) => {
      const it = await stage(t, port)
      let nth = when === 'before' ? 1 : STEP
      for (; nth < PLACES_MAX; nth += STEP) {
        it.failing.arm({ nth, when })
        await live(it)
        const struck = it.failing.struck()
        it.failing.arm(never)
        await holdsTogether(it, `${when} call ${nth}`)
        if (!struck) break
      }
      t.diagnostic(`there are ${nth - 1} places`)
      assert.ok(nth < PLACES_MAX && nth > PLACES_MIN[port], `${nth} places`)
    })

interface Stage extends BackedUp {
  readonly failing: Pick<Failing<never>, 'arm' | 'struck'>
  readonly me: Call
}

async function stage(t: TestContext, port: 'store' | 'substrate'): Promise<Stage> {
  let failing: Stage['failing'] | undefined
  const it = await startBackedUp(t, {
    cloud: {
      clock: manualClock(Date.now()),
      wrap: {
        store(opened) {
          const made = failingStore(opened, never)
          if (port === 'store') failing = made
          return made.port
        },
        substrate(opened) {
          if (opened.name !== 'simulation') return opened
          const made = failingSubstrate(opened, never)
          if (port === 'substrate') failing = made
          // A look answers at once, and a call that fails is a promise.
          const { onDescribe: _look, ...substrate } = made.port
          return substrate
        },
      },
    },
  })
  assert.ok(failing)
  await it.ask('AddBackupPolicy', { ...daily, ExpireDays: 1 })
  const [wire] = wires
  assert.ok(wire)
  const { account } = wire
  const principal = { ...rootPrincipal, account, tenant: account, id: account }
  const me: Call = {
    requestId: 'r',
    principal,
    region: 'cn-hangzhou',
    product: 'starrocks',
    action: 'RestoreInstance',
    language: 'en',
  }
  return { ...it, failing, me }
}

/** One day: a backup, and an instance that is made of it; those of the day before end. */
async function live(it: Stage): Promise<void> {
  const { cloud, me } = it
  cloud.clock.advance(20 * HOUR_MS)
  await settle(it)
  cloud.clock.advance(4 * HOUR_MS)
  await settle(it)
  const [backup] = (await documents(it, 'backup')).filter(({ state }) => state === 'completed')
  if (!backup) return
  const input = {
    BackupTaskId: backup.id,
    AdminPassword: '1qaz@QAZ',
    PayType: 'postPaid',
    AutoRenew: false,
  }
  // What a client does whose call broke: the same again, once.
  const restore = () => restoreInstance.run(cloud.core, me, input)
  await restore().catch(restore)
  await settle(it)
  for (const cluster of await documents(it, 'cluster'))
    if (cluster.id !== it.id && cluster.status.state === 'running') await release(it, cluster)
  await settle(it)
}

async function release({ cloud, me }: Stage, { id, spec }: Cluster): Promise<void> {
  assert.equal(spec.origin, undefined)
  const released = () => cloud.core.clusters.release(me, id)
  await released().catch(() => released().catch(() => {}))
}

/** Moves time from one due thing to the next, as long as one is due within the hour. */
async function settle({ cloud }: Stage): Promise<void> {
  const { clock, store, loop } = cloud
  for (let round = 0; round < ROUNDS_MAX; round++) {
    await loop.drain().catch(() => {})
    const due = await store.nextDueMs().catch(() => clock.now())
    const leaseEnd = await store.nextLeaseEndMs().catch(() => clock.now())
    const next = Math.min(due ?? Infinity, leaseEnd ?? Infinity)
    if (next > clock.now() + HOUR_MS) return
    clock.advance(Math.max(1, next - clock.now()))
  }
  throw new Error('it never came to rest')
}

async function documents<K extends Kind>({ cloud }: Stage, kind: K) {
  const all = { account: undefined, order: 'newest', limit: 1000, offset: 0 } as const
  const read = () => cloud.store.read((tx) => tx.list(kind, all))
  return (await read().catch(read)).rows.map(({ document }) => document)
}

async function holdsTogether(it: Stage, where: string): Promise<void> {
  const backups = await documents(it, 'backup')
  const copies = (await it.cloud.substrates.get('simulation')?.snapshots?.list()) ?? []
  const whole = backups.filter(({ state }) => state === 'completed').map(({ id }) => id)
  assert.deepEqual(copies.map(({ snapshot }) => snapshot).toSorted(), whole.toSorted(), where)
  assert.ok(whole.length <= 2, where)
  const states = backups.map(({ state }) => state)
  assert.ok(
    states.every((state) => state === 'completed'),
    `${where}: ${states.join()}`,
  )
  const open = (await documents(it, 'operation')).filter(({ status }) => status === 'running')
  assert.deepEqual(open, [], where)
  for (const { id, status } of await documents(it, 'cluster'))
    assert.match(status.state, id === it.id ? /^running$/ : /^deleted$/, where)
}
