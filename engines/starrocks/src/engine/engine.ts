/**
 * The StarRocks-compatible engine on DuckDB, opened on a directory: one process, one database file, many sessions.
 *
 * Guarantees: what a statement or a commit acknowledged is there after `kill -9`; two processes never open one directory;
 * closing waits for nothing but what runs, which it interrupts.
 */
import { mkdir } from 'node:fs/promises'
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Logger } from '../../../../src/kernel/log.ts'
import { random } from '../../../../src/kernel/random.ts'
import type { Random } from '../../../../src/kernel/random.ts'
import { SqlError } from '../session.ts'
import type { Engine, OpenSession } from '../session.ts'
import { presentUser } from '../catalog/user-identity.ts'
import { authenticator } from './authenticator.ts'
import { administration } from './administration.ts'
import type { Administration } from './administration.ts'
import { databaseProbe } from './database-probe.ts'
import { defaultRoles } from '../catalog/authority.ts'
import { openCatalogStore } from '../catalog/catalog-store.ts'
import type { CatalogStore } from '../catalog/catalog-store.ts'
import { taskQueue } from '../execution/task.ts'
import { mysqlVersion, versionComment } from '../execution/version.ts'
import { numberOf } from '../execution/configuration-item.ts'
import type { EngineContext, EngineIdentity, EngineLimits } from '../execution/engine-context.ts'
import { dropTemporaryTables } from '../statement/ddl/temporary-table.ts'
import { scheduleAnalyzeJobs } from '../statement/statistic/analyze-job.ts'
import { schedulePartitions } from '../statement/ddl/partition-time.ts'
import { cancelLostLoads } from '../statement/dml/load.ts'
import { refreshRows } from '../statement/ddl/materialized-view.ts'
import { memoryWatchdog } from './memory-watchdog.ts'
import {
  initialVariables,
  refuseManyConnections,
  useInitialDatabase,
} from '../statement/account/user-property.ts'
import { localDurability, withVolumes } from '../execution/durability.ts'
import { statementThread } from '../sql/thread/statement-thread.ts'
import { lockDirectory } from '../storage/directory-lock.ts'
import { openDuck } from '../storage/duck.ts'
import type { DuckProtection } from '../storage/duck.ts'
import { engineSession } from './engine-session.ts'
import type { EngineSession } from './engine-session.ts'
import { openSnapshots } from './snapshot.ts'
import type { FreeBytes, Snapshots } from './snapshot.ts'
import { ensureGivenObjects } from './given-object.ts'
import type { GivenObjects } from './given-object.ts'
import { ensureInstanceUsers } from './instance-user.ts'
import { cleared } from '../execution/guard.ts'
import { AS_ROOT, internalExecution } from '../execution/internal-execution.ts'
import { refreshTimeout } from '../statement/ddl/view-property.ts'
import { refreshTask } from '../execution/refresh-task.ts'
import { openLabelRegistry } from '../catalog/label-registry.ts'
import { loadHistory } from '../catalog/load-history.ts'
import { loadSink } from '../load/engine-load-sink.ts'
import type { LoadSink } from '../load/engine-load-sink.ts'
import { analysisQueue } from '../execution/analysis-queue.ts'
import { refresher } from '../execution/refresher.ts'
import type { Refresher } from '../execution/refresher.ts'
import { variableOf } from '../execution/statement-context.ts'
import type { SessionState } from '../execution/session-state.ts'
import { upgradeMaps } from './map-upgrade.ts'
import { scheduleExpiry } from '../statement/ddl/recycle-bin.ts'
import { useNamed } from '../statement/session/set.ts'
import { workloadRecorder } from '../execution/workload-recorder.ts'
import { settingOf } from '../execution/configuration-item.ts'
import { openFileWrites } from '../execution/file-write.ts'
import { groupUsage } from '../execution/group-usage.ts'
import { memoryLimits } from '../execution/memory-limit.ts'
import { runningGuards } from '../execution/running-guards.ts'
import { pointReader } from '../execution/point-reader.ts'
import { admission } from '../execution/warehouse.ts'
import { writeMutex } from '../storage/write-mutex.ts'
import type { WriteMutex } from '../storage/write-mutex.ts'
import { shipVolume, volumeOf, type EngineVolume, type Shipping } from './shipping.ts'
import { volumeSet } from './volume-set.ts'
import type { OpenVolumeSet } from './volume-set.ts'

export interface EngineOptions {
  readonly directory: string
  readonly clock: Clock
  readonly log: Logger
  readonly limits: EngineLimits
  readonly identity: EngineIdentity
  /** Catalogs and users that it begins with. */
  readonly given?: GivenObjects
  /** Modules of DuckDB, the key of an encrypted instance, object storage; nothing of them without it. */
  readonly protection?: DuckProtection
  /** Where the data are kept; on the local disk without it. */
  readonly volume?: EngineVolume
  /** Query ids and the like; the system's randomness unless a test wants repeatable ones. */
  readonly random?: Random
  /** What the disk has left; the system's word unless a test has its own. */
  readonly freeBytes?: FreeBytes
  /** Memory of the process; the system's word unless a test has its own. */
  readonly residentBytes?: () => number
}

