/** Composition root, its part for the console. */
import type { Identity } from '../app/identity/identity.ts'
import type { Config } from '../config/config.ts'
import type { EnvironmentSource } from '../config/environment-source.ts'
import { consolePages, type ConsoleOptions } from '../console/console.ts'
import { frontEnd, type FrontEnd } from '../console/front-end.ts'
import { samples } from '../console/samples.ts'
import type { RequestRecord } from '../console/request-record.ts'
import type { Metrics } from '../admin/metric.ts'
import type { Handled } from '../gateway/gateway.ts'
import type { ConsolePages } from '../gateway/host.ts'
import type { MovableClock } from '../kernel/clock.ts'
import { limits } from '../limits.ts'
import type { DataDirectory } from '../store/data-directory.ts'
import type { Store } from '../store/port.ts'
import type { Sharing } from './shared/sharing.ts'
import { metricsOf, type Substrates } from './substrates.ts'

interface ConsoleParts extends Omit<
  ConsoleOptions,
  'credentials' | 'environmentOf' | 'catchUp' | 'revision' | 'frontEnd' | 'samples' | 'substrates'
> {
  readonly clock: MovableClock
  readonly identity: Identity
  readonly sharing: Sharing
  readonly writes: () => number
  readonly source: EnvironmentSource
  readonly substrates: Substrates
  readonly directory: DataDirectory
}

interface ConsoleSettings {
  readonly config: Config
  readonly frontEnd?: FrontEnd
  readonly sampleMs?: number
}

/** A file of the data directory. */
const SAMPLES = 'samples.db'

export function consoleOf(
  { config, frontEnd: given, sampleMs }: ConsoleSettings,
  parts: ConsoleParts,
): ConsolePages | undefined {
  if (config.console === false) return undefined
  const log = parts.log.child({ part: 'console' })
  const kept = samples({
    file: parts.directory.file(SAMPLES),
    clock: parts.clock,
    log,
    reports: () => metricsOf(parts.substrates),
    everyMs: sampleMs,
  })
  kept.start()
  return consolePages({
    ...parts,
    log,
    samples: kept,
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

/** Whoever counts a request, and whoever shows it. */
export function noted(
  metrics: Pick<Metrics, 'handled'>,
  requests: Pick<RequestRecord, 'note'>,
): (it: Handled) => void {
  return (it) => {
    metrics.handled(it)
    requests.note(it)
  }
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
