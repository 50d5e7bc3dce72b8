/**
 * A core over a simulated world, whose ports can be made to fail at a call that a test chooses, over and over; and the clock that
 * brings it to rest afterwards. Nothing sweeps: a work item that a failure lost shows as a cluster that does not settle.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Clusters } from '../../src/app/cluster/clusters.ts'
import type { ChangeParts } from '../../src/app/cluster/change.ts'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import { stateTraits } from '../../src/domain/cluster/lifecycle.ts'
import { manualClock, type MovableClock } from '../../src/kernel/clock.ts'
import { random } from '../../src/kernel/random.ts'
import { sealer } from '../../src/kernel/seal.ts'
import type { Loop } from '../../src/reconcile/loop.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import type { Store } from '../../src/store/port.ts'
import type { Seen, Substrate } from '../../src/substrate/port.ts'
import { simulation } from '../../src/substrate/simulation/simulation.ts'
import { openWorld, type World } from '../../src/substrate/simulation/world.ts'
import { smallCore } from './core.ts'
import { memoryDirectory } from './directory.ts'
import { sampleEnvironments } from './environment.ts'
import { failingStore, failingSubstrate, never, type Failure } from './failing.ts'
import { samplePlacement } from './sample.ts'

export type Port = 'store' | 'substrate'

export interface FailingCore {
  readonly app: Clusters
  readonly loop: Loop
  /** For changes that no verb of the app requests yet. */
  readonly parts: ChangeParts
  readonly clock: MovableClock
  /** The store without its fault, to see the truth, and its file. */
  readonly truth: Store
  readonly file: string
  readonly world: World
  /** What is there, without the faults. */
  observe(id: string): Promise<Seen>
  /** The nth call from here on fails. */
  arm(failure: Failure): void
  /** Whether it was reached. */
  struck(): boolean
  /** While it holds of what is seen of a cluster, a trouble that persists is reported of it. */
  trouble: (seen: Seen) => boolean
}

export function failingCore(t: TestContext, port: Port): FailingCore {
  const file = join(memoryDirectory(t), 'emrys.db')
  const truth = openSqliteStore(file)
  t.after(() => truth.close())
  const clock = manualClock()
  const world = openWorld(':memory:')
  const progressions = { default: { mode: 'time', seconds: 1 } } as const
  const simulated = simulation({ clock, world, progressions })
  const store = failingStore(truth, never)
  const substrate = failingSubstrate(
    troubled(simulated, (seen) => core.trouble(seen)),
    never,
  )
  const shared = { store: store.port, clock, random: random('s') }
  const failing = port === 'store' ? store : substrate
  const { app, loop } = smallCore({ ...shared, substrate: substrate.port })
  const core: FailingCore = {
    app,
    loop,
    clock,
    truth,
    file,
    world,
    observe: (id) => simulated.observe(id),
    parts: {
      ...shared,
      sealer: sealer(new Uint8Array(32)),
      environments: sampleEnvironments(store.port),
      placement: samplePlacement,
    },
    arm: failing.arm,
    struck: failing.struck,
    trouble: () => false,
  }
  return core
}

function troubled(substrate: Substrate, isTroubled: (seen: Seen) => boolean): Substrate {
  return {
    ...substrate,
    async observe(id) {
      const seen = await substrate.observe(id)
      const [first, ...others] = seen.groups
      if (!first || !isTroubled(seen)) return seen
      const trouble = { kind: 'refused', reason: 'refused', sinceMs: 0, persists: true } as const
      return { ...seen, groups: [{ ...first, trouble }, ...others] }
    },
  }
}

/** What a client does whose call broke: the same again, once. */
export async function again<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch {
    return work()
  }
}

/** More stops than any of the scenarios makes, and further than any retry is put off. */
const STOPS_MAX = 100
const RETRY_MS = 120_000

/** Moves time from one due thing to the next, until the cluster is at rest and nothing of it is left half done. */
export async function settle(core: FailingCore, id: string, where: string): Promise<Cluster> {
  const { truth, loop, clock } = core
  for (let stop = 0; stop < STOPS_MAX; stop++) {
    await loop.drain().catch(() => {})
    const leaseEndMs = await truth.nextLeaseEndMs()
    const dueMs = Math.min((await truth.nextDueMs()) ?? Infinity, leaseEndMs ?? Infinity)
    const cluster = await clusterOf(core, id)
    const soon = dueMs < clock.now() + RETRY_MS
    if (stateTraits[cluster.status.state].settled && !soon) return cluster
    assert.notEqual(dueMs, Infinity, `no work item stands for ${id} after a failure ${where}`)
    clock.advance(Math.max(1, dueMs - clock.now()))
  }
  return assert.fail(`not settled after a failure ${where}`)
}

export async function clusterOf({ truth }: FailingCore, id: string): Promise<Cluster> {
  const found = await truth.read((tx) => tx.findById('cluster', id))
  assert.ok(found, `${id} is lost`)
  return found.document
}
