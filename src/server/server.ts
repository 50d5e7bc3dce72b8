/**
 * The composition root: the only file that knows every part. `startServer` puts them together and takes them apart again;
 * the command, the demo and the tests all start servers through it.
 */
import type { MovableClock } from '../kernel/clock.ts'
import { silentLogger, type Logger } from '../kernel/log.ts'
import { random, type Random } from '../kernel/random.ts'
import { sealer } from '../kernel/seal.ts'
import { billing, type Billing } from '../app/billing/billing.ts'
import type { ClustersParts } from '../app/cluster/clusters.ts'
import { restartForIncident } from '../app/cluster/answer-incident.ts'
import { placement } from '../app/cluster/placement.ts'
import type { Core } from '../app/core.ts'
import type { Encryption } from '../app/encryption.ts'
import { environments } from '../app/environment/environments.ts'
import { upgradeByItself } from '../app/cluster/upgrade-by-itself.ts'
import { scaleByRule } from '../app/scaling-rule/scale-by-rule.ts'
import type { Identity } from '../app/identity/identity.ts'
import type { KeyService } from '../port/key-service.ts'
import type { Config, InForce } from '../config/config.ts'
import { families } from '../config/setting.ts'
import { backUp } from './backup.ts'
import { coreOf } from './core.ts'
import { developmentBegins, identitiesOf } from './identity.ts'
import { keptClock } from './kept-clock.ts'
import {
  closeAll,
  failNodeOf,
  inquirySourceOf,
  lookListener,
  metricsOf,
  openSubstrates,
  pacingOf,
  scriptFaultsOf,
  setDemandOf,
  superviseAll,
  type Substrates,
} from './substrates.ts'
import {
  billingRules,
  builtInEnvironments,
  declaredActions,
  decoders,
  elasticRules,
  strategyRules,
  versionRules,
} from './vendor.ts'
import { adminPages } from '../admin/admin.ts'
import { keptAdminToken, type AdminToken } from '../admin/admin-token.ts'
import type { Dialect } from '../gateway/dialect.ts'
import { gateway, type GatewayOptions } from '../gateway/gateway.ts'
import { httpHost } from '../gateway/host.ts'
import { createMetrics } from '../admin/metric.ts'
import { createNonceCache } from '../gateway/nonce-cache.ts'
import { throttle } from '../gateway/throttle.ts'
import { alibaba } from '../dialect/alibaba/dialect.ts'
import { tencent } from '../dialect/tencent/dialect.ts'
import { environmentSource, type EnvironmentSource } from '../config/environment-source.ts'
import { billingReconciler } from '../reconcile/billing/billing.ts'
import type { ObjectStorages } from '../app/object-storage.ts'
import { dataKeyOf, outsideOf } from './adapter.ts'
import { scriptOf, storageKeyOf, storageOf } from './object-store.ts'
import { backupReconciler } from '../reconcile/backup/backup.ts'
import { backupPolicyReconciler } from '../reconcile/backup/policy.ts'
import { clusterReconciler } from '../reconcile/cluster/cluster.ts'
import { reconcileLoop, type Loop, type Reconciler } from '../reconcile/loop.ts'
import { callOfOwner } from '../app/call.ts'
import { releaseCluster } from '../app/cluster/release.ts'
import { logDeliveryReconciler } from '../reconcile/log-delivery/log-delivery.ts'
import { inspectionReconciler } from '../reconcile/inspection/inspection.ts'
import { jobFlowReconciler } from '../reconcile/job-flow/job-flow.ts'
import { scaleByStrategy } from '../app/scaling-strategy/scale-by-strategy.ts'
import { scalingStrategyReconciler } from '../reconcile/scaling-strategy/scaling-strategy.ts'
import { scalingRuleReconciler } from '../reconcile/scaling-rule/scaling-rule.ts'
import { walletReconciler } from '../reconcile/billing/wallet.ts'
import { DATABASE, openDataDirectory, type DataDirectory } from '../store/data-directory.ts'
import { openSqliteStore } from '../store/sqlite/store.ts'
import type { Store } from '../store/port.ts'
import type { ScriptSource } from '../substrate/local/script-run.ts'
import type { Substrate } from '../substrate/port.ts'