/** Far above what one machine serves; a leak of sessions shows here before it shows as lost memory. */
const SESSIONS_MAX = 10_000

/** All that one opened engine can do. */
export interface OpenedEngine extends Engine, LoadSink, Administration {
  readonly snapshots: Snapshots
}

export async function openEngine(options: EngineOptions): Promise<OpenedEngine> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 })
  const unlock = lockDirectory(options.directory)
  try {
    return await openLocked(options, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function openLocked(options: EngineOptions, unlock: () => void): Promise<OpenedEngine> {
  const { shipping, ...shared } = await openStorage(options)
  const { duck, volumes } = shared
  const killed = new Set<(sessionId: number) => void>()
  const connectionKilled = (sessionId: number) => {
    for (const listener of killed) listener(sessionId)
  }
  const engine = await openContext(options, shared, connectionKilled)
  engine.durability.written()
  engine.onDataChange.add((tables) => engine.refresher.changed(tables))
  engine.refresher.reschedule()
  engine.refresher.changed([...engine.store.current.entries.keys()])
  const sink = loadSink(engine)
  const stopPartitions = schedulePartitions(engine)
  const stopExpiry = scheduleExpiry(engine)
  const stopAnalyzeJobs = scheduleAnalyzeJobs(engine)
  const watchdog = memoryWatchdog(engine, options.residentBytes ?? process.memoryUsage.rss)
  await recoverLoads(engine, volumes, sink)
  const snapshots = await openSnapshots(engine, options.directory, options.freeBytes)
  options.log.info(
    {
      instance: options.identity.instance,
      version: options.identity.version,
      engine: versionComment,
    },
    'StarRocks-compatible engine is open',
  )
  return {
    serverVersion: mysqlVersion,
    ...authenticator(engine),
    ...sink,
    ...administration(engine, databaseProbe(duck, await duck.connect(), options.clock), {
      shipping,
      volumes,
    }),
    snapshots,
    openSession: (wanted) => openSession(engine, wanted),
    kill: engine.kill,
    onKilled: (listener) => void killed.add(listener),
    async close() {
      shipping?.end()
      volumes.end()
      watchdog.stop()
      await snapshots.stop()
      await stopPartitions()
      await stopExpiry()
      await engine.refresher.stop()
      stopAnalyzeJobs()
      await engine.analyses.stop()
      await engine.tasks.stop()
      await engine.brokerLoads.stop()
      await engine.exports.stop()
      await engine.fileWrites.stop()
      await sink.stop()
      await Promise.all([...engine.sessions.values()].map((session) => session.close()))
      engine.groupUsage.stop()
      await engine.memoryLimits.stop()
      await engine.longStatements.stop()
      await volumes.stop()
      await shipping?.stop()
      await engine.writing.withLock(() => duck.close())
      unlock()
      options.log.info({ instance: engine.identity.instance }, 'engine is closed')
    },
  }
}

interface EngineStorage extends Pick<EngineContext, 'duck' | 'writing' | 'durability'> {
  readonly shipping: Shipping | undefined
  readonly volumes: OpenVolumeSet
}

/** The database as its volume has it. The storage volumes are opened with the catalog, which names them. */
async function openStorage(options: EngineOptions): Promise<EngineStorage> {
  const volume = await volumeOf(options)
  const protection = {
    modules: [],
    ...options.protection,
    isShipped: volume !== undefined,
    onDefect: (reason: string) =>
      options.log.error({ reason }, 'a statement failed by a defect of DuckDB'),
  }
  const duck = await openDuck(options.directory, options.limits, protection)
  const writing: WriteMutex = {
    withLock: (work, cancellation) => mutex.withLock(work, cancellation),
  }
  const withLock = (work: () => Promise<void>) => writing.withLock(work)
  const shipping = volume && shipVolume(options, { volume, database: duck.shipped, withLock })
  const volumes = volumeSet({ ...options, duck, link: await duck.connect(), writing })
  const durability = withVolumes(shipping?.durability ?? localDurability, volumes)
  const mutex = writeMutex(durability)
  return { duck, shipping, volumes, writing, durability }
}

/** Labels are kept beside the rows; of a volume that is opened later, then. */
async function recoverLoads(
  engine: EngineContext,
  volumes: OpenVolumeSet,
  sink: ReturnType<typeof loadSink>,
): Promise<void> {
  let isLater = false
  await volumes.onOpen(async (volume) => {
    await engine.writing.withLock(() => engine.labels.takeIn(volumes.link, volume))
    if (!isLater) return
    engine.refresher.reschedule()
    await sink.recover()
    await cancelLostLoads(engine, volume)
  })
  await sink.recover()
  await cancelLostLoads(engine)
  isLater = true
}

async function openContext(
  options: EngineOptions,
  shared: Omit<EngineStorage, 'shipping'>,
  connectionKilled: (sessionId: number) => void,
): Promise<EngineContext> {
  const { duck, writing, volumes, durability } = shared
  const { clock, log, identity } = options
  const link = await duck.connect()
  const store = await openCatalogStore(link, writing, volumes)
  await volumes.open(store)
  await upgradeMaps(store, link)
  await dropTemporaryTables(store, link)
  await ensureInstanceUsers(store, link, identity)
  const { given = { catalogs: [], users: [] } } = options
  const verifier = Buffer.from(identity.adminVerifier).toString('hex')
  await ensureGivenObjects(store, link, { given, verifier, nowMs: clock.now() })
  const labels = await openLabelRegistry(link, {
    clock,
    retentionMs: () =>
      numberOf(engine.identity.settings, 'frontend', 'label_keep_max_second') * 1000,
  })
  const fileWrites = await openFileWrites(link, { duck, writing, durability, clock, log })
  const guards = runningGuards()
  const limits = memoryLimits({ clock, duck, guards, log })
  const engine: EngineContext = {
    ...shared,
    store,
    volume: options.volume,
    clock,
    log,
    labels,
    loads: loadHistory(),
    identity,
    limits: options.limits,
    random: options.random ?? random(),
    sessions: new Map(),
    dataVersions: new Map(),
    startedMs: clock.now(),
    onDataChange: new Set(),
    onFull: new Set(),
    tasks: taskQueue(clock),
    analyses: analysisQueue(() => engine),
    brokerLoads: taskQueue(clock),
    exports: taskQueue(clock),
    fileWrites,
    work: workloadRecorder(clock, () =>
      Number(settingOf(engine.identity.settings, 'frontend', 'qe_slow_log_ms')),
    ),
    refresher: viewRefresher(() => engine, store, options),
    admission: admission(() => engine.identity),
    points: pointReader(duck, clock),
    longStatements: statementThread(clock),
    guards,
    memoryLimits: limits,
    groupUsage: groupUsage({ clock, memoryLimits: limits }),
    kill(sessionId, what) {
      const session = engine.sessions.get(sessionId)
      if (!session) return false
      session.cancel()
      if (what === 'connection') connectionKilled(sessionId)
      return true
    },
  }
  await link.close()
  return engine
}

function viewRefresher(
  coreOf: () => EngineContext,
  store: CatalogStore,
  { clock, log }: EngineOptions,
): Refresher {
  return refresher({
    store,
    clock,
    log,
    async refresh(view, { onCancel, ...of }) {
      const engine = coreOf()
      const { execution, end } = await internalExecution(engine, {
        user: view.view?.creator ?? 'root',
        userId: view.view?.creatorId,
        ...refreshTimeout(view.properties),
      })
      onCancel((reason) => execution.guard.cancel('interrupt', reason))
      const ended = engine.tasks.begin(refreshTask(execution, view))
      try {
        await refreshRows(execution, view, of)
        ended()
      } catch (problem) {
        const error = execution.guard.explain(problem)
        ended(error)
        await cleared(execution.guard, recordFailure(engine, { id: view.id, error }))
        throw error
      } finally {
        end()
      }
    },
  })
}

/** By a run of its own: the refresh may be cancelled. */
async function recordFailure(engine: EngineContext, failure: { id: number; error: SqlError }) {
  const { id, error } = failure
  const { execution, end } = await internalExecution(engine, AS_ROOT)
  try {
    await engine.store.change(execution.link, async (draft) => {
      const now = draft.catalog.entries.get(id)
      if (now?.kind !== 'materialized view' || !now.view) return
      draft.put({
        ...now,
        view: {
          ...now.view,
          lastRefreshState: 'FAILED',
          lastRefreshError: error.message,
          lastRefreshEndMs: engine.clock.now(),
        },
      })
    })
  } finally {
    end()
  }
}

async function openSession(engine: EngineContext, wanted: OpenSession): Promise<EngineSession> {
  const user = presentUser(engine.store.current, wanted.identity)
  if (engine.sessions.has(wanted.id))
    throw new SqlError(`Session ${wanted.id} is already open`, 1105)
  if (engine.sessions.size >= SESSIONS_MAX)
    throw new SqlError('Too many connections', 1040, '08004')
  const state: SessionState = {
    id: wanted.id,
    login: user.name,
    user: user.name,
    host: wanted.remoteHost,
    frontend: wanted.frontend,
    connectedMs: engine.clock.now(),
    database: undefined,
    authority: { userId: user.id, activeRoles: defaultRoles(user) },
    variables: initialVariables(user),
    userVariables: new Map(),
    prepared: new Map(),
    warnings: [],
    lastQueryId: '',
  }
  const all = variableOf({ engine, state }, 'activate_all_roles_on_login', 'global')
  if (all === 'true') state.authority = { userId: user.id, activeRoles: user.roles }
  const link = await engine.duck.connect()
  try {
    if (wanted.database === undefined || wanted.database === '')
      await useInitialDatabase({ engine, state, link }, user)
    else await useNamed({ engine, state, link }, wanted.database)
    // Logins that come together wait above together.
    refuseManyConnections(engine, user)
  } catch (error) {
    await link.close()
    throw error
  }
  const session = engineSession(engine, link, state)
  engine.sessions.set(wanted.id, session)
  return session
}
