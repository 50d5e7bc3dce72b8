/**
 * The composition root: the only file that knows every part. `startServer` puts them together and takes them apart again;
 * the command, the demo and the tests all start servers through it.
 */
import type { MovableClock } from '../kernel/clock.ts'
import { silentLogger, type Logger } from '../kernel/log.ts'
import { random, type Random } from '../kernel/random.ts'
import { sealer } from '../kernel/seal.ts'
import { billing, type Billing } from '../app/billing/billing.ts'
import { placement } from '../app/cluster/placement.ts'
import type { Core } from '../app/core.ts'
import { environments } from '../app/environment/environments.ts'
import type { Identity } from '../app/identity/identity.ts'
import type { KeyService } from '../port/key-service.ts'
import type { Config, InForce } from '../config/config.ts'
import { families } from '../config/setting.ts'
import { backUp } from './backup.ts'
import { coreOf } from './core.ts'
import { developmentBegins, identitiesOf } from './identity.ts'
import { keptClock } from './kept-clock.ts'
import { follow, sharingOf, type Sharing } from './shared/sharing.ts'
import { openStore, placeOf, type OpenStore } from './store.ts'
import {
  closeAll,
  failNodeOf,
  inquirySourceOf,
  describeListener,
  metricsOf,
  carriersOf,
  openSubstrates,
  pacesOf,
  pacingOf,
  scriptFaultsOf,
  setDemandOf,
  superviseAll,
  type Substrates,
} from './substrates.ts'
import { billingRules, builtInEnvironments, declaredActions, decoders } from './vendor.ts'
import { adminPages } from '../admin/admin.ts'
import { keptAdminToken, type AdminToken } from '../admin/admin-token.ts'
import type { Dialect } from '../gateway/dialect.ts'
import { gateway, type GatewayOptions } from '../gateway/gateway.ts'
import { httpHost } from '../gateway/host.ts'
import type { FrontEnd } from '../console/front-end.ts'
import { consoleOf, noted, noteWrites } from './console.ts'
import { requestRecord, type RequestRecord } from '../console/request-record.ts'
import { createMetrics } from '../admin/metric.ts'
import { alibaba } from '../dialect/alibaba/dialect.ts'
import { tencent } from '../dialect/tencent/dialect.ts'
import { environmentSource, type EnvironmentSource } from '../config/environment-source.ts'
import type { ObjectStorages } from '../app/object-storage.ts'
import { dataKeyOf, outsideOf } from './adapter.ts'
import { scriptOf, storageKeyOf, storageOf } from './object-store.ts'
import type { Loop } from '../reconcile/loop.ts'
import { loopOf } from './loop.ts'
import { describeRequest, tracingOf, type Tracing } from './tracing.ts'
import type { DataDirectory } from '../store/data-directory.ts'
import type { Store } from '../store/port.ts'
import type { ScriptSource } from '../substrate/local/script-run.ts'
import type { Substrate } from '../substrate/port.ts'

export interface Tls {
  readonly cert: string
  readonly key: string
}

export interface ServerOptions {
  readonly config: Config
  readonly clock?: MovableClock
  readonly log?: Logger
  readonly tls?: Tls
  /** Where each setting came from, for `emrys config`. */
  readonly inForce?: readonly InForce[]
  readonly onFault?: GatewayOptions['onFault']
  /** The files of the console, for tests that do not build them. */
  readonly frontEnd?: FrontEnd
  /** How often engines are asked for the plots of the console, for tests that do not wait for minutes. */
  readonly sampleMs?: number
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
  readonly identity: Identity
  readonly keys: KeyService
  readonly billing: Billing
  readonly objectStorage: ObjectStorages
  readonly store: Store
  readonly loop: Loop
  /** By name. */
  readonly substrates: Substrates
  readonly dialects: readonly Dialect[]
  /** New connections meet this certificate, where the server speaks TLS. */
  useCertificate(tls: Tls): void
  /** Reads the declared environment again; false when its file is broken and the old one stays in force. */
  reloadEnvironment(): boolean
  /** Is not ready any more and gets rid of its connections, but answers whatever comes until it is closed. */
  drain(): void
  close(): Promise<void>
}

