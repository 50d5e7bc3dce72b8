/** What is noted of an instance: what is wanted of it and where its processes are. Pure. */
import { join } from 'node:path'
import type { DaemonName } from '../../domain/cluster/daemon.ts'
import type { NodeTemplate, SnapshotKey } from '../../domain/cluster/spec.ts'
import type { ObjectStorage } from '../../domain/object-storage.ts'
import type { SeenIncident, GroupProblem } from '../port.ts'
import type { ProcessPlan } from './component.ts'

export const NOTE_VERSION = 2

export interface InstanceNote {
  readonly version: typeof NOTE_VERSION
  readonly id: string
  readonly family: string
  /** The newest that was applied in whole: nothing of it was refused, and nodes that it does not want were gone. */
  readonly generation: number
  /** False while its processes shall be stopped. */
  readonly running: boolean
  /** The address that is its own. */
  readonly host: string
  /** Its processes need the cluster's data key to start. */
  readonly encrypted?: true
  readonly groups: readonly InstanceGroup[]
  readonly processes: readonly ProcessNote[]
  /** The copy of another instance's data that it begins with: whether these are there, and why they cannot be. */
  readonly origin?: SnapshotKey & { readonly seeded?: true; readonly refused?: Refusal }
  /** Further addresses that its clients come by. */
  readonly entries?: readonly EntryNote[]
  /** Scripts that were started on its nodes, in that order. */
  readonly runs?: readonly RunNote[]
  /** Processes that were never started wait. */
  readonly held?: true
  /** What its processes did by themselves, the latest last. */
  readonly incidents?: readonly SeenIncident[]
  /** What of its software runs in another version than was asked for, or not at all. */
  readonly remark?: string
  /** What of the spec has no effect here. */
  readonly unsupported?: Refusal
  /** When its end was asked for, in service time: from then on it is only taken down. */
  readonly endingMs?: number
}

export interface RunNote {
  readonly script: string
  readonly node: string
  readonly order: number
  readonly startedMs: number
}

export interface InstanceGroup {
  readonly id: string
  /** Absent when an earlier version did not record it. */
  readonly role?: string
  readonly name?: string
  readonly nodes: readonly InstanceNode[]
}

/** Its ports are in the order of what is listened for. */
export interface EntryNote {
  readonly name: string
  readonly host: string
  readonly ports: readonly number[]
}

export interface InstanceNode {
  readonly id: string
  readonly index: number
  readonly address: string
  readonly role: string
  /** The name of its group. */
  readonly group: string
  readonly zone: string
  /** What is wanted of it; absent when an earlier version did not record it. */
  readonly template?: NodeTemplate
  /** Its daemons, as the spec names them and in that order; absent where it names none. */
  readonly daemons?: readonly DaemonName[]
  /** What it ran of them before what is wanted now, which may not be done yet. */
  readonly before?: Pick<NodeTemplate, 'daemons'>
  /** Since when it is being made safe to lose. */
  readonly drainingMs?: number
  /** Every process that has to know that it drains does: until then, whoever wants it drained asks again. */
  readonly drainKnown?: true
}

export interface ProcessNote extends ProcessPlan {
  /** Unique in the instance, and its directory's name. */
  readonly name: string
  readonly host: string
  readonly ports: readonly number[]
  /** Of its files; 0 before they were first written. */
  readonly revision: number
  /** What the files of its last revisions stand for, oldest first: the newest, and the one that it may still work with. */
  readonly loads: readonly Load[]
  /** The restart counters of its nodes that it was started with. */
  readonly restarts: Readonly<Record<string, number>>
  /** What is wanted of it alone. */
  readonly order?: DaemonOrderNote
  /** When it was last started, or had ended when it was stopped. */
  readonly sinceMs?: number
  /** Whether it was ever started. */
  readonly started?: true
  /** The last files that it refused, by their digest. */
  readonly refused?: Refusal & { readonly digest: string }
  /** It shall end: to be started again, to rest while its data stays, or to be removed with its data. */
  readonly stop?: {
    readonly next: 'start' | 'rest' | 'remove'
    readonly sinceMs: number
    /** It has, and rests. */
    readonly ended?: true
    /** The counters that it is started with next. */
    readonly restarts?: Readonly<Record<string, number>>
  }
}

/** Of a daemon that the spec names. */
export interface DaemonOrderNote {
  readonly stopped?: true
  /** Counts the starts that were asked for. */
  readonly restarts?: number
  readonly maintenance?: true
  /** It is started or stopped alone: until it first answers, its node serves without it. */
  readonly alone?: true
  /** It is started once, though it ended by itself in maintenance. */
  readonly due?: true
}

export interface Load {
  readonly revision: number
  readonly threads: number
  readonly memoryMib: number
  readonly quotaBytes: number
  readonly objectStorage?: ObjectStorage
  /** By node. */
  readonly templates: Readonly<Record<string, Omit<NodeTemplate, 'restarts'>>>
}

export type Refusal = Pick<GroupProblem, 'kind' | 'reason' | 'sinceMs'>

/** What can be the name of a directory. */
export const DIRECTORY_NAME = /^[A-Za-z0-9-]{1,64}$/

/** The name of a process: its role, and the node that it runs for. */
export function processName({ role, node }: ProcessPlan): string {
  if (node === undefined) return role
  if (!DIRECTORY_NAME.test(node)) throw new Error(`${node} cannot be the name of a directory`)
  return join(role, node)
}

/** The name of a run's directory, and of its log. */
export function runRole(script: string): string {
  return `script-${script.replaceAll('.', '-')}`
}

export function runName({ script, node }: Pick<RunNote, 'script' | 'node'>): string {
  const role = runRole(script)
  if (!DIRECTORY_NAME.test(role)) throw new Error(`${script} cannot be the name of a directory`)
  return processName({ role, node })
}

export function nodesIn({ groups }: Pick<InstanceNote, 'groups'>): readonly InstanceNode[] {
  return groups.flatMap(({ nodes }) => nodes)
}

/** So many are reported, each until others have come. */
const INCIDENTS_MAX = 16

/** Noted with the step that answers it, so that it is reported even if this server ends before anybody has learned of it. */
export function withProcessIncident(
  note: InstanceNote,
  { node, role }: ProcessPlan,
  { kind, atMs }: Pick<SeenIncident, 'kind' | 'atMs'>,
): InstanceNote {
  const how = kind === 'node-ended' ? 'ended by itself' : 'did not answer and was ended'
  const incident: SeenIncident = {
    kind,
    ...(node === undefined ? {} : { node }),
    reason: `the process ${role} ${how}; it is started again`,
    atMs,
  }
  return { ...note, incidents: [...(note.incidents ?? []), incident].slice(-INCIDENTS_MAX) }
}

/** The nodes that a process runs for. */
export function servedBy(note: InstanceNote, { node }: ProcessPlan): readonly InstanceNode[] {
  const nodes = nodesIn(note)
  return node === undefined ? nodes : nodes.filter(({ id }) => id === node)
}

/** Whether it runs for one node, which is being made safe to lose. */
export function isDraining(note: InstanceNote, process: ProcessPlan): boolean {
  return (
    process.node !== undefined &&
    servedBy(note, process).some(({ drainingMs }) => drainingMs !== undefined)
  )
}

/** The note with this process in place of the one of its name, or behind the others. */
export function withProcess(note: InstanceNote, process: ProcessNote): InstanceNote {
  const known = note.processes.some(({ name }) => name === process.name)
  const processes = known
    ? note.processes.map((each) => (each.name === process.name ? process : each))
    : [...note.processes, process]
  return { ...note, processes }
}