/** Both clouds' longest freshness window is 15 minutes; nonces are kept for two of them. */
const NONCE_WINDOW_MS = 15 * 60_000

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
  const metrics = createMetrics(parts)
  const gate = gateway({
    ...parts,
    log: log.child({ part: 'gateway' }),
    credentials: parts.identity.credentials.find,
    nonces: createNonceCache({ windowMs: NONCE_WINDOW_MS }),
    throttle: throttle(config.requestsPerSecond),
    onHandled: metrics.handled,
    ...(options.onFault ? { onFault: options.onFault } : {}),
  })
  const admin = adminPages({
    ...parts,
    dialects,
    declared: declaredActions,
    metrics,
    inForce: options.inForce ?? [],
    environmentOf: source.inForce,
    dependencies: parts.core.dependencies,
    allowReset: config.allowReset,
    backUp: (request) => backUp({ ...parts, dataDir: config.dataDir }, request),
    paces: { families: ['default', ...families], ...pacingOf(parts.substrates) },
    scripts: scriptFaultsOf(parts.substrates),
    failNode: failNodeOf(parts.substrates),
    setDemand: setDemandOf(parts.substrates),
    engineFigures: () => metricsOf(parts.substrates),
    async emptyWorld() {
      for (const substrate of parts.substrates.values()) await substrate.clear()
      await parts.ensureAccounts()
    },
  })
  const host = httpHost({
    gateway: gate,
    dialects,
    admin,
    ...(options.tls ? { tls: options.tls } : {}),
  })
  const port = await host.listen(config.host, config.port).catch(async (problem: unknown) => {
    await parts.close()
    throw problem
  })
  parts.loop.start()
  superviseAll(parts.substrates, { ...parts, log })
  const url = `${options.tls ? 'https' : 'http'}://${hostInUrl(config.host)}:${port}`
  log.info({ url, dataDir: config.dataDir }, 'ready')
  return {
    ...parts,
    url,
    port,
    dialects,
    useCertificate: host.useCertificate,
    reloadEnvironment: source.reload,
    async close() {
      await host.close()
      await parts.close()
    },
  }
}

interface Parts extends Omit<
  Server,
  'url' | 'port' | 'dialects' | 'useCertificate' | 'reloadEnvironment'
> {
  readonly random: Random
  readonly adminToken: AdminToken
  readonly keepAhead: (aheadMs: number) => Promise<void>
  /** Makes the accounts that a server begins with, and forgets what was remembered of others. */
  readonly ensureAccounts: () => Promise<void>
}

interface PartsOptions extends ServerOptions {
  readonly source: EnvironmentSource
}

/** Everything behind the gateway: the store, the substrates, the core and the loop between them. */
async function openParts(options: PartsOptions, log: Logger): Promise<Parts> {
  const directory = openDataDirectory(options.config.dataDir, { init: options.config.init })
  try {
    return await partsIn(directory, options, log)
  } catch (problem) {
    directory.release()
    throw problem
  }
}