/** Opens the data directory, listens and starts reconciling. Throws a sentence for whoever started it when it cannot. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { config } = options
  refuseUnsafe(config)
  const log = options.log ?? silentLogger()
  const source = environmentSource({
    file: config.environmentFile,
    mode: config.environmentMode,
    builtIns: builtInEnvironments,
    log: log.child({ part: 'environment' }),
  })
  const parts = await openParts({ ...options, source }, log)
  const dialects = dialectsOf(config)
  const { tracing } = parts
  const metrics = createMetrics({ ...parts, spans: tracing?.counts })
  const note = noted(metrics, parts.requests)
  let isDraining = false
  const plain = gateway({
    ...parts,
    ...parts.sharing,
    log: log.child({ part: 'gateway' }),
    credentials: parts.identity.credentials.find,
    onHandled: !tracing
      ? note
      : (handled) => {
          note(handled)
          describeRequest(handled)
        },
    ...(options.onFault ? { onFault: options.onFault } : {}),
  })
  const gate = tracing?.gateway(plain) ?? plain
  const admin = pagesOf(parts, {
    ...options,
    source,
    dialects,
    metrics,
    isDraining: () => isDraining,
  })
  const answering = { gateway: gate, dialects, admin }
  const pages = consoleOf(options, { ...parts, ...answering, source, log })
  const { tls } = options
  const host = httpHost({ ...answering, console: pages, ...(tls ? { tls } : {}) })
  const port = await host.listen(config.host, config.port).catch(async (problem: unknown) => {
    pages?.close()
    await parts.close()
    throw problem
  })
  parts.loop.start()
  superviseAll(parts.substrates, { ...parts, log })
  const url = `${tls ? 'https' : 'http'}://${hostInUrl(config.host)}:${port}`
  log.info({ url, dataDir: config.dataDir }, 'ready')
  return {
    ...parts,
    url,
    port,
    dialects,
    useCertificate: host.useCertificate,
    reloadEnvironment: source.reload,
    drain() {
      isDraining = true
      host.drain()
    },
    async close() {
      await host.close()
      await parts.close()
    },
  }
}

interface Parts extends Omit<
  Server,
  'url' | 'port' | 'dialects' | 'useCertificate' | 'reloadEnvironment' | 'drain'
> {
  readonly random: Random
  readonly adminToken: AdminToken
  readonly keepAhead: (aheadMs: number) => Promise<void>
  /** Makes the accounts that a server begins with, and forgets what was remembered of others. */
  readonly ensureAccounts: () => Promise<void>
  /** Puts back what several servers have in the store beside what was removed. */
  readonly afterReset: () => Promise<void>
  readonly sharing: Sharing
  readonly requests: RequestRecord
  readonly tracing: Tracing | undefined
  readonly directory: DataDirectory
  /** Counts what was written here. */
  readonly writes: () => number
  /** This one of several. */
  readonly server: string | undefined
}

interface PartsOptions extends ServerOptions {
  readonly source: EnvironmentSource
}

interface PageOptions extends PartsOptions {
  readonly dialects: readonly Dialect[]
  readonly metrics: ReturnType<typeof createMetrics>
  readonly isDraining: () => boolean
}

/** The pages for the server's administrator. */
function pagesOf(parts: Parts, options: PageOptions): ReturnType<typeof adminPages> {
  const { config, source, dialects, metrics, isDraining } = options
  return adminPages({
    ...parts,
    sharing: parts.sharing.state,
    place: placeOf(config, parts.server),
    carriers: () => carriersOf(parts.substrates),
    isDraining,
    dialects,
    declared: declaredActions,
    metrics,
    inForce: options.inForce ?? [],
    environmentOf: source.inForce,
    dependencies: parts.core.dependencies,
    allowReset: config.allowReset,
    probes: config.probes,
    backUp: (request) => backUp({ ...parts, dataDir: config.dataDir }, request),
    paces: { families: ['default', ...families], ...pacesOf(parts.substrates) },
    scripts: scriptFaultsOf(parts.substrates),
    failNode: failNodeOf(parts.substrates),
    setDemand: setDemandOf(parts.substrates),
    engineFigures: () => metricsOf(parts.substrates),
    async emptyWorld() {
      for (const substrate of parts.substrates.values()) await substrate.clear()
      await parts.ensureAccounts()
      await parts.afterReset()
    },
  })
}

/** Everything behind the gateway: the store, the substrates, the core and the loop between them. */
async function openParts(options: PartsOptions, log: Logger): Promise<Parts> {
  const opened = await openStore(options.config, decoders)
  try {
    return await partsIn(opened, options, log)
  } catch (problem) {
    await opened.store.close()
    opened.directory.release()
    throw problem
  }
}

/** What everything else stands on. */
async function groundOf(it: OpenStore, options: PartsOptions, log: Logger) {
  const { directory, store: opened, server } = it
  const { config } = options
  const tracing = await tracingOf(config, log)
  const untraced = options.wrap?.store?.(opened) ?? opened
  const { store, writes } = noteWrites(tracing?.store(untraced) ?? untraced)
  const sharing = sharingOf(store, config)
  const kept = keptClock({ directory, store: sharing.noted })
  const clock = options.clock ?? (await kept.clock())
  const ids = random(await seedOf(config, store))
  const shared = { store, clock, random: ids, sealer: sealer(directory.key) }
  const adminToken = keptAdminToken(directory)
  const seen = { writes, requests: requestRecord(clock) }
  const reads = { directory, server, sharing, shared, ...seen, adminToken }
  return { ...reads, tracing, untraced, keepAhead: kept.keep }
}

