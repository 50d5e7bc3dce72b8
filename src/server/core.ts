/** Composition root, its part for the core: what may be asked, over the store and whatever carries clusters. */
import { resolve } from 'node:path'
import { clusters, type ClustersParts } from '../app/cluster/clusters.ts'
import type { Core } from '../app/core.ts'
import { dependencies } from '../app/dependency.ts'
import { operations } from '../app/operation/operations.ts'
import type { Config } from '../config/config.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Loop } from '../reconcile/loop.ts'
import type { DataDirectory } from '../store/data-directory.ts'
import type { Store } from '../store/port.ts'
import { local, type Local, type LocalOptions } from '../substrate/local/local.ts'
import { starrocksEngine } from '../substrate/local/starrocks.ts'
import type { Simulation } from '../substrate/simulation/simulation.ts'
import type { Substrate } from '../substrate/port.ts'

type CoreParts = Pick<
  Core,
  'billing' | 'identity' | 'environments' | 'encryption' | 'metadataProbe'
> &
  Pick<ClustersParts, 'placement' | 'onLook'>

export function coreOf(
  shared: Pick<ClustersParts, 'store' | 'clock' | 'random' | 'sealer'>,
  { placement, onLook, ...parts }: CoreParts,
): Core {
  const { store, clock, random: ids } = shared
  const { environments: around } = parts
  return {
    clock,
    random: ids,
    ...parts,
    dependencies: dependencies({ clock, random: ids }),
    clusters: clusters({ ...shared, environments: around, placement, onLook }),
    operations: operations(store),
  }
}

/** Engines that run on this machine, in the data directory. */
export function localOf(
  { local: { threadsPerCpu, memoryMibPerCpu, advertisedHost, keepRunning } }: Pick<Config, 'local'>,
  {
    directory,
    ...parts
  }: { readonly directory: DataDirectory } & Pick<LocalOptions, 'clock' | 'log' | 'random'>,
): Local {
  return local({
    ...parts,
    // Engines run in directories of their own, from where a relative path would lead elsewhere.
    root: resolve(directory.file('local')),
    engines: [starrocksEngine(resolve(directory.file('compiled')))],
    keepRunning,
    share: { threads: threadsPerCpu, memoryMib: memoryMibPerCpu },
    ...(advertisedHost === '' ? {} : { advertisedHost }),
  })
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
      for (const id of moved) await tx.enqueue('cluster', id, clock.now())
    })
    await loop.drain()
    return true
  }
}
