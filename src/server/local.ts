/** Composition root, its part for the local substrate: engines that run on this machine, in the data directory. */
import { resolve } from 'node:path'
import { networkSource } from '../artifact/source.ts'
import { fetchedModules } from '../substrate/local/fetched-modules.ts'
import { cachedModules } from '../substrate/local/module.ts'
import { serviceLocks, starrocksLock } from '../substrate/local/lock.ts'
import { local } from '../substrate/local/local.ts'
import { serviceComponent } from '../substrate/local/service-component.ts'
import { skipped, serviceFamilies, services } from '../substrate/local/service-list.ts'
import { starrocksComponent } from '../substrate/local/starrocks.ts'
import type { Substrate } from '../substrate/port.ts'
import { addressesOf } from './artifact-source.ts'
import type { DriverParts } from './substrates.ts'

export function openLocal(parts: DriverParts): Substrate {
  const { config, directory, clock, random, log, dataKey, objectStorageKey, scripts } = parts
  const { threadsPerCpu, memoryMibPerCpu, memoryMib, advertisedHost, keepRunning } = config.local
  const cache = resolve(config.engines.cache)
  const modules = cachedModules(cache, starrocksLock)
  const known = cachedModules(cache, ...serviceLocks)
  const fetched =
    config.engines.fetch === 'auto'
      ? fetchedModules(known, {
          cache,
          locks: serviceLocks,
          source: networkSource(addressesOf(config.engines, process.env)),
          log: log.child({ part: 'engines' }),
        })
      : undefined
  const substrate = local({
    clock,
    random,
    log: log.child({ part: 'local' }),
    // Engines run in directories of their own, from where a relative path would lead elsewhere.
    root: resolve(directory.file('local')),
    components: [
      starrocksComponent(resolve(directory.file('compiled')), modules),
      ...serviceFamilies.map((family) =>
        serviceComponent({
          family,
          services,
          skipped,
          modules: fetched?.modules ?? known,
          env: process.env,
          trusted: config.local.clientCode ?? false,
        }),
      ),
    ],
    memoryMib: memoryMib ?? 0,
    dataKey,
    objectStorageKey,
    keepRunning,
    ...(config.local.clientCode && { scripts }),
    share: { threads: threadsPerCpu, memoryMib: memoryMibPerCpu },
    ...(advertisedHost === '' ? {} : { advertisedHost }),
  })
  if (!fetched) return substrate
  return {
    ...substrate,
    async close() {
      fetched.close()
      await substrate.close()
    },
  }
}
