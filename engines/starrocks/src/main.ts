/**
 * The process of one StarRocks-compatible engine: `node main.ts <data directory>`.
 *
 * The directory holds `engine.json` and `admin-verifier` (see process/configuration.ts) before the start, and the data,
 * `engine.log`, the TLS key pair and `control.sock` after it. When all ports answer, one line of JSON on standard output
 * says so: {"ready":true,"pid":…,"ports":{"query":…,"front":…,"back":…}}. The process continues when its parent ends.
 *
 * SIGTERM, SIGINT and the control socket's shutdown drain it: no new work, running statements and loads end or are cut
 * within seconds. Exit codes: 0 after that, 1 after a failure, 2 when its configuration is wrong.
 */
import { flushCompileCache } from 'node:module'
import { join, resolve } from 'node:path'
import type { SecureContext } from 'node:tls'
import { systemClock } from '../../../src/kernel/clock.ts'
import type { Clock } from '../../../src/kernel/clock.ts'
import { logger } from '../../../src/kernel/log.ts'
import type { Logger } from '../../../src/kernel/log.ts'
import { random } from '../../../src/kernel/random.ts'
import { openEngine } from './engine/engine.ts'
import { versionComment } from './execution/version.ts'
import { defaultHttpLimits } from './wire-http/http-limits.ts'
import { startLoadPorts } from './wire-http/load-ports.ts'
import type { LoadPorts } from './wire-http/load-ports.ts'
import { defaultMysqlLimits } from './wire-mysql/mysql-limits.ts'
import { startMysqlServer } from './wire-mysql/mysql-server.ts'
import type { MysqlServer } from './wire-mysql/mysql-server.ts'
import { keepCompiledCode } from './process/compiled-code.ts'
import { ConfigurationError, moduleFolders, readConfiguration } from './process/configuration.ts'
import { numberOf, settingOf, valuesOn } from './execution/configuration-item.ts'
import type { Settings, Side } from './execution/configuration-item.ts'
import type { HttpLimits } from './wire-http/http-limits.ts'
import { engineIdentityOf, limitsOf, settingsOf } from './process/engine-option.ts'
import type {
  ConfigurationFiles,
  EngineConfiguration,
  EngineEntry,
} from './process/configuration.ts'
import { reloadConfiguration } from './process/reload.ts'
import { controlPath, openControl } from './process/control.ts'
import type { ControlVerbs, HealthAnswer } from './process/control.ts'
import type { Listener } from './entry-policy.ts'
import { engineAccess } from './process/access.ts'
import type { EngineAccess } from './process/access.ts'
import { instanceCertificate } from './process/instance-certificate.ts'
import { logFile } from './process/log-file.ts'
import { lakeModuleFiles, moduleFiles } from './process/module-file.ts'
import { readSecrets } from './process/start-input.ts'
import { withoutData } from './process/private-log.ts'
import { snapshotVerbs } from './process/snapshot.ts'

/** Ten files of 10 MiB hold the last days of a busy engine. */
const LOG_BYTES = 10_485_760
const LOG_FILES = 9

const BYTES_PER_MIB = 1_048_576

/** Draining is bounded; what hangs beyond it is ended. */
const END_MS = 10_000

async function main(directory: string): Promise<void> {
  // Data, logs and spilled rows are nobody else's to read.
  process.umask(0o077)
  const files = readConfiguration(directory)
  controlPath(directory)
  const { configuration } = files
  const file = logFile({
    path: join(directory, 'engine.log'),
    maxBytes: configuration.logBytes ?? LOG_BYTES,
    files: configuration.logFiles ?? LOG_FILES,
  })
  // A parent that has gone leaves pipes that nobody reads; that is no reason to end.
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)
  const log = logger(configuration.logLevel ?? logLevel(settingsOf(configuration)), {
    write(line) {
      const shown = configuration.encrypted ? withoutData(line) : line
      file.write(shown)
      process.stderr.write(shown)
    },
  })
  dieLoudly(log)
  log.info(
    { instance: configuration.instance, pid: process.pid, engine: versionComment },
    'StarRocks-compatible engine of Emrys on DuckDB starts; this is not StarRocks',
  )
  try {
    await start(directory, files, log)
  } catch (error) {
    log.error({ err: error }, 'the engine does not start')
    throw error
  }
}

