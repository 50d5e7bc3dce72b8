/**
 * The local substrate: one engine process per instance on this machine, without containers. Instances outlive this server; a new one
 * finds them by their directories, adopts those that run, starts again those that died, and writes nothing where nothing changed.
 */
import { availableParallelism } from 'node:os'
import { backoffMs } from '../../kernel/backoff.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import type { Random } from '../../kernel/random.ts'
import type { NodeGroup } from '../../domain/cluster.ts'
import type { Seen, SeenGroup, Substrate, Wanted } from '../substrate.ts'
import type { EngineNode, EngineWanted, LocalEngine } from './engine.ts'
import { adopt, engineProcess, GRACE_MS } from './engine-process.ts'
import {
  clearAway,
  instanceFolder,
  instancesIn,
  type InstanceNode,
  type InstanceNote,
} from './instance.ts'
import { canListen, freeAddress, SHARED_HOST } from './loopback-address.ts'

export interface LocalOptions {
  /** Where the instances' directories are. */
  readonly root: string
  readonly engines: readonly LocalEngine[]
  readonly clock: Clock
  readonly log: Logger
  readonly random: Random
  /** How much of the machine one CPU of the cloud's is worth. */
  readonly share: { readonly threads: number; readonly memoryMib: number }
  /** What clients are told instead of the address listened on. */
  readonly advertisedHost?: string
}

export interface Local extends Substrate {
  /** Looks after the engines until `close`: starts again what died, with a growing pause. */
  watch(): void
  /** The figures of every engine that answers, by cluster. */
  metrics(): Promise<ReadonlyMap<string, string>>
  /** Where an instance's log is; undefined when there is no such instance. */
  logDirectory(id: string): string | undefined
}

const WATCH_MS = 1_000
/** An engine starts in well under a second; this is how soon it is looked at again. */
const LOOK_AGAIN_MS = 50
const BYTES_PER_GIB = 1024 ** 3

const absent: Seen = { present: false, generation: 0, groups: [], answering: false, endpoints: [] }

export function local(options: LocalOptions): Local {
  const { root } = options
  const { inTurn, settled } = turnstile()
  const { watch, unwatch } = keeper(options, inTurn)
  clearAway(root)
  return {
    name: 'local',
    capabilities: {
      families: options.engines.map((engine) => engine.family),
      encryption: false,
      publicAddress: false,
    },
    observe: (id) => observe(options, id),
    ensureGroup: (wanted, group) => inTurn(wanted.id, () => ensureGroup(options, wanted, group)),
    destroy: (id) => inTurn(id, () => destroy(options, id)),
    watch,
    async metrics() {
      const told = instancesIn(root).map(async (note) => {
        const text = await engineOf(options, note.family).metrics(
          instanceFolder(root, note.id).engine,
        )
        return [note.id, text] as const
      })
      return new Map(await Promise.all(told))
    },
    logDirectory: (id) =>
      instanceFolder(root, id).read() ? instanceFolder(root, id).engine : undefined,
    async close() {
      unwatch()
      await settled()
    },
  }
}

type InTurn = <T>(id: string, work: () => Promise<T>) => Promise<T>

/** One thing at a time for each instance; several instances side by side. */
function turnstile(): { inTurn: InTurn; settled(): Promise<unknown> } {
  const turns = new Map<string, Promise<unknown>>()
  return {
    inTurn(id, work) {
      const turn = (turns.get(id) ?? Promise.resolve()).then(work, work)
      const ended = turn.catch(() => {}).finally(() => turns.get(id) === ended && turns.delete(id))
      turns.set(id, ended)
      return turn
    },
    settled: () => Promise.all(turns.values()),
  }
}

/** Starts engines again that died, each with a growing pause. */
function keeper(options: LocalOptions, inTurn: InTurn): { watch(): void; unwatch(): void } {
  const { root, clock, log } = options
  const deaths = new Map<string, { count: number; notBeforeMs: number }>()
  let watching = false
  let cancel = () => {}

  const revive = async (id: string): Promise<void> => {
    const folder = instanceFolder(root, id)
    const note = folder.read()
    if (!note?.command || note.endingMs !== undefined) return
    if (engineProcess(folder).isAlive() || (await adopt(folder, engineOf(options, note.family))))
      return
    const death = deaths.get(id) ?? { count: 0, notBeforeMs: 0 }
    if (clock.now() < death.notBeforeMs) return
    const count = death.count + 1
    deaths.set(id, {
      count,
      notBeforeMs: clock.now() + backoffMs(count, options.random.fraction()),
    })
    log.warn({ id, start: count }, 'an engine is not there and is started again')
    await engineProcess(folder).start(note.command)
  }

  const look = async (): Promise<void> => {
    for (const { id } of instancesIn(root)) {
      await inTurn(id, () => revive(id)).catch((problem: unknown) =>
        log.error({ id, err: problem }, 'an engine could not be looked after'),
      )
    }
    if (watching) cancel = clock.at(clock.now() + WATCH_MS, () => void look())
  }

  return {
    watch() {
      watching = true
      void look()
    },
    unwatch() {
      watching = false
      cancel()
    },
  }
}

