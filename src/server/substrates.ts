/** Composition root, its part for substrates: every driver, by one line each, and what the server asks of all of them. */
import type { FailNode, SetDemand } from '../admin/context.ts'
import type { DescribeListener } from '../app/cluster/list.ts'
import type { InquirySource } from '../app/inquiry/inquiries.ts'
import type { Backup } from '../domain/backup.ts'
import type { ObjectStorageKey } from '../domain/object-storage.ts'
import { limits } from '../limits.ts'
import type { Config } from '../config/config.ts'
import type { DeclaredKubernetes } from '../config/kubernetes-source.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/log.ts'
import type { Random } from '../kernel/random.ts'
import type { Loop } from '../reconcile/loop.ts'
import type { DataDirectory } from '../store/data-directory.ts'
import type { Reader, Store } from '../store/port.ts'
import type { Paces } from '../admin/progression.ts'
import { openLocal } from './local.ts'
import { sharedSimulation, type SharedWorldOptions } from './shared/world.ts'
import type { ScriptSource } from '../substrate/local/script-run.ts'
import type { CarriedProduct, Pacing, ScriptFaults, Substrate } from '../substrate/port.ts'
import { simulation } from '../substrate/simulation/simulation.ts'
import { openWorld } from '../substrate/simulation/world.ts'

export interface DriverParts {
  readonly config: Config
  readonly directory: DataDirectory
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  /** Of an encrypted cluster; rejects with the reason as a sentence. */
  readonly dataKey: (id: string) => Promise<Uint8Array>
  /** That a cluster's engine asks object storage with; rejects with the reason as a sentence. */
  readonly objectStorageKey: (id: string) => Promise<ObjectStorageKey>
  readonly scripts: ScriptSource
  /** What the environment in force says of the Kubernetes cluster. */
  readonly declared: () => DeclaredKubernetes
  /** Where the store is that of several servers. */
  readonly store: Store
  readonly sharing: Pick<SharedWorldOptions, 'catchUp'> | undefined
  /** This one of several servers. */
  readonly server: string | undefined
}

type Open = (parts: DriverParts) => Substrate | undefined

/** Another driver is one more line; those that the settings do not ask for are not there. */
const drivers: readonly Open[] = [openSimulation, openLocal]

/** Likewise; loaded only where it is asked for. */
const rareDrivers: readonly {
  isAskedFor(config: Config): boolean
  load(): Promise<Open>
}[] = [
  {
    isAskedFor: ({ kubernetes, substrates }) =>
      (kubernetes?.kubeconfig ?? '') !== '' || Object.values(substrates).includes('kubernetes'),
    load: async () => (await import('./kubernetes.ts')).openKubernetes,
  },
]

export type Substrates = ReadonlyMap<string, Substrate>

/** By name. `wrap` is for tests that make their calls fail. */
export async function openSubstrates(
  parts: DriverParts,
  wrap: (substrate: Substrate) => Substrate = (substrate) => substrate,
): Promise<Substrates> {
  const rare = rareDrivers.filter(({ isAskedFor }) => isAskedFor(parts.config))
  const loaded = await Promise.all(rare.map(({ load }) => load()))
  const opened = [...drivers, ...loaded].flatMap((open) => {
    const substrate = open(parts)
    return substrate ? [wrap(substrate)] : []
  })
  const nameOf = ({ name, ofThisMachine }: Substrate) =>
    ofThisMachine && parts.server !== undefined ? `${name}@${parts.server}` : name
  return new Map(opened.map((each): [string, Substrate] => [nameOf(each), each]))
}

function openSimulation({ config, directory, clock, store, sharing }: DriverParts): Substrate {
  const { progressions } = config
  if (sharing) return sharedSimulation({ store, clock, progressions, catchUp: sharing.catchUp })
  const world = openWorld(directory.file('simulation.db'))
  return simulation({ clock, world, progressions })
}

type Looked = ReturnType<NonNullable<Substrate['onDescribe']>>

