/**
 * The simulation of several servers of one store: its world lies in records of the store, so that any server takes any step. Each verb runs
 * on the part of the world that it is about, within one unit of work.
 */
import { isDeepStrictEqual } from 'node:util'
import type { SnapshotKey } from '../../domain/cluster/spec.ts'
import type { Json } from '../../kernel/json.ts'
import { limits } from '../../limits.ts'
import type { Reader, Store } from '../../store/port.ts'
import type { Pacing, Snapshots, Substrate, Wanted } from '../../substrate/port.ts'
import { simulation, type SimulationOptions } from '../../substrate/simulation/simulation.ts'
import type { World } from '../../substrate/simulation/world.ts'
import type { WorldCluster, WorldSnapshot } from '../../substrate/simulation/world-cluster.ts'
import { upgraded } from '../../substrate/simulation/world-upgrade.ts'
import { putRecord, recordId } from './state.ts'

export interface SharedWorldOptions extends Omit<SimulationOptions, 'world'> {
  readonly store: Store
  /** The paces of all servers are in force when it resolves. */
  readonly catchUp: () => Promise<void>
}

/** What is in the world under one id: a cluster, and copies of it, which outlive it. */
export interface WorldPart {
  readonly cluster: WorldCluster | undefined
  readonly snapshots: readonly WorldSnapshot[]
}

export const WORLD = 'world'
export const SIMULATED_ADDRESSES = 'simulated-addresses'
/** Addresses that a server takes at once; more than one cluster has nodes. */
const BLOCK = 4_096

export function sharedSimulation({ store, catchUp, ...options }: SharedWorldOptions): Substrate {
  const slot = worldSlot()
  const inner = simulation({ ...options, world: slot.world })
  /** `work` looks at the world at once, and awaits nothing before that. */
  const look = async <T>(ids: readonly string[], work: () => T): Promise<Awaited<T>> => {
    await catchUp()
    const parts = await store.read((tx) => load(tx, ids))
    return await slot.during(parts, work).result
  }
  const change = async <T>(ids: readonly string[], work: () => T): Promise<Awaited<T>> => {
    await catchUp()
    for (;;) {
      try {
        return await store.write(async (tx) => {
          const { result, changed } = slot.during(await load(tx, ids), work)
          const value = await result
          for (const [id, part] of changed) await putRecord(tx, WORLD, id, jsonOf(part))
          return value
        })
      } catch (problem) {
        if (!(problem instanceof OutOfAddresses)) throw problem
        slot.addAddresses(await store.write((tx) => tx.count(SIMULATED_ADDRESSES, BLOCK)))
      }
    }
  }
  /** Setting the pace that is in force settles what is in the world, which is one part at a time. */
  const settle = async ({ all, set }: Pacing) => {
    const { default: pace = 'immediate' } = all()
    for (const name of await worldNames(store)) await change([name], () => set('default', pace))
  }
  const isManual = () =>
    Object.values(inner.pacing?.all() ?? {}).some((pace) => pace.startsWith('manual'))
  return {
    ...inner,
    observe: (id) => look([id], () => inner.observe(id)),
    apply: (wanted) => change(idsOf(wanted), () => inner.apply(wanted)),
    drain: (wanted, nodes) => change([wanted.id], () => inner.drain?.(wanted, nodes)),
    run: (wanted, script, nodes) => change([wanted.id], () => inner.run?.(wanted, script, nodes)),
    remove: (id) => change([id], () => inner.remove(id)),
    failNode: (id, node, fault) => change([id], () => inner.failNode?.(id, node, fault) ?? false),
    setDemand: (id, demand) => change([id], () => inner.setDemand?.(id, demand) ?? false),
    inquiries: (id) => ({
      load: (queue) => look([id], () => inner.inquiries?.(id).load?.(queue)),
      processors: async () =>
        (await look([id], () => inner.inquiries?.(id).processors?.())) ?? {
          cores: 0,
          usedPercent: 0,
        },
    }),
    async onDescribe(ids) {
      return isManual() ? change(ids, () => inner.onDescribe?.(ids) ?? []) : []
    },
    ...(inner.snapshots && {
      snapshots: sharedSnapshots(inner.snapshots, { store, look, change }),
    }),
    ...(inner.pacing && { pacing: { ...inner.pacing, settle: () => settle(inner.pacing!) } }),
    async clear() {
      for (const name of await worldNames(store))
        await store.write((tx) => putRecord(tx, WORLD, name, undefined))
    },
  }
}

