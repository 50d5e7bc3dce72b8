/**
 * The local substrate: one engine process per instance on this machine, without containers. Instances outlive this server; a new one
 * finds them by their directories, adopts those that run, starts again those that died, and writes nothing where nothing changed.
 */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import type { Random } from '../../kernel/random.ts'
import type { NodeGroup } from '../../domain/cluster/node-group.ts'
import type { Seen, SeenGroup, Substrate, Wanted } from '../port.ts'
import type { EngineNode, EngineWanted, LocalEngine } from './engine.ts'
import { adopt, engineProcess, GRACE_MS, type EngineProcess } from './engine-process.ts'
import {
  clearAway,
  instanceFolder,
  instancesIn,
  type InstanceNode,
  type InstanceNote,
} from './instance.ts'
import { keeper } from './supervisor.ts'
import { readLog, type LogAsked, type LogPart } from './log-reader.ts'
import { freePlace } from './loopback-address.ts'
import { turnstile, type InTurn } from './keyed-mutex.ts'

export interface LocalOptions {
  /** Where the instances' directories are; absolute. */
  readonly root: string
  readonly engines: readonly LocalEngine[]
  readonly clock: Clock
  readonly log: Logger
  readonly random: Random
  /** How much of the machine one CPU of the cloud's is worth. */
  readonly share: { readonly threads: number; readonly memoryMib: number }
  /** What clients are told instead of the address listened on. */
  readonly advertisedHost?: string
  /** Whether the engines outlive `close`. They do unless this says otherwise. */
  readonly keepRunning?: boolean
}

export interface Local extends Substrate {
  /** Looks after the engines until `close`: starts again what died, with a growing pause. */
  watch(): void
  /** The figures of every instance's engine in Prometheus' text form, by cluster; empty where none answered in time. */
  metrics(): Promise<ReadonlyMap<string, string>>
  /** A part of an instance's log; undefined when there is no such instance here. */
  readLog(id: string, asked: LogAsked): LogPart | undefined
  /** Removes every instance with its data, at once. */
  clear(): Promise<void>
}

/** An engine starts in well under a second; this is how soon it is looked at again. */
const LOOK_AGAIN_MS = 50
/** An engine that is asked for its figures answers in milliseconds; one that hangs must not hold the others up. */
const METRICS_MS = 2_500
/** How long engines may take to end with the server, which itself has less than 5 s; then they are killed. */
const END_TOGETHER_MS = 2_500
const END_LOOK_MS = 20
const BYTES_PER_GIB = 1024 ** 3

const absent: Seen = { present: false, generation: 0, groups: [], answering: false, endpoints: [] }

interface Driver extends LocalOptions {
  readonly inTurn: InTurn
}

export function local(options: LocalOptions): Local {
  const { root, engines } = options
  const { inTurn, settled } = turnstile()
  const driver: Driver = { ...options, inTurn }
  const { watch, unwatch } = keeper({ ...driver, engineOf: (family) => engineOf(driver, family) })
  clearAway(root)
  return {
    name: 'local',
    capabilities: {
      families: engines.map((engine) => engine.family),
      encryption: false,
      publicAddress: false,
    },
    observe: (id) => observe(driver, id),
    ensureGroup: (wanted, group) => inTurn(wanted.id, () => ensureGroup(driver, wanted, group)),
    destroy: (id) => inTurn(id, () => destroy(driver, id)),
    watch,
    metrics: () => metrics(driver),
    readLog(id, asked) {
      const folder = instanceFolder(root, id)
      const note = folder.read()
      if (!note) return undefined
      return readLog(join(folder.engine, engineOf(driver, note.family).logFile), asked)
    },
    async clear() {
      const cleared = instancesIn(root).map(({ id }) => inTurn(id, () => clear(driver, id)))
      await Promise.all(cleared)
    },
    async close() {
      unwatch()
      await settled()
      if (options.keepRunning === false) await endAll(driver)
    },
  }
}