async function partsIn(opened: OpenStore, options: PartsOptions, log: Logger): Promise<Parts> {
  const { config, source } = options
  const { untraced, ...ground } = await groundOf(opened, options, log)
  const { directory, sharing, shared, server, tracing } = ground
  const { store, clock } = shared
  const { state } = sharing
  const dataKey = (id: string) => dataKeyOf(store, outside.encryption, id)
  const objectStorageKey = (id: string) => storageKeyOf(store, objects.storages, id)
  const scripts: ScriptSource = (...it) => scriptOf({ store, ...objects }, ...it)
  const own = { config, directory, log, server, sharing: state }
  const substrates = await openSubstrates(
    { ...shared, ...own, dataKey, objectStorageKey, scripts, declared: source.kubernetes },
    wrapperOf(options, tracing),
  )
  const around = environments({ store, inForce: source.inForce })
  const outside = outsideOf(config, {
    ...shared,
    environments: around,
    inForce: source.inForce,
    onLoopback: isLoopback(config.host),
    log: log.child({ part: 'outside' }),
  })
  const objects = await storageOf({ ...shared, config, directory, log }, source.inForce)
  const { serves: keepsObjects } = objects.storages
  const where = placement({ substrates, preferred: config.substrates, keepsObjects })
  const there = { substrates, environments: around, placement: where }
  const loop = loopOf(
    {
      ...shared,
      ...outside,
      ...objects,
      ...there,
      around: tracing && ((each) => tracing.reconciler(untraced, each)),
    },
    log.child({ part: 'reconcile' }),
  )
  const who = identitiesOf(config, { ...shared, store: sharing.noted })
  const ensureAccounts = () => developmentBegins(who, config.developmentKey)
  await ensureAccounts()
  const money = billing({ ...shared, rules: billingRules, environments: around })
  const core = coreOf(shared, {
    billing: money,
    identity: who,
    environments: around,
    ...outside,
    objectStorage: objects.storages,
    placement: where,
    onDescribe: describeListener(substrates, { store, clock, loop }),
    inquire: inquirySourceOf(substrates),
    ...sharing.forCore,
  })
  const settings = { pacing: pacingOf(substrates), scripts: scriptFaultsOf(substrates) }
  if (state) await follow(state, { store, clock, identity: who, core, ...settings })
  return {
    ...ground,
    ...shared,
    core,
    loop,
    substrates,
    identity: who,
    keys: outside.keys,
    billing: money,
    objectStorage: objects.storages,
    ensureAccounts,
    afterReset: () => opened.prove().then(state?.publishAgain),
    close: () => closeParts({ ...objects, loop, substrates, store, directory, tracing }),
  }
}

/** What tests put around a substrate, and what records it around that. */
function wrapperOf({ wrap }: ServerOptions, tracing: Tracing | undefined) {
  return (substrate: Substrate): Substrate => {
    const wrapped = wrap?.substrate?.(substrate) ?? substrate
    return tracing?.substrate(wrapped) ?? wrapped
  }
}

interface OpenParts extends Pick<Awaited<ReturnType<typeof storageOf>>, 'watch' | 'objectStores'> {
  readonly loop: Loop
  readonly substrates: Substrates
  readonly store: Store
  readonly directory: DataDirectory
  readonly tracing: Tracing | undefined
}

async function closeParts(it: OpenParts): Promise<void> {
  await it.watch.close()
  await it.loop.stop()
  await closeAll(it.substrates)
  await it.objectStores.close()
  await it.tracing?.close()
  await it.store.close()
  it.directory.release()
}

/** Ids of a seeded server are the same in every run, and other ones after each restart: those of before are taken. */
async function seedOf({ seed }: Config, store: Store): Promise<string | undefined> {
  const boot = await store.write((tx) => tx.count('boot'))
  return seed === '' ? undefined : `${seed}:${boot}`
}

/** Every dialect that this server speaks. */
export function dialectsOf(config: Pick<Config, 'bodyDigest' | 'errorCodes'>): readonly Dialect[] {
  return [alibaba({ bodyDigest: config.bodyDigest }), tencent({ errorCodes: config.errorCodes })]
}

/** The development key is public knowledge: whoever can reach the port is its account. */
function refuseUnsafe(config: Config): void {
  if (!config.developmentKey || isLoopback(config.host)) return
  throw new Error(
    `listening on ${config.host} with the development key would let anybody in; pass --development-key false, or listen on 127.0.0.1`,
  )
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
