/** Composition root, its part for the core: what may be asked, over the store and whatever carries clusters. */
import { clusters, type ClustersOptions } from './app/cluster.ts'
import type { Draft } from './app/cluster-create.ts'
import type { Core } from './app/core.ts'
import { dependencies } from './app/dependency.ts'
import { operations } from './app/operation.ts'
import { Fault } from './domain/fault.ts'
import type { Clock } from './kernel/clock.ts'
import type { Loop } from './reconcile/loop.ts'
import type { Store } from './store/store.ts'
import type { Simulation } from './substrate/simulation/simulation.ts'
import type { Substrate } from './substrate/substrate.ts'

type CoreParts = Pick<
  Core,
  'billing' | 'identity' | 'environments' | 'encryption' | 'metadataProbe'
> &
  Pick<ClustersOptions, 'substrateFor' | 'described'>

export function coreOf(
  shared: Pick<ClustersOptions, 'store' | 'clock' | 'random' | 'sealer'>,
  { substrateFor, described, ...parts }: CoreParts,
): Core {
  const { store, clock, random: ids } = shared
  const { environments: around } = parts
  return {
    clock,
    random: ids,
    ...parts,
    dependencies: dependencies({ clock, random: ids }),
    clusters: clusters({ ...shared, environments: around, substrateFor, described }),
    operations: operations(store),
  }
}

/** Throws NotSupported for what the substrate lacks. */
export function carrierOf(
  { name, capabilities, runScript }: Substrate,
  { cluster }: Draft,
): string {
  const scripts = cluster.scripts?.length ?? 0
  if (scripts > 0 && runScript === undefined)
    throw new Fault('NotSupported', { what: 'a script', detail: `${name} runs none` })
  if (cluster.encryption && !capabilities.encryption)
    throw new Fault('NotSupported', { what: 'encryption', detail: `${name} does not do it` })
  return name
}

/** A client's look moves simulated clusters in manual mode; what it completed is reconciled before the client is answered. */
export function describedBy({
  simulated,
  store,
  clock,
  loop,
}: {
  readonly simulated: Simulation
  readonly store: Store
  readonly clock: Clock
  readonly loop: Loop
}): (looked: readonly string[]) => Promise<boolean> {
  return async (looked) => {
    const moved = looked.filter((id) => simulated.described(id))
    if (moved.length === 0) return false
    await store.write(async (tx) => {
      for (const id of moved) await tx.mark('cluster', id, clock.now())
    })
    await loop.drain()
    return true
  }
}
