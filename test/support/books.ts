/**
 * A small world with money in it and no cloud: the app, the loop, and the reconcilers over a real store, on a clock that stands
 * still. A store can be wrapped, for tests that make its calls fail; `truth` is the one without the wrapping.
 */
import type { TestContext } from 'node:test'
import { manualClock, type MovableClock } from '../../src/kernel/clock.ts'
import { random } from '../../src/kernel/random.ts'
import type { Billing } from '../../src/app/billing/billing.ts'
import type { Clusters } from '../../src/app/cluster/clusters.ts'
import type { NewCluster } from '../../src/app/cluster/create.ts'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import type { Order } from '../../src/domain/order.ts'
import type { Loop } from '../../src/reconcile/loop.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import type { Posted } from '../../src/store/ledger.ts'
import type { Store } from '../../src/store/port.ts'
import { simulation } from '../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../src/substrate/simulation/world.ts'
import { smallCore } from './core.ts'
import { temporaryDirectory } from './directory.ts'
import { sampleRules } from './order.ts'
import { sampleCall, sampleCluster } from './sample.ts'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

export interface Buying {
  /** Of a term, or of an hour. */
  readonly price: number
  readonly months?: number
  readonly autoRenew?: boolean
  readonly unpaid?: boolean
  readonly coupon?: string
  readonly token?: string
}

export interface BooksWorld {
  readonly app: Clusters
  readonly money: Billing
  readonly loop: Loop
  readonly clock: MovableClock
  readonly truth: Store
  buy(it: Buying): Promise<{ readonly cluster: string; readonly order: string }>
  /** Moves time from one due thing to the next, as the admin page does. */
  pass(ms: number): Promise<void>
  clusters(): Promise<readonly Cluster[]>
  orders(): Promise<readonly Order[]>
  ledger(): Promise<readonly Posted[]>
}

/** More than happens in any of these tests. */
const STOPS_MAX = 20_000

export async function booksWorld(
  t: TestContext,
  wrap: (store: Store) => Store = (store) => store,
): Promise<BooksWorld> {
  const truth = openSqliteStore(`${temporaryDirectory(t)}/emrys.db`)
  t.after(() => truth.close())
  await truth.write(async (tx) => {
    const account = { id: 'a', account: 'a', tenant: 'a', dialect: 'd', name: 'a' }
    await tx.insert('account', { ...account, status: 'active', createdMs: 0 }, 0)
  })
  const store = wrap(truth)
  const clock = manualClock(Date.parse('2026-01-01T00:30:00Z'))
  const world = openWorld(':memory:')
  const substrate = simulation({
    clock,
    world,
    progressions: { default: { mode: 'immediate' } },
  })
  const { app, money, loop } = smallCore({ store, substrate, clock, random: random('books') })
  let made = 0
  const listing = { account: 'a', order: 'oldest', limit: 1000, offset: 0 } as const
  return {
    app,
    loop,
    clock,
    truth,
    money,
    buy: (it) =>
      app.create(sampleCall({ action: 'Buy' }), {
        token: it.token,
        parameters: it,
        newCluster: () => newClusterOf(it, `${made++}`, clock.now()),
      }),
    async pass(ms) {
      const untilMs = clock.now() + ms
      for (let stop = 0; stop < STOPS_MAX; stop++) {
        await loop.drain().catch(() => {})
        // On this clock machine time and service time are one. A lease is left behind by a step that could not be completed.
        const next = [await truth.nextDueMs(), await truth.nextLeaseEndMs()]
        const due = Math.min(...next.filter((each) => each !== undefined))
        if (due > untilMs) break
        clock.advance(Math.max(1, due - clock.now()))
      }
      clock.advance(untilMs - clock.now())
      await loop.drain().catch(() => {})
    },
    clusters: async () =>
      (await truth.read((tx) => tx.list('cluster', listing))).rows.map((row) => row.document),
    orders: async () =>
      (await truth.read((tx) => tx.list('order', listing))).rows.map((row) => row.document),
    ledger: () => truth.read((tx) => tx.ledger({ account: 'a', limit: 100_000 })),
  }
}

function newClusterOf(it: Buying, id: string, nowMs: number): NewCluster {
  const { account: _1, product: _2, status: _3, secrets: _4, ...cluster } = sampleCluster()
  const { months } = it
  const untilMs = months === undefined ? nowMs : sampleRules.endOf(nowMs, months)
  const bought = months === undefined ? {} : { months, period: { fromMs: nowMs, untilMs } }
  const paid = { state: 'paid', paidMs: nowMs, ...bought } as const
  const unpaid = { state: 'unpaid', months: months ?? 1, deadlineMs: nowMs + DAY_MS } as const
  return {
    cluster: {
      ...cluster,
      id: `c-${id}`,
      charge: {
        mode: months === undefined ? 'postpaid' : 'prepaid',
        autoRenew: it.autoRenew ?? false,
        ...(months === undefined ? {} : { months }),
      },
    },
    secrets: {},
    ...(it.coupon === undefined ? {} : { coupon: it.coupon }),
    order: {
      ...(it.unpaid === true ? unpaid : paid),
      id: `o-${id}`,
      kind: 'buy',
      currency: 'X',
      items: [{ name: 'it', amount: it.price }],
      discount: 0,
    },
  }
}

export function sumOf(entries: readonly Pick<Posted, 'amount'>[]): number {
  return entries.reduce((sum, { amount }) => sum + amount, 0)
}