async function observe(options: LocalOptions, id: string): Promise<Seen> {
  const folder = instanceFolder(options.root, id)
  const note = folder.read()
  if (!note) return absent
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

function seeGroup(group: InstanceNote['groups'][number], phase: SeenGroup['phase']): SeenGroup {
  return {
    id: group.id,
    phase,
    nodes: group.nodes.map((node) => ({ ...node, ready: phase === 'ready' })),
  }
}

async function ensureGroup(options: LocalOptions, wanted: Wanted, group: NodeGroup): Promise<void> {
  const engine = engineOf(options, wanted.software.family)
  const folder = instanceFolder(options.root, wanted.id)
  const was = folder.read() ?? (await newNote(options, wanted))
  if (was.endingMs !== undefined) throw new Error(`${wanted.id} is being taken down`)
  const note = withGroup(was, wanted, group)
  const whole = wanted.groups.every((each) => note.groups.some((known) => known.id === each.id))
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
async function run(options: LocalOptions, { engine, wanted, note, changed }: Run): Promise<void> {
  const folder = instanceFolder(options.root, note.id)
  const process = engineProcess(folder)
  const asked = engineWanted(options, { engine, wanted, note })
  const prepared = note.command !== undefined && engine.isPrepared(asked)
  if (changed || !prepared) {
    if (changed) folder.write(note)
    folder.write({ ...note, command: engine.prepare(asked) })
  }
  const command = folder.read()?.command
  if (!command) return
  if (process.isAlive() || (await adopt(folder, engine))) {
    if (prepared || (await engine.update(folder.engine))) return
    process.signal('SIGTERM')
    return // The watch starts it again with what is wanted now.
  }
  await process.start(command)
}

async function newNote(options: LocalOptions, wanted: Wanted): Promise<InstanceNote> {
  const held = new Set(instancesIn(options.root).map((note) => note.host))
  const own = freeAddress(held)
  const standard = own !== undefined && (await canListen(own, 0))
  return {
    id: wanted.id,
    family: wanted.software.family,
    generation: wanted.generation,
    host: standard ? own : SHARED_HOST,
    ports: standard ? 'standard' : 'free',
    groups: [],
  }
}

/** The note with the group as wanted; the same object when it is there already. */
function withGroup(was: InstanceNote, wanted: Wanted, group: NodeGroup): InstanceNote {
  const known = was.groups.find((each) => each.id === group.id)
  const same =
    known?.nodes.length === group.nodes.length &&
    group.nodes.every((node, at) => known.nodes[at]?.id === node.id)
  if (same && was.generation === wanted.generation) return was
  const others = was.groups.filter((each) => each.id !== group.id)
  const before = wanted.groups.slice(
    0,
    wanted.groups.findIndex((each) => each.id === group.id),
  )
  const first = before.reduce((sum, each) => sum + each.nodes.length, 0)
  const nodes = group.nodes.map((node, at): InstanceNode => ({
    id: node.id,
    address: node.address ?? nodeAddress(was.host, first + at),
  }))
  return { ...was, generation: wanted.generation, groups: [...others, { id: group.id, nodes }] }
}

/** The first node has the instance's address; the others have addresses of the same ending in the networks above it. */
function nodeAddress(host: string, index: number): string {
  const [, second = '0', third = '0', fourth = '1'] = host.split('.')
  return `127.${(Number(second) + index) % 255}.${third}.${fourth}`
}

function engineWanted(
  options: LocalOptions,
  { engine, wanted, note }: Pick<Run, 'engine' | 'wanted' | 'note'>,
): EngineWanted {
  const workers = wanted.groups.filter((group) => engine.workers.includes(group.role))
  const cpus = workers.reduce((sum, group) => sum + group.cpu * group.nodes.length, 0)
  const gib = workers.reduce((sum, group) => sum + dataGib(group) * group.nodes.length, 0)
  return {
    id: wanted.id,
    name: wanted.name,
    version: wanted.software.version,
    generation: wanted.generation,
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
    nodes: wanted.groups.flatMap((group) => nodesOf(group, note)),
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
async function destroy(options: LocalOptions, id: string): Promise<void> {
  const folder = instanceFolder(options.root, id)
  const note = folder.read()
  if (!note) return
  const process = engineProcess(folder)
  if (note.endingMs === undefined) {
    folder.write({ ...note, endingMs: options.clock.now() })
    if (!process.isAlive()) await adopt(folder, engineOf(options, note.family))
    process.signal('SIGTERM')
    return
  }
  if (!process.isAlive()) return folder.remove()
  if (options.clock.now() - note.endingMs > GRACE_MS) process.signal('SIGKILL')
}

function engineOf(options: LocalOptions, family: string): LocalEngine {
  const engine = options.engines.find((each) => each.family === family)
  if (!engine) throw new Error(`the local substrate has no engine for ${family}`)
  return engine
}