function logLevel(settings: Settings): 'info' | 'warn' | 'error' {
  const level = settingOf(settings, 'frontend', 'sys_log_level')
  if (level === 'ERROR') return 'error'
  return level === 'WARN' ? 'warn' : 'info'
}

type OpenEngine = Awaited<ReturnType<typeof openEngine>>

/** What makes up a running process; `current` is the configuration that was last taken over. */
interface EngineProcess {
  readonly directory: string
  readonly engine: OpenEngine
  readonly mysql: MysqlServer
  readonly http: LoadPorts
  readonly access: EngineAccess
  readonly log: Logger
  current: EngineConfiguration
}

async function start(directory: string, files: ConfigurationFiles, log: Logger): Promise<void> {
  const clock = systemClock()
  const { configuration } = files
  const { host, advertisedHost, modules = [], objectStorage, given, volume } = configuration
  const folders = process.env[moduleFolders]
  const lake = objectStorage ? lakeModuleFiles(folders) : []
  const loaded = [...new Set([...moduleFiles(modules, folders), ...lake])]
  const { dataKey, storageKey } = await readSecrets(process.stdin, configuration)
  // Side by side: making a key pair for the first start takes as long as opening the database.
  const [engine, tls] = await Promise.all([
    openEngine({
      directory,
      clock,
      log,
      limits: limitsOf(configuration),
      identity: engineIdentityOf(files),
      ...(given && { given }),
      protection: {
        modules: loaded,
        ...(dataKey && { dataKey }),
        ...(objectStorage && { objects: objectStorage }),
      },
      ...(volume && storageKey && { volume: { ...volume, key: storageKey } }),
    }),
    instanceCertificate(directory, [advertisedHost ?? host, host], clock),
  ])
  if (storageKey) await engine.setObjectKey(storageKey)
  const running = await openPorts({ directory, engine, log, current: configuration, tls }, clock)
  const { mysql, http } = running
  const ports = { query: mysql.port, front: http.front.port, back: http.back.port }
  engine.setPorts({ queryPort: ports.query, httpPort: ports.front })
  const end = once(async () => {
    log.info({}, 'the engine ends')
    // Should something hang in spite of all bounds, the process still ends; a crash loses nothing that was acknowledged.
    clock.at(clock.now() + END_MS, () => process.exit(1))
    await Promise.all([mysql.close(), http.close()])
    await engine.close()
    await control.close()
    process.exit(0)
  })
  const verbs = controlVerbs(running, ports, end)
  const control = await openControl(directory, verbs, log)
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  // Where Node was given no folder for it, nothing is kept.
  keepCompiledCode({ clock, sessions: mysql.connections, keep: flushCompileCache })
  log.info({ ports }, 'the engine is ready')
  process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid, ports })}\n`)
}

async function openPorts(
  opened: Pick<EngineProcess, 'directory' | 'engine' | 'log' | 'current'> & {
    readonly tls: SecureContext
  },
  clock: Clock,
): Promise<EngineProcess> {
  const { directory, engine, log, current, tls } = opened
  const { host, advertisedHost } = current
  // The ports answer nobody until it has taken over the configuration.
  const access = engineAccess({
    directory,
    own: tls,
    listen: (entry) => listenAt(running, entry),
    review() {
      mysql.review()
      http.review()
    },
  })
  const common = { engine, host, log, clock, entryPolicy: access }
  const mysql = await startMysqlServer({
    ...common,
    port: current.queryPort,
    limits: {
      ...defaultMysqlLimits,
      connections: numberOf(settingsOf(current), 'frontend', 'qe_max_connection'),
    },
  })
  const http = await startLoadPorts({
    ...common,
    frontPort: current.frontPort,
    backPort: current.backPort,
    advertised: { host: advertisedHost, port: current.advertisedBackPort },
    backends: () => loadNodes(running.current),
    items: () => valuesOn(engine.settings(), 'backend'),
    figures: () => figures(running),
    random: random(),
    limits: httpLimits(engine.settings),
  })
  const running: EngineProcess = { directory, engine, log, current, mysql, http, access }
  const prepared = await access.prepare(current)
  prepared.takeOver()
  return running
}

/** As the settings that are in force now say. */
function httpLimits(settings: () => Settings): HttpLimits {
  const number = (side: Side, name: string) => numberOf(settings(), side, name)
  return {
    ...defaultHttpLimits,
    get bodyBytes() {
      return number('backend', 'streaming_load_max_mb') * BYTES_PER_MIB
    },
    get jsonBytes() {
      return number('backend', 'streaming_load_max_batch_size_mb') * BYTES_PER_MIB
    },
    get databaseTransactions() {
      return number('frontend', 'max_running_txn_num_per_db')
    },
    get loadSeconds() {
      return number('frontend', 'stream_load_default_timeout_second')
    },
  }
}

/** On every port that the entry has, or on none. */
async function listenAt(
  { mysql, http, access }: EngineProcess,
  entry: EngineEntry,
): Promise<Listener> {
  const redirect = () => access.entry(entry.name)?.redirect
  const listeners = [await http.open(entry, { ...entry, redirect })]
  const close = () => {
    for (const listener of listeners) listener.close()
  }
  try {
    if (entry.queryPort !== undefined) listeners.push(await mysql.open(entry, entry.queryPort))
  } catch (error) {
    close()
    throw error
  }
  return { close }
}

/** Nodes that could take a load in. */
const loadNodes = ({ nodes }: EngineConfiguration): number =>
  nodes.filter(({ role }) => role === 'be' || role === 'cn').length

async function figures({ engine, mysql }: EngineProcess) {
  return { ...(await engine.status()), connections: mysql.connections() }
}

function controlVerbs(
  running: EngineProcess,
  ports: HealthAnswer['ports'],
  end: () => void,
): ControlVerbs {
  const { instance } = running.current
  return {
    health: async () => ({
      ...(await running.engine.health()),
      instance,
      pid: process.pid,
      generation: running.current.generation ?? 0,
      ports,
      entries: running.access.entries(),
    }),
    stats: async () => ({ ...(await figures(running)), rssBytes: process.memoryUsage.rss() }),
    async reload() {
      const { engine, directory, current: before, access } = running
      running.current = await reloadConfiguration(engine, { directory, before, access })
      running.log.info({}, 'the configuration was read again')
    },
    async setObjectStorageKey(key) {
      try {
        await running.engine.setObjectKey(key)
      } catch (error) {
        throw new ConfigurationError((error as Error).message)
      }
      running.log.info({}, 'the key of the object storage was given')
    },
    snapshots: snapshotVerbs(running.engine.snapshots),
    // The answer goes first.
    shutdown: () => void setImmediate(end),
  }
}

/** A defect ends the process, with its cause in the log: what runs it starts it again, on data that a crash cannot harm. */
function dieLoudly(log: Logger): void {
  const die = (error: unknown) => {
    log.error({ err: error }, 'a defect ends the engine')
    process.exit(1)
  }
  process.on('uncaughtException', die)
  process.on('unhandledRejection', die)
}

function once(work: () => Promise<void>): () => void {
  let begun = false
  return () => {
    if (begun) return
    begun = true
    void work()
  }
}

const [, , directory, ...rest] = process.argv
if (directory === undefined || rest.length > 0) {
  process.stderr.write('usage: main.ts <data directory>\n')
  process.exitCode = 2
} else {
  main(resolve(directory)).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(error instanceof ConfigurationError ? 2 : 1)
  })
}
