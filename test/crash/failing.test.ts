/**
 * One creation and one deletion, replayed with every call on the store and substrate ports failing in turn, before and after its
 * work. Whoever asked tries again with the same token, as clients do; in the end there is one cluster, and then none.
 */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { manualClock } from '../../src/kernel/clock.ts'
import { random } from '../../src/kernel/random.ts'
import type { Clusters } from '../../src/app/cluster/clusters.ts'
import type { NewCluster } from '../../src/app/cluster/create.ts'
import type { Loop } from '../../src/reconcile/loop.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import type { Store } from '../../src/store/port.ts'
import { simulation } from '../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../src/substrate/simulation/world.ts'
import { smallCore } from '../support/fixture/core.ts'
import { memoryDirectory } from '../support/process/directory.ts'
import {
  failingStore,
  failingSubstrate,
  never,
  type Failure,
} from '../support/fixture/failing-port.ts'
import { sampleCall, sampleCluster } from '../support/fixture/sample.ts'

/** More failing places than any of the scenarios has. */
const PLACES_MAX = 500

interface World {
  readonly app: Clusters
  readonly loop: Loop
  /** The store without its fault, to see the truth. */
  readonly truth: Store
  readonly clock: ReturnType<typeof manualClock>
  struck(): boolean
}

function setUp(t: TestContext, port: 'store' | 'substrate', failure: Failure): World {
  const truth = openSqliteStore(`${memoryDirectory(t)}/emrys.db`)
  t.after(() => truth.close())
  const clock = manualClock()
  const simulated = simulation({
    clock,
    world: openWorld(':memory:'),
    progressions: { default: { mode: 'time', seconds: 1 } },
  })
  const store = failingStore(truth, port === 'store' ? failure : never)
  const substrate = failingSubstrate(simulated, port === 'substrate' ? failure : never)
  const { app, loop } = smallCore({
    store: store.port,
    substrate: substrate.port,
    clock,
    random: random('s'),
  })
  return {
    truth,
    clock,
    app,
    loop,
    struck: () => store.struck() || substrate.struck(),
  }
}

for (const port of ['store', 'substrate'] as const) {
  for (const when of ['before', 'after'] as const) {
    test(`a creation and a deletion survive a failure ${when} any call on the ${port}`, async (t) => {
      let places = 0
      for (let nth = 1; nth < PLACES_MAX; nth++) {
        const world = setUp(t, port, { nth, when })
        await createThenDelete(world, `${when} call ${nth} on the ${port}`)
        if (!world.struck()) break
        places++
      }
      t.diagnostic(`${places} places failed`)
      assert.ok(places >= (port === 'store' ? 30 : 4), `only ${places} places were reached`)
    })
  }
}

async function createThenDelete(world: World, where: string): Promise<void> {
  const call = sampleCall({ product: 'p' })
  let made = 0
  const newCluster = (): NewCluster => {
    const {
      account: _1,
      product: _2,
      status: _3,
      secrets: _4,
      ...cluster
    } = sampleCluster({ id: `c-${made++}` })
    const order = {
      id: `o-${made}`,
      kind: 'buy',
      state: 'paid',
      currency: 'X',
      items: [],
      discount: 0,
    } as const
    return { cluster, secrets: { password: 'Secret-1' }, order }
  }
  const created = await again(() =>
    world.app.create(call, { token: 't', parameters: { a: 1 }, newCluster }),
  )
  await settle(world, where)
  assert.deepEqual(await states(world), [[created.cluster, 'running']], where)
  await again(() => world.app.release(call, created.cluster).catch(ignoreGone))
  await settle(world, where)
  assert.deepEqual(await states(world), [[created.cluster, 'deleted']], where)
  const left = await world.truth.read((tx) => tx.tally('operation'))
  assert.deepEqual(
    left.filter(({ state, count }) => state === 'running' && count > 0),
    [],
    where,
  )
}

/** What a client does whose call broke: the same again, once. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch {
    return work()
  }
}

/** The first try may have been carried out although it was not answered. */
function ignoreGone(problem: { code?: string }): void {
  if (problem.code !== 'ClusterNotFound') throw problem
}

async function settle(world: World, where: string): Promise<void> {
  for (let round = 0; round < 60; round++) {
    await world.loop.drain().catch(() => {})
    await world.loop.sweep().catch(() => {})
    const moving = (await states(world)).some(
      ([, state]) => state === 'creating' || state === 'deleting',
    )
    if (!moving) return
    world.clock.advance(61_000)
  }
  assert.fail(`not settled after a failure ${where}`)
}

async function states(world: World): Promise<[string, string][]> {
  const page = await world.truth.read((tx) =>
    tx.list('cluster', { account: 'a', order: 'newest', limit: 10, offset: 0 }),
  )
  return page.rows.map(({ document }) => [document.id, document.status.state])
}
