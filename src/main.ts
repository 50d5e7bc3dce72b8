/**
 * The composition root: the only file that knows every part. `startServer` puts them together and takes them apart again;
 * the command, the demo and the tests all start servers through it.
 */
import { systemClock, type MovableClock } from './kernel/clock.ts'
import { silentLogger, type Logger } from './kernel/log.ts'
import { random, type Random } from './kernel/random.ts'
import { sealer } from './kernel/seal.ts'
import { clusters } from './app/cluster.ts'
import type { Core } from './app/core.ts'
import { operations } from './app/operation.ts'
import type { Config } from './config.ts'
import { Fault } from './domain/fault.ts'
import type { CredentialSource } from './domain/identity.ts'
import { adminPages } from './admin/page.ts'
import { developmentCredentials } from './gateway/development.ts'
import type { Dialect } from './gateway/dialect.ts'
import { gateway, type GatewayOptions } from './gateway/gateway.ts'
import { httpHost } from './gateway/host.ts'
import { createMetrics } from './admin/metric.ts'
import { createNonceCache } from './gateway/nonce-cache.ts'
import { throttle } from './gateway/throttle.ts'
import { alibaba } from './dialect/alibaba/dialect.ts'
import { tencent } from './dialect/tencent/dialect.ts'
import { clusterReconciler } from './reconcile/cluster.ts'
import { reconcileLoop, type Loop } from './reconcile/loop.ts'
import { openDataDirectory } from './store/data-directory.ts'
import { openSqliteStore } from './store/sqlite/store.ts'
import type { Store } from './store/store.ts'
import { simulation, type Simulation } from './substrate/simulation/simulation.ts'
import { openWorld } from './substrate/simulation/world.ts'
import type { Substrate } from './substrate/substrate.ts'

/** Both clouds' longest freshness window is 15 minutes; nonces are kept for two of them. */
const NONCE_WINDOW_MS = 15 * 60_000

export interface ServerOptions {
  readonly config: Config
  readonly clock?: MovableClock
  readonly log?: Logger
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly onFault?: GatewayOptions['onFault']
  /** Wraps the store or the substrates, for tests that make their calls fail. */
  readonly wrap?: {
    readonly store?: (store: Store) => Store
    readonly substrate?: (substrate: Substrate) => Substrate
  }
}

export interface Server {
  readonly url: string
  readonly port: number
  readonly clock: MovableClock
  readonly core: Core
  readonly store: Store
  readonly loop: Loop
  readonly simulation: Simulation
  readonly dialects: readonly Dialect[]
  close(): Promise<void>
}

/** Opens the data directory, listens and starts reconciling. Throws a sentence for whoever started it when it cannot. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { config } = options
  refuseUnsafe(config)
  const log = options.log ?? silentLogger()
  const parts = await openParts(options, log)
  const dialects = [alibaba(), tencent({ errorCodes: config.errorCodes })]
  const metrics = createMetrics(parts)
  const gate = gateway({
    ...parts,
    log: log.child({ part: 'gateway' }),
    credentials: config.developmentKey ? developmentCredentials : noCredentials,
    nonces: createNonceCache({ windowMs: NONCE_WINDOW_MS }),
    throttle: throttle(config.requestsPerSecond),
    onHandled: metrics.handled,
    ...(options.onFault ? { onFault: options.onFault } : {}),
  })
  const admin = adminPages({ ...parts, dialects, metrics })
  const host = httpHost({
    gateway: gate,
    dialects,
    admin,
    ...(options.tls ? { tls: options.tls } : {}),
  })
  const port = await host.listen(config.host, config.port)
  parts.loop.start()
  const url = `${options.tls ? 'https' : 'http'}://${hostInUrl(config.host)}:${port}`
  log.info({ url, dataDir: config.dataDir }, 'ready')
  return {
    ...parts,
    url,
    port,
    dialects,
    async close() {
      await host.close()
      await parts.close()
    },
  }
}

interface Parts extends Omit<Server, 'url' | 'port' | 'dialects'> {
  readonly random: Random
}

/** Everything behind the gateway: the store, the substrates, the core and the loop between them. */
async function openParts(options: ServerOptions, log: Logger): Promise<Parts> {
  const { config } = options
  const clock = options.clock ?? systemClock()
  const directory = openDataDirectory(config.dataDir)
  const opened = openSqliteStore(directory.file('emrys.db'))
  const store = options.wrap?.store?.(opened) ?? opened
  const boot = await store.write((tx) => tx.count('boot'))
  const ids = random(config.seed === '' ? undefined : `${config.seed}:${boot}`)
  const sealing = sealer(directory.key)
  const world = openWorld(directory.file('simulation.db'))
  const simulated = simulation({ clock, world, progressions: config.progressions })
  const carrier = options.wrap?.substrate?.(simulated) ?? simulated
  const substrates = new Map<string, Substrate>([[carrier.name, carrier]])
  const reconcilers = [clusterReconciler({ store, substrates, clock, sealer: sealing })]
  const loop = reconcileLoop({
    store,
    clock,
    random: ids,
    log: log.child({ part: 'reconcile' }),
    reconcilers,
  })
  const described = async (looked: readonly string[]): Promise<boolean> => {
    const moved = looked.filter((id) => simulated.described(id))
    if (moved.length === 0) return false
    await store.write(async (tx) => {
      for (const id of moved) await tx.mark('cluster', id, clock.now())
    })
    await loop.drain()
    return true
  }
  const shared = { store, clock, random: ids, sealer: sealing }
  const core: Core = {
    clock,
    random: ids,
    clusters: clusters({ ...shared, substrateFor: () => carrier.name, described }),
    operations: operations(store),
  }
  return {
    clock,
    core,
    store,
    loop,
    simulation: simulated,
    random: ids,
    async close() {
      await loop.stop()
      await simulated.close()
      await store.close()
      directory.release()
    },
  }
}

const noCredentials: CredentialSource = async () => undefined

/** The development key is public knowledge: whoever can reach the port is its account. */
function refuseUnsafe(config: Config): void {
  if (!config.developmentKey || isLoopback(config.host)) return
  throw new Fault('NotSupported', {
    what: 'host',
    detail: `listening on ${config.host} with the development key would let anybody in; pass --development-key false, or listen on 127.0.0.1`,
  })
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
