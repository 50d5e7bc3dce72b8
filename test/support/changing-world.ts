/**
 * A core on files over a simulated world, that can be killed and opened again, and whose substrate and store can be made to fail.
 * Its clusters are counted by one rule: a machine for each node, of a type by its size, and an hourly or monthly price by node.
 */
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Call } from '../../src/app/call.ts'
import type { ChangeTerms } from '../../src/app/cluster/change.ts'
import type { NewCluster } from '../../src/app/cluster/create.ts'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import { sizeOf } from '../../src/domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../src/domain/cluster/spec.ts'
import type { Reservation } from '../../src/domain/environment.ts'
import { manualClock, type MovableClock } from '../../src/kernel/clock.ts'
import { merged } from '../../src/domain/supply.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import type { Store } from '../../src/store/port.ts'
import type { Seen, Substrate } from '../../src/substrate/port.ts'
import { simulation } from '../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../src/substrate/simulation/world.ts'
import { smallCore, type SmallCore } from './core.ts'
import { temporaryDirectory } from './directory.ts'
import type { EnvironmentChange } from './environment.ts'
import { sampleRules } from './order.ts'
import { sampleCall, sampleCluster, sampleGroup } from './sample.ts'

export const changingCall: Call = sampleCall({ region: 'r-1' })

/** Where the next unit of work breaks: before it, with all done but not committed, or after its commit. */
export type Crash = 'none' | 'before' | 'inside' | 'after'

export interface Failures {
  crash: Crash
  /** So many of the next calls that bring the world further throw. */
  applies: number
  /** Clusters of which a trouble that persists is reported. */
  readonly troubled: Set<string>
}

export interface ChangingWorld {
  readonly clock: MovableClock
  readonly failures: Failures
  core(): SmallCore
  /** Without the failures. */
  truth(): Store
  observe(id: string): Promise<Seen>
  /** Everything that was not committed is lost. */
  kill(): Promise<void>
}

export function changingWorld(t: TestContext, environment: EnvironmentChange): ChangingWorld {
  const directory = temporaryDirectory(t)
  const clock = manualClock()
  const failures: Failures = { crash: 'none', applies: 0, troubled: new Set() }
  const open = () => {
    const truth = openSqliteStore(join(directory, 'emrys.db'))
    const progressions = { default: { mode: 'time', seconds: 1 } } as const
    const world = openWorld(join(directory, 'simulation.db'))
    const simulated = simulation({ clock, world, progressions })
    const core = smallCore({
      store: crashing(truth, failures),
      substrate: failing(simulated, failures),
      clock,
      environment,
    })
    return { truth, simulated, core }
  }
  let now = open()
  const close = async () => {
    await now.core.loop.stop()
    await now.simulated.close()
    await now.truth.close()
  }
  t.after(close)
  return {
    clock,
    failures,
    core: () => now.core,
    truth: () => now.truth,
    observe: (id) => now.simulated.observe(id),
    async kill() {
      await close()
      now = open()
    },
  }
}

function crashing(truth: Store, failures: Failures): Store {
  return {
    ...truth,
    async write(work) {
      const { crash } = failures
      failures.crash = 'none'
      if (crash === 'before') throw new Error('crashed before')
      const result = await truth.write(async (tx) => {
        const done = await work(tx)
        if (crash === 'inside') throw new Error('crashed inside')
        return done
      })
      if (crash === 'after') throw new Error('crashed after')
      return result
    },
  }
}

function failing(substrate: Substrate, failures: Failures): Substrate {
  const fail = () => {
    if (failures.applies === 0) return
    failures.applies--
    throw new Error('crashed in the substrate')
  }
  return {
    ...substrate,
    async apply(wanted) {
      fail()
      await substrate.apply(wanted)
      fail()
    },
    async observe(id) {
      const seen = await substrate.observe(id)
      const [first, ...others] = seen.groups
      if (!first || !failures.troubled.has(id)) return seen
      const trouble = { kind: 'refused', reason: 'refused', sinceMs: 0, persists: true } as const
      return { ...seen, groups: [{ ...first, trouble }, ...others] }
    },
  }
}

const place = { zone: 'z-1', charge: 'postpaid' }

/** What a cluster holds of its account's supply, by its spec alone. */
export function reservationsOf({ groups }: Pick<ClusterSpec, 'groups'>): readonly Reservation[] {
  return merged([
    { measure: 'cluster', type: '', ...place, amount: 1 },
    ...groups.flatMap((group) =>
      group.nodes.map((node): Reservation => {
        const type = `M${sizeOf(group, node).cpu}`
        return { measure: 'machine', type, ...place, amount: 1 }
      }),
    ),
  ])
}

function priceOf({ groups }: Pick<ClusterSpec, 'groups'>): number {
  const cpus = groups.flatMap((group) => group.nodes.map((node) => sizeOf(group, node).cpu))
  return cpus.reduce((sum, cpu) => sum + 1_000 * cpu, 0)
}

/** The new price; of a subscription the difference for the rest of its term, and the new price from then on. */
export function termsOf(nowMs: number, orderId: string) {
  return ({ spec, charge }: Cluster, next: ClusterSpec): ChangeTerms => {
    const reservations = reservationsOf(next)
    const item = (amount: number) => [{ name: 'it', amount }]
    const paid = { id: orderId, state: 'paid', currency: 'X', discount: 0, paidMs: nowMs } as const
    if (charge.mode === 'postpaid')
      return { reservations, order: { ...paid, items: item(priceOf(next)) } }
    const untilMs = charge.expiresMs ?? nowMs
    const share = Math.max(0, untilMs - nowMs) / (sampleRules.endOf(nowMs, 1) - nowMs)
    const difference = Math.round((priceOf(next) - priceOf(spec)) * share)
    const period = { fromMs: nowMs, untilMs }
    const renewalItems = item(priceOf(next))
    return { reservations, order: { ...paid, items: item(difference), renewalItems, period } }
  }
}

export interface NewClusterMembers {
  readonly number: number
  readonly nodes: number
  readonly prepaid: boolean
  readonly nowMs: number
}

export function newChangingCluster(it: NewClusterMembers): NewCluster {
  const { number, nodes, prepaid, nowMs } = it
  const id = `c-${number}`
  const group = (name: string, count: number) => ({
    ...sampleGroup(`${id}-${name}`, count),
    subnet: 's-1',
  })
  const spec = { groups: [group('a', 1), group('b', nodes)] }
  const sample = sampleCluster({ id, region: 'r-1', spec })
  const { account: _a, product: _p, status: _s, secrets: _c, ...cluster } = sample
  const months = prepaid ? { months: 1 } : {}
  const period = { fromMs: nowMs, untilMs: sampleRules.endOf(nowMs, 1) }
  return {
    cluster: {
      ...cluster,
      charge: { mode: prepaid ? 'prepaid' : 'postpaid', autoRenew: false, ...months },
    },
    secrets: {},
    order: {
      id: `o-${number}`,
      kind: 'buy',
      state: 'paid',
      currency: 'X',
      items: [{ name: 'it', amount: priceOf(spec) }],
      discount: 0,
      paidMs: nowMs,
      ...(prepaid ? { ...months, period } : {}),
    },
    allocation: { uses: [], makes: [], reservations: reservationsOf(spec) },
  }
}
