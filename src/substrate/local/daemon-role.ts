/** A daemon of a service as a role of the local substrate: a program of others', mostly Java, configured by files and asked in its own protocol. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { DaemonName } from '../../domain/cluster/daemon.ts'
import type { NodeSize } from '../../domain/cluster/node-group.ts'
import { clientKey } from '../../domain/object-storage.ts'
import { administratorPassword } from '../../domain/cluster/administrator.ts'
import type { Peer, Role, RoleHealth, RoleWanted, Update } from './component.ts'
import { containerMark, HAS_PROC } from './pid-file.ts'
import { recentAnswers, type RecentAnswers } from './recent-answer.ts'
import { daemonState, digestsOf, noteReloaded, wantedState } from './daemon-state.ts'
import type {
  Daemon,
  DaemonPeer,
  DaemonPlan,
  JavaProgram,
  Probe,
  Service,
  Settings,
} from './service.ts'
import {
  BUCKET_LIBRARY_VARIABLE,
  classPathOf,
  DIGEST_FILE,
  HOME_VARIABLE,
  LIBRARY_VARIABLE,
  LOG_FILE,
  LOG_MIB,
  LOG_SETTINGS,
  optionsOf,
  PROGRAM_VARIABLE,
  REVISION_FILE,
  START_SCRIPT,
  startScript,
} from './start-script.ts'

export interface DaemonHome {
  /** The folder of a part's files. */
  library(part: string): string
  /** The directory of a Java that the daemon runs on; throws a sentence when there is none. */
  java(daemon: string): string
  /** What of the service is being fetched while the daemon waits for it, in a sentence. */
  absent(service: Service, plan: DaemonPlan): string | undefined
  /** Where a program of the machine lies; its name alone when it is not there. */
  program(name: string): string
}

const PLAN_FILE = 'plan.json'
const KEY_FILE = 'bucket.key'
const LOG_PARTS = 5
const BYTES_PER_GIB = 1024 ** 3
/** A command of Hadoop's is a Java that starts, seconds on a machine that has other things to do. */
const RELOAD_MS = 120_000
/** A Java that starts, or frees memory, on a machine that has other things to do: one that is ended for it takes others with it. */
const TIMEOUTS = { unresponsiveMs: 60_000, startMs: 300_000 }
/** Whose all files and jobs are where nobody has to prove who he is. */
const USER = 'hadoop'

export function daemonRole(service: Service, daemon: Daemon, home: DaemonHome): Role {
  const recent = recentAnswers()
  return {
    name: daemon.name,
    ...(daemon.process === undefined ? {} : { daemon: daemonNameOf(service, daemon.process) }),
    standardPorts: daemon.ports,
    logFile: LOG_FILE,
    after: daemon.after,
    needs: [...daemon.after, ...(daemon.needs ?? [])].filter((name) => name !== daemon.name),
    timeouts: TIMEOUTS,
    residentMib: (memoryMib) => daemon.residentMib + heapOf(daemon, memoryMib) - daemon.heapMib,
    files: (wanted) => filesOf(daemon, planOf(service, daemon, { wanted, home }), wanted),
    command: (directory) => ({
      runtime: '/bin/sh',
      program: START_SCRIPT,
      args: [],
      env: environmentOf(daemon, readPlan(directory), home),
    }),
    absent: (directory) => home.absent(service, readPlan(directory)),
    update: (directory) => update(daemon, directory, home),
    health: (directory) => health(daemon, directory, recent),
    ...(daemon.drain ? { drain: async (directory) => daemon.drain?.(readPlan(directory)) } : {}),
    ...(daemon.drained && {
      drained: async (directory, runs) =>
        (await daemon.drained?.(readPlan(directory), runs)) === true,
    }),
    metrics: (directory) => figures(daemon, directory),
  }
}

/** As a spec names it. */
export function daemonNameOf(
  { name, title = name.toUpperCase() }: Service,
  process: string,
): DaemonName {
  return { service: title, name: process }
}

function heapOf({ heapMib, heapShare }: Daemon, memoryMib: number): number {
  return Math.max(heapMib, Math.round(heapShare * memoryMib))
}