async function partsIn(
  directory: DataDirectory,
  options: PartsOptions,
  log: Logger,
): Promise<Parts> {
  const { config, source } = options
  const { inForce } = source
  const token = keptAdminToken(directory)
  const opened = openSqliteStore(directory.file(DATABASE), { decode: decoders })
  const store = options.wrap?.store?.(opened) ?? opened
  const kept = keptClock({ directory, store: opened })
  const clock = options.clock ?? (await kept.clock())
  const ids = random(await seedOf(config, store))
  const sealing = sealer(directory.key)
  const dataKey = (id: string) => dataKeyOf(store, outside.encryption, id)
  const objectStorageKey = (id: string) => storageKeyOf(store, objects.storages, id)
  const scripts: ScriptSource = (...it) => scriptOf({ store, ...objects }, ...it)
  const substrates = openSubstrates(
    { config, directory, clock, random: ids, log, dataKey, objectStorageKey, scripts },
    options.wrap?.substrate,
  )
  const around = environments({ store, inForce })
  const shared = { store, clock, random: ids, sealer: sealing }
  const outside = outsideOf(config, {
    ...shared,
    environments: around,
    inForce,
    onLoopback: isLoopback(config.host),
    log: log.child({ part: 'outside' }),
  })
  const objects = await storageOf({ ...shared, config, directory, log }, inForce)
  const { serves: keepsObjects } = objects.storages
  const where = placement({ substrates, preferred: config.substrates, keepsObjects })
  const loop = loopOf(
    { ...shared, ...outside, ...objects, substrates, environments: around, placement: where },
    log.child({ part: 'reconcile' }),
  )
  const who = identitiesOf(config, shared)
  const ensureAccounts = () => developmentBegins(who, config.developmentKey)
  await ensureAccounts()
  const money = billing({ ...shared, rules: billingRules, environments: around })
  const core = coreOf(shared, {
    billing: money,
    identity: who,
    environments: around,
    encryption: outside.encryption,
    metadataProbe: outside.metadataProbe,
    objectStorage: objects.storages,
    placement: where,
    onLook: lookListener(substrates, { store, clock, loop }),
    inquire: inquirySourceOf(substrates),
  })
  return {
    clock,
    core,
    store,
    loop,
    substrates,
    random: ids,
    adminToken: token,
    identity: who,
    keys: outside.keys,
    billing: money,
    objectStorage: objects.storages,
    ensureAccounts,
    keepAhead: kept.keep,
    close: () => closeParts({ ...objects, loop, substrates, store, directory }),
  }
}

interface OpenParts extends Pick<Awaited<ReturnType<typeof storageOf>>, 'watch' | 'objectStores'> {
  readonly loop: Loop
  readonly substrates: Substrates
  readonly store: Store
  readonly directory: DataDirectory
}

async function closeParts(it: OpenParts): Promise<void> {
  await it.watch.close()
  await it.loop.stop()
  await closeAll(it.substrates)
  await it.objectStores.close()
  await it.store.close()
  it.directory.release()
}

/** Ids of a seeded server are the same in every run, and other ones after each restart: those of before are taken. */
async function seedOf({ seed }: Config, store: Store): Promise<string | undefined> {
  const boot = await store.write((tx) => tx.count('boot'))
  return seed === '' ? undefined : `${seed}:${boot}`
}

interface ReconcilerParts extends Pick<
  ClustersParts,
  'store' | 'clock' | 'random' | 'sealer' | 'environments' | 'placement'
> {
  readonly substrates: Substrates
  readonly encryption: Encryption
  readonly storages: ObjectStorages
}

function loopOf(parts: ReconcilerParts, log: Logger): Loop {
  const { store, clock, random: ids } = parts
  return reconcileLoop({ store, clock, random: ids, log, reconcilers: reconcilersOf(parts, log) })
}

function reconcilersOf(
  { encryption, storages, ...parts }: ReconcilerParts,
  log: Logger,
): readonly Reconciler[] {
  const delivery = logDeliveryReconciler({ ...parts, log, put: storages.putLog })
  return [
    delivery,
    clusterReconciler({
      ...parts,
      log,
      openDataKey: encryption.open,
      objectStorage: storages.of,
      emptyVolume: storages.empty,
      deliverLast: delivery.deliverLast,
      upgrade: (tx, cluster) => upgradeByItself(tx, { ...parts, rules: versionRules }, cluster),
      restart: (tx, cluster, incident) => restartForIncident(tx, parts, { cluster, incident }),
    }),
    billingReconciler({ ...parts, rules: billingRules }),
    walletReconciler(parts),
    scalingRuleReconciler({
      ...parts,
      scale: (tx, it) => scaleByRule(tx, { ...parts, rules: elasticRules }, it),
    }),
    scalingStrategyReconciler({
      ...parts,
      bounds: strategyRules,
      inquire: inquirySourceOf(parts.substrates),
      scale: (tx, it) => scaleByStrategy(tx, { ...parts, rules: strategyRules }, it),
    }),
    jobFlowReconciler({
      ...parts,
      release: (it) => releaseCluster(parts, callOfOwner(it, 'job:flow'), it.id),
    }),
    inspectionReconciler(parts),
    backupReconciler(parts),
    backupPolicyReconciler(parts),
  ]
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
