/** Composition root, its part for the console. */
import type { Identity } from '../app/identity/identity.ts'
import type { Config } from '../config/config.ts'
import type { EnvironmentSource } from '../config/environment-source.ts'
import { consolePages, type ConsoleOptions } from '../console/console.ts'
import { frontEnd, type FrontEnd } from '../console/front-end.ts'
import type { ConsolePages } from '../gateway/host.ts'
import type { MovableClock } from '../kernel/clock.ts'
import { limits } from '../limits.ts'
import type { Store } from '../store/port.ts'
import type { Sharing } from './shared/sharing.ts'

interface ConsoleParts extends Omit<
  ConsoleOptions,
  'credentials' | 'environmentOf' | 'catchUp' | 'revision' | 'frontEnd'
> {
  readonly clock: MovableClock
  readonly identity: Identity
  readonly sharing: Sharing
  readonly writes: () => number
  readonly source: EnvironmentSource
}

export function consoleOf(
  { config, frontEnd: given }: { readonly config: Config; readonly frontEnd?: FrontEnd },
  parts: ConsoleParts,
): ConsolePages | undefined {
  if (config.console === false) return undefined
  return consolePages({
    ...parts,
    log: parts.log.child({ part: 'console' }),
    credentials: parts.identity.credentials.find,
    environmentOf: parts.source.inForce,
    catchUp: parts.sharing.catchUp,
    revision: revisionOf(parts),
    frontEnd: given ?? frontEnd(),
  })
}

/** Of several servers, what the others wrote is not seen here: then pages look again by themselves. */
function revisionOf({
  writes,
  sharing,
  clock,
}: Pick<ConsoleParts, 'writes' | 'sharing' | 'clock'>) {
  if (!sharing.state) return writes
  return () => writes() + Math.floor(clock.wall() / limits.pollMs)
}

/** The store, and how often something was written to it. */
export function noteWrites(store: Store): { readonly store: Store; readonly writes: () => number } {
  let count = 0
  const write: Store['write'] = async (work) => {
    const result = await store.write(work)
    count++
    return result
  }
  return { store: { ...store, write }, writes: () => count }
}