async function observe(options: Driver, id: string): Promise<Seen> {
  const folder = instanceFolder(options.root, id)
  const note = folder.read()
  if (!note) return folder.exists() ? { ...absent, present: true } : absent
  const alive = engineProcess(folder).isAlive()
  const health = alive ? await engineOf(options, note.family).health(folder.engine) : undefined
  const ready = health?.answering === true && health.generation === note.generation
  const phase = note.endingMs === undefined ? (ready ? 'ready' : 'starting') : 'stopping'
  return {
    present: true,
    generation: ready ? note.generation : 0,
    groups: note.groups.map((group): SeenGroup => seeGroup(group, phase)),
    answering: phase === 'ready',
    endpoints: phase === 'ready' ? (health?.endpoints ?? []) : [],
    ...(phase === 'ready' ? {} : { changesInMs: LOOK_AGAIN_MS }),
  }
}

async function metrics(options: Driver): Promise<ReadonlyMap<string, string>> {
  const told = instancesIn(options.root).map(async ({ id, family }) => {
    const asked = engineOf(options, family).metrics(instanceFolder(options.root, id).engine)
    const text = await Promise.race([asked, pause(METRICS_MS, '', { ref: false })])
    return [id, text] as const
  })
  return new Map(await Promise.all(told))
}

function seeGroup(group: InstanceNote['groups'][number], phase: SeenGroup['phase']): SeenGroup {
  return {
    id: group.id,
    phase,
    nodes: group.nodes.map((node) => ({ ...node, ready: phase === 'ready' })),
  }
}

async function ensureGroup(options: Driver, wanted: Wanted, group: NodeGroup): Promise<void> {
  const engine = engineOf(options, wanted.spec.software.family)
  const folder = instanceFolder(options.root, wanted.id)
  const was = folder.read() ?? (await newNote(options, wanted))
  if (was.endingMs !== undefined) throw new Error(`${wanted.id} is being taken down`)
  const note = withGroup(was, wanted, group)
  const whole = wanted.spec.groups.every((each) =>
    note.groups.some((known) => known.id === each.id),
  )
  if (!whole) {
    if (note !== was) folder.write(note)
    return
  }
  await run(options, { engine, wanted, note, changed: note !== was })
}

interface Run {
  readonly engine: LocalEngine
  readonly wanted: Wanted
  readonly note: InstanceNote
  readonly changed: boolean
}

/** Brings the instance's process to what is wanted, and does nothing when it is there. */
async function run(options: Driver, { engine, wanted, note, changed }: Run): Promise<void> {
  const folder = instanceFolder(options.root, note.id)
  const process = engineProcess(folder)
  const asked = engineWanted(options, { engine, wanted, note })
  const prepared = note.prepared === true && engine.isPrepared(asked)
  if (changed || !prepared) {
    if (changed) folder.write(note)
    engine.prepare(asked)
    folder.write({ ...note, prepared: true })
  }
  if (process.isAlive() || (await adopt(folder, engine))) {
    if (prepared || (await engine.update(folder.engine))) return
    process.signal('SIGTERM')
    return // The watch starts it again with what is wanted now.
  }
  await process.start(engine.command(folder.engine))
}

/** One at a time and written at once: an address that was found free stays free for nobody else. */
function newNote(options: Driver, wanted: Wanted): Promise<InstanceNote> {
  return options.inTurn('a new place', async () => {
    const held = new Set(instancesIn(options.root).map((note) => note.host))
    const { family } = wanted.spec.software
    const place = await freePlace(options.root, held, engineOf(options, family).standardPorts)
    const note = { id: wanted.id, family, generation: wanted.spec.generation, ...place, groups: [] }
    instanceFolder(options.root, wanted.id).write(note)
    return note
  })
}

/** The note with the group as wanted; the same object when it is there already. */
function withGroup(was: InstanceNote, wanted: Wanted, group: NodeGroup): InstanceNote {
  const known = was.groups.find((each) => each.id === group.id)
  const same =
    known?.nodes.length === group.nodes.length &&
    group.nodes.every((node, at) => known.nodes[at]?.id === node.id)
  if (same && was.generation === wanted.spec.generation) return was
  const others = was.groups.filter((each) => each.id !== group.id)
  const before = wanted.spec.groups.slice(
    0,
    wanted.spec.groups.findIndex((each) => each.id === group.id),
  )
  const first = before.reduce((sum, each) => sum + each.nodes.length, 0)
  const nodes = group.nodes.map((node, at): InstanceNode => ({
    id: node.id,
    address: node.address ?? nodeAddress(was.host, first + at),
  }))
  return {
    ...was,
    generation: wanted.spec.generation,
    groups: [...others, { id: group.id, nodes }],
  }
}

