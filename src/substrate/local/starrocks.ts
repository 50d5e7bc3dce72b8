/** The StarRocks-compatible engine of Emrys as the local substrate runs it: `engine.json`, a verifier, a control socket. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import { dataGib } from '../../domain/cluster/node-group.ts'
import type { LakeCatalog } from '../../domain/cluster/spec.ts'
import type { Endpoint } from '../../domain/cluster/status.ts'
import type { Workload } from '../../domain/cluster/workload.ts'
import { engineControl } from '../../../engines/starrocks/src/process/control-client.ts'
import {
  configurationFile,
  moduleFolders,
  verifierFile,
  type EngineConfiguration,
  type EngineEntry,
} from '../../../engines/starrocks/src/process/configuration.ts'
import { programFile } from '../../kernel/place.ts'
import { metricsPage } from './metrics-page.ts'
import type { Modules } from './module.ts'
import { accessOf, certificateOf, entriesOf, STANDARD_PORTS } from './starrocks-access.ts'
import type {
  Component,
  ComponentGroup,
  ComponentNode,
  Role,
  RoleHealth,
  RoleSnapshot,
  RoleWanted,
  Update,
} from './component.ts'

const PROGRAM = programFile('engines/starrocks/src/main')
/** The engine gives its database two seconds to answer; a greeting takes milliseconds. */
const HEALTH_MS = 2_500
const GREETING_MS = 1_000
const BYTES_PER_MIB = 1024 ** 2
const BYTES_PER_GIB = 1024 ** 3

/**
 * Node runs native work on four threads unless its environment says otherwise when it starts: four long statements would hold up every
 * other client. Threads that wait cost little; DuckDB's own limit says how many work.
 */
const STATEMENTS_AT_ONCE = 64
/** The module that encrypts data, and knows object storage. */
const HTTPFS = 'httpfs'
/** With object storage an engine loads those of them that are there, and refuses what needs the others. */
const LAKE_MODULES = ['avro', 'iceberg']
const WORKERS: readonly string[] = ['be', 'cn']

/**
 * One process serves all nodes of an instance. `compiled`: a folder that all engines share, where the first leaves what it
 * compiled; the others start in half the time.
 */
export function starrocksComponent(compiled?: string, modules?: Modules): Component {
  return {
    family: 'starrocks',
    workers: WORKERS,
    // Threads, memory and quota are the whole instance's.
    nodeSizes: false,
    configuration: true,
    // The engine looks up no names of hosts.
    access: ['gateway', 'exposure', 'network', 'allow-list', 'encryption'],
    rollout: 'cluster',
    ...(modules && {
      unmetEncryption: () => modules.unmet(HTTPFS),
      unmetObjectStorage: () => modules.unmet(HTTPFS),
    }),
    roles: [engineRole(compiled, modules)],
    plan: () => [{ role: 'engine' }],
    entries: entriesOf,
  }
}

function engineRole(compiled: string | undefined, modules: Modules | undefined): Role {
  return {
    name: 'engine',
    standardPorts: STANDARD_PORTS,
    logFile: 'engine.log',
    files: (wanted) => ({
      [verifierFile]: verifierOf(wanted),
      // Before the configuration that names it.
      ...certificateOf(wanted),
      [configurationFile]: textOf(wanted),
    }),
    command: (directory) => ({
      program: PROGRAM,
      args: [directory],
      env: {
        UV_THREADPOOL_SIZE: String(STATEMENTS_AT_ONCE),
        ...(compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled }),
        [moduleFolders]: foldersOf(modules),
      },
    }),
    update,
    setObjectStorageKey: (directory, key) => engineControl(directory).setObjectStorageKey(key),
    health,
    snapshot,
    metrics,
  }
}

function foldersOf(modules: Modules | undefined): string {
  if (!modules) return ''
  const there = LAKE_MODULES.filter((name) => modules.unmet(name) === undefined)
  const folders = [HTTPFS, ...there].map((name) => modules.folder(name))
  return folders.filter((folder) => folder !== undefined).join(delimiter)
}

const snapshot: RoleSnapshot = {
  folder: 'snapshot',
  begin: (directory, name) => engineControl(directory).beginSnapshot(name),
  async look(directory, name) {
    try {
      return await engineControl(directory, HEALTH_MS).snapshot(name)
    } catch {
      return undefined // Nobody is there, or not yet.
    }
  },
  async forget(directory, name) {
    try {
      await engineControl(directory).forgetSnapshot(name)
      return true
    } catch {
      return false
    }
  },
}

/** What the engine cannot change while it runs it takes over when it starts. */
async function update(directory: string): Promise<Update> {
  try {
    await engineControl(directory).reload()
    return 'applied'
  } catch (problem) {
    const [, reason] = REFUSAL.exec((problem as Error).message) ?? []
    if (reason === undefined || NEEDS_START.test(reason)) return 'restart'
    return { refused: reason }
  }
}