function planOf(
  service: Service,
  daemon: Daemon,
  { wanted, home }: { readonly wanted: RoleWanted; readonly home: DaemonHome },
): DaemonPlan {
  const [node] = wanted.nodes
  if (!node) throw new Error(`${daemon.name} runs for one node`)
  const leaving = new Set(wanted.leaving.map(({ role, node: of }) => `${role} ${of}`))
  const peer = ({ role, node: of = '', host, ports }: Peer): DaemonPeer => {
    const gone = leaving.has(`${role} ${of}`) ? { leaving: true as const } : {}
    return { daemon: role, node: of, host, ports, ...gone }
  }
  const known = new Set(wanted.peers.map(({ role, node: of }) => `${role} ${of}`))
  const others = wanted.leaving.filter(({ role, node: of }) => !known.has(`${role} ${of}`))
  return {
    cluster: wanted.id,
    node: node.id,
    role: node.role,
    directory: wanted.directory,
    library: service.part === undefined ? '' : home.library(service.part),
    ...(service.program && { program: service.program.name }),
    ...pluginsOf(service, home),
    ...bucketsOf(service, { wanted, home }),
    containerMark: containerMark(wanted.directory),
    host: wanted.host,
    ports: wanted.ports,
    heapMib: heapOf(daemon, wanted.memoryMib),
    memoryMib: wanted.memoryMib,
    threads: wanted.threads,
    disks: node.size ? diskBytesOf(node.size) : [],
    peers: [...wanted.peers, ...others].map(peer),
    settings: settingsOf(wanted.configuration),
    ...metadataOf(wanted),
    ...(service.administered && administratorOf(wanted)),
  }
}

function diskBytesOf({ disks }: NodeSize): readonly number[] {
  return disks
    .filter(({ use }) => use === 'data')
    .flatMap(({ sizeGib, count }) => Array<number>(count).fill(sizeGib * BYTES_PER_GIB))
}

function pluginsOf({ plugins }: Service, home: DaemonHome): Pick<DaemonPlan, 'plugins'> {
  if (!plugins) return {}
  return { plugins: Object.fromEntries(plugins.map(({ part }) => [part, home.library(part)])) }
}

function administratorOf({ reveal }: RoleWanted): Pick<DaemonPlan, 'administrator'> {
  const password = administratorPassword(reveal)
  return password === undefined ? {} : { administrator: { password } }
}

function bucketsOf(
  { buckets: part }: Service,
  { wanted, home }: { readonly wanted: RoleWanted; readonly home: DaemonHome },
): Pick<DaemonPlan, 'buckets'> {
  if (part === undefined || !wanted.objectStorage) return {}
  const { endpoint, region } = wanted.objectStorage
  const keyFile = join(wanted.directory, KEY_FILE)
  return { buckets: { endpoint, region, library: home.library(part), keyFile } }
}

/** Two lines of a profile: what could end one has been refused, or is no key of any store. */
function keyText({ reveal }: RoleWanted): string {
  const secret = (name: string) => (reveal(name) ?? '').replaceAll(/[\r\n\0]/g, '')
  return `[default]
aws_access_key_id = ${secret(clientKey.keyId)}
aws_secret_access_key = ${secret(clientKey.secret)}
`
}

/** By file; of several for one file, the later ones go before. Settings of one service's files hold for its clients as well. */
export function settingsOf(configuration: RoleWanted['configuration']): Settings {
  const settings: Record<string, Readonly<Record<string, string>>> = {}
  for (const { file, properties } of configuration)
    settings[file] = { ...settings[file], ...properties }
  return settings
}

function metadataOf({ metadata, reveal }: RoleWanted): Pick<DaemonPlan, 'metadata'> {
  if (!metadata || 'existing' in metadata) return {}
  const { host, port, database, user } = metadata
  const password = reveal('metadata.password') ?? ''
  return { metadata: { host, port, database, user, password } }
}

/** In the order in which they are written: the revision last, so that it never stands for files that are not there. */
function filesOf(
  daemon: Daemon,
  plan: DaemonPlan,
  wanted: RoleWanted,
): Readonly<Record<string, string>> {
  const files = {
    ...(plan.program === undefined ? LOGGING : {}),
    ...(plan.buckets && { [KEY_FILE]: keyText(wanted) }),
    ...daemon.files(plan),
    [START_SCRIPT]: startScript(daemon, plan),
  }
  const again = (daemon.reload ?? []).map(({ file }) => file)
  const fixed = Object.entries(files).filter(([name]) => !again.includes(name))
  const texts: Readonly<Record<string, string>> = files
  return {
    ...files,
    [PLAN_FILE]: `${JSON.stringify(withoutSecrets(plan), null, 1)}\n`,
    [DIGEST_FILE]: `${digestsOf(
      Object.fromEntries(fixed),
      again.map((name) => texts[name] ?? ''),
    )}\n`,
    [REVISION_FILE]: `${wanted.revision}\n`,
  }
}

function withoutSecrets({
  administrator: _administrator,
  metadata,
  ...plan
}: DaemonPlan): DaemonPlan {
  if (!metadata) return plan
  const { password: _secret, ...rest } = metadata
  return { ...plan, metadata: rest }
}

/** As it was last written down. */
export function readPlan(directory: string): DaemonPlan {
  return JSON.parse(readFileSync(join(directory, PLAN_FILE), 'utf8')) as DaemonPlan
}