interface SnapshotParts {
  readonly store: Store
  look<T>(ids: readonly string[], work: () => T): Promise<Awaited<T>>
  change<T>(ids: readonly string[], work: () => T): Promise<Awaited<T>>
}

function sharedSnapshots(inner: Snapshots, { store, look, change }: SnapshotParts): Snapshots {
  return {
    observe: (key) => look([key.cluster], () => inner.observe(key)),
    take: (key) => change([key.cluster], () => inner.take(key)),
    discard: (key) => change([key.cluster], () => inner.discard(key)),
    async list() {
      const found: SnapshotKey[] = []
      for (const name of await worldNames(store))
        found.push(...(await look([name], () => inner.list())))
      return found
    },
  }
}

/** A cluster, and one with whose copy it begins. */
function idsOf({ id, spec }: Wanted): readonly string[] {
  return spec.origin ? [id, spec.origin.cluster] : [id]
}

type Parts = ReadonlyMap<string, WorldPart>

async function load(tx: Reader, ids: readonly string[]): Promise<Parts> {
  const found = await Promise.all(
    [...new Set(ids)].map(async (id) => {
      const record = await tx.findById('record', recordId(WORLD, id))
      return [id, partOf(record?.document.value)] as const
    }),
  )
  return new Map(found)
}

export async function worldNames(store: Store): Promise<readonly string[]> {
  const found: string[] = []
  for (let behindSeq = 0; ;) {
    const place = { account: undefined, order: 'oldest', offset: 0, behindSeq } as const
    const page = await store.read((tx) =>
      tx.list('record', { ...place, parent: WORLD, limit: limits.adminRows }),
    )
    const last = page.rows.at(-1)
    if (!last) return found
    found.push(...page.rows.map(({ document }) => document.name))
    behindSeq = last.seq
  }
}

export function partOf(value: Json | undefined): WorldPart {
  const { cluster, snapshots = [] } = (value ?? {}) as unknown as Partial<WorldPart>
  return { cluster: cluster && upgraded(cluster), snapshots }
}

/** Undefined for nothing. */
export function jsonOf({ cluster, snapshots }: WorldPart): Json | undefined {
  if (!cluster && snapshots.length === 0) return undefined
  return { ...(cluster && { cluster }), snapshots } as unknown as Json
}

/** A server has none left; others are taken, and the verb begins again. */
class OutOfAddresses extends Error {}

interface WorldSlot {
  readonly world: World
  /** What `work` finds and changes is `parts` alone. */
  during<T>(parts: Parts, work: () => T): { readonly result: T; readonly changed: Parts }
  /** `last` of a block. */
  addAddresses(last: number): void
}

/** A world that is there for as long as one verb runs. */
function worldSlot(): WorldSlot {
  let parts = new Map<string, WorldPart>()
  let next = 1
  let last = 0
  let writes = 0
  const part = (id: string): WorldPart => parts.get(id) ?? { cluster: undefined, snapshots: [] }
  const put = (id: string, it: Partial<WorldPart>) => {
    writes++
    parts.set(id, { ...part(id), ...it })
  }
  const others = ({ cluster, snapshot }: SnapshotKey) =>
    part(cluster).snapshots.filter((each) => each.snapshot !== snapshot)
  const world: World = {
    find: (id) => part(id).cluster,
    all: () => [...parts.values()].flatMap(({ cluster }) => cluster ?? []),
    put: (cluster) => put(cluster.id, { cluster }),
    putTogether: async (cluster) => put(cluster.id, { cluster }),
    remove: (id) => put(id, { cluster: undefined }),
    findSnapshot: ({ cluster, snapshot }) =>
      part(cluster).snapshots.find((each) => each.snapshot === snapshot),
    snapshots: () => [...parts.values()].flatMap(({ snapshots }) => snapshots),
    putSnapshot: (it) => put(it.cluster, { snapshots: [...others(it), it] }),
    removeSnapshot: (key) => put(key.cluster, { snapshots: others(key) }),
    clear: () => parts.clear(),
    nextAddress() {
      if (next > last) throw new OutOfAddresses()
      return next++
    },
    skipAddresses: () => {},
    get writes() {
      return writes
    },
    close: () => {},
  }
  return {
    world,
    during(given, work) {
      parts = new Map(given)
      const result = work()
      const changed = [...parts].filter(([id, it]) => !isDeepStrictEqual(it, given.get(id)))
      parts = new Map()
      return { result, changed: new Map(changed) }
    },
    addAddresses(end) {
      next = end - BLOCK + 1
      last = end
    },
  }
}