/** As the control client words what the engine says. */
const REFUSAL = /^the engine refuses [^:]*: "(.*)"$/s
/**
 * A failure of the engine's own is no judgement of the files, nor is that it does not know a member of theirs: it was started by an
 * earlier version, and is this one's program when it starts again.
 */
const NEEDS_START = /without a restart$|^internal error$|additional properties| schema is false$/

function textOf(wanted: RoleWanted): string {
  const [queryPort = 0, frontPort = 0, backPort = 0] = wanted.ports
  const configuration: EngineConfiguration = {
    instance: wanted.id,
    generation: wanted.revision,
    // Clients ask a frontend.
    version: wanted.nodes.find(({ role }) => role === 'fe')?.version ?? wanted.version,
    host: wanted.host,
    queryPort,
    frontPort,
    backPort,
    ...(wanted.advertisedHost === undefined ? {} : { advertisedHost: wanted.advertisedHost }),
    ...(wanted.timeZone === undefined ? {} : { timeZone: wanted.timeZone }),
    ...(wanted.passwordNumber === 0 ? {} : { passwordNumber: wanted.passwordNumber }),
    ...settingsOf(wanted),
    ...(wanted.encrypted ? { encrypted: true } : {}),
    ...(wanted.encrypted || wanted.objectStorage ? { modules: [HTTPFS] } : {}),
    ...objectStorageOf(wanted),
    ...givenOf(wanted),
    threads: wanted.threads,
    memoryBytes: wanted.memoryMib * BYTES_PER_MIB,
    storageBytes: wanted.quotaBytes,
    ...warehousesOf(wanted.groups),
    ...(wanted.access ? { access: accessOf(wanted, wanted.access) } : {}),
    nodes: wanted.nodes.flatMap((node) => {
      const role = engineRoleOf(node)
      const { id: name, host, group, zone, version } = node
      const place = { name, host, group, zone, version }
      return role === undefined ? [] : [{ ...place, role, ...sizeShown(node) }]
    }),
  }
  return `${JSON.stringify(configuration, null, 2)}\n`
}

function objectStorageOf({
  objectStorage,
}: RoleWanted): Pick<EngineConfiguration, 'objectStorage' | 'volume'> {
  if (!objectStorage) return {}
  const { endpoint, region, prefixes, icebergRest, hiveMetastores, volume } = objectStorage
  const copied = prefixes.map(({ name, rights }) => ({ name, rights: [...rights] }))
  const servers = {
    ...(icebergRest && { icebergRest: [...icebergRest] }),
    ...(hiveMetastores && { hiveMetastores: [...hiveMetastores] }),
  }
  const own = volume && { volume: { endpoint, region, ...volume } }
  return { objectStorage: { endpoint, region, prefixes: copied, ...servers }, ...own }
}

/** A catalog of a type that no module reads is made too: the engine says what it is when it is asked. */
function givenOf({ catalog, linkedUser }: RoleWanted): Pick<EngineConfiguration, 'given'> {
  if (!catalog && linkedUser === undefined) return {}
  const catalogs = catalog ? [{ name: catalog.name, properties: catalogProperties(catalog) }] : []
  const names = catalogs.map(({ name }) => name)
  const users = linkedUser === undefined ? [] : [{ name: linkedUser, catalogs: names }]
  return { given: { catalogs, users } }
}

/** Kept by a server, or folders of folders, as Iceberg's Hadoop catalog and Paimon's file system catalog keep them. */
function catalogProperties({ type, location, rest }: LakeCatalog) {
  if (rest !== undefined && type === 'iceberg')
    return { type, 'iceberg.catalog.type': 'rest', 'iceberg.catalog.uri': rest }
  const kind = { iceberg: 'hadoop', paimon: 'filesystem' }[type]
  return {
    type,
    ...(kind === undefined ? {} : { [`${type}.catalog.type`]: kind }),
    ...(location === undefined ? {} : { [`${type}.catalog.warehouse`]: location }),
  }
}

const SIDES: Readonly<Record<string, 'frontend' | 'backend'>> = { FE: 'frontend', BE: 'backend' }

/** What one process for the whole instance cannot have is named so that the engine refuses it: nothing is silently ignored. */
function settingsOf({ configuration }: RoleWanted): Pick<EngineConfiguration, 'settings'> {
  if (configuration.length === 0) return {}
  const settings: NonNullable<EngineConfiguration['settings']> = {}
  for (const { file, group, properties } of configuration) {
    const known = group === undefined ? SIDES[file] : undefined
    const items = (settings[known ?? 'frontend'] ??= {})
    const place = known ? '' : `${file}${group === undefined ? '' : ` of ${group}`}: `
    for (const [name, value] of Object.entries(properties)) items[`${place}${name}`] = value
  }
  return { settings }
}

/**
 * The first group of workers is the default warehouse. Each has a part of the statements that the engine works on at once, by its
 * cores; an instance of one group has all of them, and no need to say so.
 */