export function environmentOf(
  daemon: Daemon,
  plan: DaemonPlan,
  home: DaemonHome,
): Readonly<Record<string, string>> {
  const own = daemon.environment?.(plan)
  if (plan.program !== undefined) return { ...own, [PROGRAM_VARIABLE]: home.program(plan.program) }
  return {
    ...own,
    [HOME_VARIABLE]: home.java(daemon.name),
    [LIBRARY_VARIABLE]: plan.library,
    ...(plan.buckets && { [BUCKET_LIBRARY_VARIABLE]: plan.buckets.library }),
    HADOOP_USER_NAME: USER,
  }
}

async function update(daemon: Daemon, directory: string, home: DaemonHome): Promise<Update> {
  const state = daemonState(directory)
  const wanted = wantedState(directory)
  if (!state || state.fixed !== wanted.fixed) return 'restart'
  // Each is a Java that starts: only what differs is worth it.
  for (const [at, { program }] of (daemon.reload ?? []).entries())
    if (program && state.reloaded[at] !== wanted.reloaded[at])
      await run(program(readPlan(directory)), { daemon, directory, home })
  noteReloaded(directory, state)
  return 'applied'
}

/** To its end. Rejects with what it said. */
async function run(
  { main, args = [], options = [] }: JavaProgram,
  it: { readonly daemon: Daemon; readonly directory: string; readonly home: DaemonHome },
): Promise<void> {
  const { daemon, directory, home } = it
  const plan = readPlan(directory)
  const all = [...optionsOf({ ...plan, heapMib: 128 }), ...options]
  const program = join(home.java(daemon.name), 'bin', 'java')
  const env = { PATH: process.env['PATH'] ?? '', ...environmentOf(daemon, plan, home) }
  await promisify(execFile)(
    program,
    [...all, '-cp', classPathOf(plan.library, plan.buckets?.library), main, ...args],
    {
      cwd: directory,
      env,
      timeout: RELOAD_MS,
    },
  )
}

async function health(
  daemon: Daemon,
  directory: string,
  recent: RecentAnswers,
): Promise<RoleHealth | undefined> {
  const state = daemonState(directory)
  if (!state) return undefined
  const plan = readPlan(directory)
  const { answering, ...said } = await recent.of(directory, `${state.pid} ${state.revision}`, () =>
    probed(daemon, plan),
  )
  // Where nothing proves whose the process is, its answer has to.
  if (!answering && !HAS_PROC) return undefined
  const endpoints = daemon.endpoints?.(plan) ?? []
  return {
    pid: state.pid,
    revision: state.revision,
    answering,
    ...said,
    endpoints: endpoints.map(({ name, port }) => ({ name, host: plan.host, port })),
  }
}

/** One that has no files yet, or does not answer, has none. */
async function figures(daemon: Daemon, directory: string): Promise<string> {
  if (!daemon.figures || !daemonState(directory)) return ''
  return daemon.figures(readPlan(directory)).catch(() => '')
}

async function probed(daemon: Daemon, plan: DaemonPlan): Promise<Probe> {
  try {
    return await daemon.probe(plan)
  } catch (problem) {
    return { answering: false, reason: `nobody answers: ${(problem as Error).message}` }
  }
}

/** To the daemon's own log, in parts, by Log4j 1 (as reload4j) and 2; the latter is not under the name that containers would find. */
const LOGGING = {
  'log4j.properties': `log4j.rootLogger=INFO,file
# Every look at a daemon is a request to it.
log4j.logger.http.requests=WARN
log4j.logger.org.apache.zookeeper.server.NIOServerCnxn=WARN
log4j.appender.file=org.apache.log4j.RollingFileAppender
log4j.appender.file.File=${LOG_FILE}
log4j.appender.file.MaxFileSize=${LOG_MIB}MB
log4j.appender.file.MaxBackupIndex=${LOG_PARTS}
log4j.appender.file.layout=org.apache.log4j.PatternLayout
log4j.appender.file.layout.ConversionPattern=%d{ISO8601} %p %c{2}: %m%n
`,
  [LOG_SETTINGS]: `status = warn
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = ${LOG_FILE}
appender.file.filePattern = ${LOG_FILE}.%i
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d %p %c{2}: %m%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = ${LOG_MIB}MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.fileIndex = min
appender.file.strategy.max = ${LOG_PARTS}
# Every look at a server of Thrift is a client that leaves silently.
logger.look.name = org.apache.thrift.server.TThreadPoolServer
logger.look.level = off
# Where passwords are asked for, a look has none.
logger.login.name = org.apache.thrift.transport.TSaslTransport
logger.login.level = off
rootLogger.level = info
rootLogger.appenderRef.file.ref = file
`,
}