/** The first node has the instance's address; the others have addresses of the same ending in the networks above it. */
function nodeAddress(host: string, index: number): string {
  const [, second = '0', third = '0', fourth = '1'] = host.split('.')
  return `127.${(Number(second) + index) % 255}.${third}.${fourth}`
}

function engineWanted(
  options: Driver,
  { engine, wanted, note }: Pick<Run, 'engine' | 'wanted' | 'note'>,
): EngineWanted {
  const workers = wanted.spec.groups.filter((group) => engine.workers.includes(group.role))
  const cpus = workers.reduce((sum, group) => sum + group.cpu * group.nodes.length, 0)
  const gib = workers.reduce((sum, group) => sum + dataGib(group) * group.nodes.length, 0)
  return {
    id: wanted.id,
    name: wanted.name,
    version: wanted.spec.software.version,
    generation: wanted.spec.generation,
    directory: instanceFolder(options.root, wanted.id).engine,
    host: note.host,
    ports: note.ports,
    advertisedHost: options.advertisedHost,
    threads: Math.max(
      1,
      Math.min(availableParallelism(), Math.round(cpus * options.share.threads)),
    ),
    memoryMib: Math.max(MEMORY_MIB_MIN, Math.round(cpus * options.share.memoryMib)),
    quotaBytes: gib * BYTES_PER_GIB,
    nodes: wanted.spec.groups.flatMap((group) => nodesOf(group, note)),
    reveal: wanted.reveal,
  }
}

/** Below this the engine cannot work at all. */
const MEMORY_MIB_MIN = 256

function dataGib(group: NodeGroup): number {
  return group.disks
    .filter((disk) => disk.use === 'data')
    .reduce((sum, disk) => sum + disk.sizeGib * disk.count, 0)
}

function nodesOf(group: NodeGroup, note: InstanceNote): readonly EngineNode[] {
  const addresses = new Map(
    note.groups.find((each) => each.id === group.id)?.nodes.map((node) => [node.id, node.address]),
  )
  return group.nodes.map(({ id }) => ({
    id,
    role: group.role,
    group: group.name,
    zone: group.zone,
    host: addresses.get(id) ?? note.host,
  }))
}

/** Asks it to end, kills it when it does not, and removes its directory once it is gone. Safe to call again at any time. */
async function destroy(options: Driver, id: string): Promise<void> {
  const folder = instanceFolder(options.root, id)
  const note = folder.read()
  const process = engineProcess(folder)
  if (!note) {
    if (folder.exists()) folder.remove()
    return
  }
  if (note.endingMs === undefined) {
    folder.write({ ...note, endingMs: options.clock.now() })
    if (!process.isAlive()) await adopt(folder, engineOf(options, note.family))
    process.signal('SIGTERM')
    return
  }
  if (process.isGone()) return folder.remove()
  if (options.clock.now() - note.endingMs > GRACE_MS) process.signal('SIGKILL')
}

async function clear({ root }: Driver, id: string): Promise<void> {
  const folder = instanceFolder(root, id)
  if (!folder.exists()) return
  const process = engineProcess(folder)
  await ended([process], 'SIGKILL')
  folder.remove()
}

/** Their data stays, and the next server starts them again. */
async function endAll({ root, log }: Driver): Promise<void> {
  const running = instancesIn(root)
    .map(({ id }) => engineProcess(instanceFolder(root, id)))
    .filter((process) => !process.isGone())
  if (await ended(running, 'SIGTERM')) return
  log.warn({}, 'engines that did not end in time are killed; nothing that was acknowledged is lost')
  await ended(running, 'SIGKILL')
}

/** Whether all of them have ended by the time. */
async function ended(
  all: readonly EngineProcess[],
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<boolean> {
  for (const process of all) process.signal(signal)
  for (let waitedMs = 0; waitedMs < END_TOGETHER_MS; waitedMs += END_LOOK_MS) {
    if (all.every((process) => process.isGone())) return true
    await pause(END_LOOK_MS)
  }
  return all.every((process) => process.isGone())
}

function engineOf(options: Driver, family: string): LocalEngine {
  const engine = options.engines.find((each) => each.family === family)
  if (!engine) throw new Error(`the local substrate has no engine for ${family}`)
  return engine
}