function warehousesOf(groups: readonly ComponentGroup[]): Pick<EngineConfiguration, 'warehouses'> {
  const workers = groups.filter(({ role }) => WORKERS.includes(role))
  if (workers.length < 2) return {}
  const all = workers.reduce((sum, { cpus }) => sum + cpus, 0)
  const warehouses = workers.map(({ name, cpus }, at) => ({
    name: at === 0 ? 'default_warehouse' : name,
    group: name,
    statements: Math.max(1, Math.floor((STATEMENTS_AT_ONCE * cpus) / Math.max(1, all))),
  }))
  return { warehouses }
}

/** Its listings show the size that a node is sold with, whatever this machine gives the process. */
function sizeShown({ size }: ComponentNode) {
  if (!size) return {}
  return {
    cpuCores: size.cpu,
    memoryBytes: size.memoryMib * BYTES_PER_MIB,
    storageBytes: dataGib(size) * BYTES_PER_GIB,
  }
}

type EngineNodeRole = EngineConfiguration['nodes'][number]['role']
const ROLES: readonly EngineNodeRole[] = ['fe', 'be', 'cn', 'observer']

/** Agents are none of StarRocks' own nodes and show in none of its listings. */
function engineRoleOf(node: ComponentNode): EngineNodeRole | undefined {
  return ROLES.find((role) => role === node.role)
}

/** What mysql_native_password keeps instead of the password: SHA1(SHA1(password)). */
function verifierOf(wanted: RoleWanted): string {
  const password = wanted.reveal('adminPassword')
  if (password === undefined || password === '') return ''
  const hashed = createHash('sha1').update(password).digest()
  return createHash('sha1').update(hashed).digest('hex')
}

/** The engine's own answer. */
interface EngineHealth extends Pick<
  RoleHealth,
  'threads' | 'memoryBytes' | 'storageBytes' | 'usedBytes' | 'reason' | 'objectStorageKey'
> {
  readonly ok?: boolean
  /** Statements of clients under way. */
  readonly running?: number
  readonly pid: number
  readonly generation: number
  readonly ports: { readonly query: number; readonly front: number; readonly back: number }
  /** Absent from engines of earlier versions. */
  readonly entries?: readonly EngineEntry[]
  readonly work?: Workload
}

async function engineHealth(directory: string): Promise<EngineHealth | undefined> {
  try {
    return (await engineControl(directory, HEALTH_MS).health()) as unknown as EngineHealth
  } catch {
    return undefined // Nobody is there, or not yet.
  }
}

async function health(directory: string): Promise<RoleHealth | undefined> {
  const found = await engineHealth(directory)
  if (!found) return undefined
  const { ok = true, generation, ports, pid, threads, memoryBytes, storageBytes, usedBytes } = found
  const { host, advertisedHost } = JSON.parse(
    readFileSync(join(directory, configurationFile), 'utf8'),
  ) as EngineConfiguration
  const shown = advertisedHost ?? host
  // With a statement on each of its threads it answers no probe: it is at work, not hung.
  const isBusy = (found.running ?? 0) >= STATEMENTS_AT_ONCE
  const answering = (ok || isBusy) && (await greets(host, ports.query))
  const reason = answering ? undefined : (found.reason ?? 'it greets no client')
  return {
    pid,
    revision: generation,
    answering,
    ...(reason === undefined ? {} : { reason }),
    ...(threads === undefined ? {} : { threads }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(storageBytes === undefined ? {} : { storageBytes }),
    ...(usedBytes === undefined ? {} : { usedBytes }),
    ...(found.work && { workload: found.work }),
    ...(found.objectStorageKey === undefined ? {} : { objectStorageKey: found.objectStorageKey }),
    endpoints: [
      { name: 'mysql', host: shown, port: ports.query },
      { name: 'fe-http', host: shown, port: ports.front },
      { name: 'be-http', host: shown, port: ports.back },
      ...(found.entries ?? []).flatMap((entry) => endpointsOf(entry, advertisedHost)),
    ],
  }
}

function endpointsOf(entry: EngineEntry, advertisedHost: string | undefined): readonly Endpoint[] {
  const { name, host, queryPort, frontPort, backPort } = entry
  const shown = advertisedHost ?? host
  const services = { mysql: queryPort, 'fe-http': frontPort, 'be-http': backPort }
  return Object.entries(services).flatMap(([service, port]) =>
    port === undefined ? [] : [{ name: `${name}/${service}`, host: shown, port }],
  )
}

/** The data plane's own sign of life: a MySQL server greets whoever connects. */
function greets(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    // From the instance's own address, which may always come in.
    const socket = connect({ host, port, localAddress: host, timeout: GREETING_MS })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('data', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })
}

/** Of both ports. */
async function metrics(directory: string): Promise<string> {
  try {
    const found = await engineHealth(directory)
    if (!found) return ''
    const { ports } = found
    const { host } = JSON.parse(
      readFileSync(join(directory, configurationFile), 'utf8'),
    ) as EngineConfiguration
    const [front, back] = await Promise.all(
      [ports.front, ports.back].map((port) => metricsPage(host, port)),
    )
    return `${front}\n${back}`
  } catch {
    return ''
  }
}