/** Clusters that are different because a client looked at them are reconciled before the client is answered. */
export function describeListener(
  substrates: Substrates,
  { store, clock, loop }: { readonly store: Store; readonly clock: Clock; readonly loop: Loop },
): DescribeListener {
  const listening = [...substrates.values()].filter(({ onDescribe }) => onDescribe !== undefined)
  return (ids) => {
    const looks = listening.map((substrate) => substrate.onDescribe?.(ids) ?? [])
    const areStill = looks.every((moved) => Array.isArray(moved) && moved.length === 0)
    return areStill ? false : reconciled(looks)
  }
  async function reconciled(looks: readonly Looked[]): Promise<boolean> {
    const moved = (await Promise.all(looks.map(async (each) => each))).flat()
    if (moved.length === 0) return false
    await store.write(async (tx) => {
      for (const id of moved) {
        await tx.enqueue('cluster', id, clock.now())
        for (const { document } of await openBackups(tx, id))
          await tx.enqueue('backup', document.id, clock.now())
      }
    })
    await loop.drain()
    return true
  }
}

async function openBackups(
  tx: Reader,
  parent: string,
): Promise<readonly { readonly document: Backup }[]> {
  const open = { account: undefined, parent, states: ['running'], order: 'oldest' } as const
  return (await tx.list('backup', { ...open, limit: limits.pageSize, offset: 0 })).rows
}

/** Begins supervision: what a substrate reports as changed is looked at by the reconciler. */
export function superviseAll(
  substrates: Substrates,
  { store, clock, log }: { readonly store: Store; readonly clock: Clock; readonly log: Logger },
): void {
  const changed = (id: string) => {
    store
      .write((tx) => tx.enqueue('cluster', id, clock.now()))
      .catch((problem: unknown) => log.error({ id, err: problem }, 'a change was not enqueued'))
  }
  for (const substrate of substrates.values()) substrate.supervise?.(changed)
}

/** As an administrator is shown them. */
export function carriersOf(substrates: Substrates): readonly {
  readonly name: string
  readonly remark?: string
  readonly products?: readonly CarriedProduct[]
  readonly offer?: Readonly<Record<string, string>>
}[] {
  return [...substrates].map(([name, substrate]) => {
    const remark = substrate.remark?.()
    const products = substrate.products?.()
    const offer = substrate.offer?.()
    return {
      name,
      ...(remark !== undefined && { remark }),
      ...(products && { products }),
      ...(offer && { offer }),
    }
  })
}

/** As an administrator sets them. */
export function pacesOf(substrates: Substrates): Omit<Paces, 'families'> {
  const pacing = pacingOf(substrates)
  return {
    all: pacing.all,
    async set(family, pace) {
      await pacing.settle?.()
      pacing.set(family, pace)
    },
  }
}

/** The first that has a pace; clusters of the others run as fast as they do. */
export function pacingOf(substrates: Substrates): Pacing {
  return first(substrates, ({ pacing }) => pacing)
}

export function scriptFaultsOf(substrates: Substrates): ScriptFaults {
  return first(substrates, ({ scriptFaults }) => scriptFaults)
}

/** Of the cluster's own substrate; undefined where nodes cannot be made to fail. */
export function failNodeOf(substrates: Substrates): FailNode {
  return ({ substrate, id }, node, fault) => substrates.get(substrate)?.failNode?.(id, node, fault)
}

/** Of the cluster's own substrate; undefined where applications run really. */
export function setDemandOf(substrates: Substrates): SetDemand {
  return ({ substrate, id }, demand) => substrates.get(substrate)?.setDemand?.(id, demand)
}

/** Of the cluster's own substrate; nothing where it has nobody to ask. */
export function inquirySourceOf(substrates: Substrates): InquirySource {
  return ({ substrate, id }) => substrates.get(substrate)?.inquiries?.(id) ?? {}
}

function first<T>(substrates: Substrates, find: (substrate: Substrate) => T | undefined): T {
  for (const substrate of substrates.values()) {
    const found = find(substrate)
    if (found) return found
  }
  throw new Error('no substrate has it')
}

/** Of every substrate that has figures, by cluster. */
export async function metricsOf(substrates: Substrates): Promise<ReadonlyMap<string, string>> {
  const asked = [...substrates.values()].map(async (each) => (await each.metrics?.()) ?? [])
  return new Map((await Promise.all(asked)).flatMap((each) => [...each]))
}

export async function closeAll(substrates: Substrates): Promise<void> {
  for (const substrate of substrates.values()) await substrate.close()
}
