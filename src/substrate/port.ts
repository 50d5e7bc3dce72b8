/**
 * The substrate port: what runs clusters. A driver knows processes, pods or nothing at all; it knows no API.
 *
 * - `observe`, `apply` and `remove` are idempotent and safe to repeat after any failure, their own included: the caller may have
 *   died between the work and the record that it was done.
 * - `observe` looks at the world and never at records about it, and writes nothing. It throws when the world cannot be seen.
 * - `apply` brings the world towards the whole of what is wanted: missing nodes are made, nodes that differ from their template
 *   are brought to it (restarted where that is what it takes), nodes that are not wanted are removed with their data; where there
 *   is `drain`, only those that are drained or never served, unless their time for that is over (`graceOver`). What is there
 *   already is not touched. It returns when the work is under way; `observe` shows when it is done. Throws for a cluster that is
 *   being removed.
 * - A node whose `restarts` is higher than what runs for it gets a new process, and no other node does, as far as the driver runs
 *   a process for each (`rollout`). A node that comes or goes restarts nothing else.
 * - External names derive from our ids, so that repeating `apply` cannot make a second one.
 * - Where the spec names daemons (`spec.daemons`), a node serves when all run that shall (those in maintenance excepted), and
 *   `observe` reports each. One that is stopped, started or added alone disturbs neither the other daemons of its node nor its serving;
 *   until it is done, the node runs what it ran before (`runs`). One in maintenance that ends by itself is not started again before it
 *   is asked for. A driver that does not have `capabilities().daemons` starts and stops them with their node.
 * - A change of configuration, size or version is in force, or `observe` reports a problem that `persists`. Never neither.
 * - A script is run at most once on a node, by its id, for as long as the node is there. Only when a driver cannot know whether
 *   it ran (it died between the start and the record) may it run again; `simulation` records both in one write and never does.
 * - A snapshot is what a cluster's data were at one moment, whole or not there. It outlives its cluster until it is discarded. A
 *   new cluster whose spec names one as its origin begins with these data, or `observe` reports a problem that `persists`; one that
 *   has begun does not look at it again. A substrate that keeps no data has snapshots of nothing.
 * - Capabilities are data, and may be others tomorrow: they are asked for each time. What a substrate lacks is refused when it is
 *   asked for, not discovered later.
 * One suite, test/substrate/conformance.ts, holds every driver to this text.
 */
import type { BackupTable } from '../domain/backup.ts'
import type { Capabilities, UnmetRequirement, Prospect } from '../domain/cluster/capability.ts'
import type { Script } from '../domain/script.ts'
import type { ClusterSpec, NodeTemplate, SnapshotKey } from '../domain/cluster/spec.ts'
import type { DaemonStatus } from '../domain/cluster/daemon.ts'
import type { NewIncident } from '../domain/cluster/incident.ts'
import type { DirectoryContent } from '../domain/directory-content.ts'
import type { Inquiries } from '../domain/inquiry.ts'
import type { Endpoint } from '../domain/cluster/status.ts'
import type { Job } from '../domain/job-flow.ts'
import type { LogSource } from '../domain/log-delivery.ts'
import type { ObjectStorage } from '../domain/object-storage.ts'
import type { Workload } from '../domain/cluster/workload.ts'

/** What a substrate needs to know of a cluster, and all it may know. */
export interface Wanted {
  readonly id: string
  readonly name: string
  readonly spec: ClusterSpec
  /** Opens a sealed text of the cluster; for drivers that must hand a password to an engine. */
  readonly reveal: (secret: string) => string | undefined
  /** What its disks are encrypted with; absent for clusters that are not. Never to be written down. */
  readonly dataKey?: Uint8Array
  /** What its engine may do with objects: null for nothing at all, absent for what it may already. */
  readonly objectStorage?: ObjectStorage | null
  /** The nodes shall be there, and the engine on them not be started yet. */
  readonly hold?: boolean
  /** Nodes that are not wanted go now, drained or not: the time that they had for it is over. */
  readonly graceOver?: boolean
}

/**
 * `prepared`: there, and could run a script; its engine was not started. `serving`: started with what `runs` says, and answering.
 * `draining`, `drained`: being made safe to lose, and safe to lose. `stopped`: its data is there and nothing runs.
 */
export type NodePhase =
  | 'starting'
  | 'prepared'
  | 'serving'
  | 'draining'
  | 'drained'
  | 'stopping'
  | 'stopped'

export interface SeenNode {
  readonly id: string
  readonly index: number
  readonly address: string
  readonly publicAddress?: string
  readonly phase: NodePhase
  /** What it runs now, by its engine's own account; absent while it does not serve, draining nodes excepted, or is not known. */
  readonly runs?: NodeTemplate
  /** What each of its daemons does, in the order of the spec; absent where the spec names none or nothing is known of them. */
  readonly daemons?: readonly DaemonStatus[]
}

/** Something is wrong with a group, and since when. */
export interface GroupProblem {
  readonly kind: 'crash' | 'unresponsive' | 'refused' | 'unplaceable' | 'storage'
  /** For people; whoever reads it knows what to look at. */
  readonly reason: string
  readonly sinceMs: number
  /** Waiting does not help: what is wanted has to change. Otherwise the substrate keeps trying. */
  readonly persists: boolean
}

export interface SeenGroup {
  readonly id: string
  readonly nodes: readonly SeenNode[]
  readonly problem?: GroupProblem
}

/** A script on a node. */
export interface SeenRun {
  readonly script: string
  readonly node: string
  readonly phase: 'running' | 'done' | 'failed'
  /** Of one that failed. */
  readonly exitCode?: number
  /** From 1, in the order in which they were started in this cluster. */
  readonly order: number
  readonly startedMs: number
}

/** What a supervisor found and answered by itself: the process of a node, or of the whole cluster, was started again. */
export type SeenIncident = NewIncident & {
  readonly kind: 'node-ended' | 'node-unresponsive'
}

export interface Seen {
  /** False once nothing of the cluster is left. */
  readonly present: boolean
  /** The generation that the whole cluster runs, without nodes that it does not want; 0 while a part of it does not serve. */
  readonly generation: number
  readonly groups: readonly SeenGroup[]
  /** A data-plane probe was answered by every role that it has, by one node at least. */
  readonly answering: boolean
  readonly endpoints: readonly Endpoint[]
  /** What its engine may do with objects, by what it has taken over; absent for nothing, and where it does not answer. */
  readonly objectStorage?: ObjectStorage
  /** Bytes of data that its nodes keep, to a hundredth of what they may; absent where nobody counts, or not all of it answers. */
  readonly usedBytes?: number
  /** Of the nodes that are there, in the order in which they were started; absent when there were none. */
  readonly runs?: readonly SeenRun[]
  /** The latest, oldest first; each is reported for as long as it is among them. */
  readonly incidents?: readonly SeenIncident[]
  /** By the account of its engine; absent where nobody gives one, or not all of it answers. */
  readonly workload?: Workload
  /** What of its software runs in another version than was asked for, or not at all, in a sentence. */
  readonly remark?: string
  /** When something is expected to be different, in ms from now; undefined when only time will tell. */
  readonly changesInMs?: number
}

export interface SeenSnapshot {
  /** `absent` also after what took it ended in the middle: it has to be taken again. */
  readonly phase: 'absent' | 'taking' | 'taken' | 'failed'
  /** Why it failed. */
  readonly reason?: string
  /** Of one that is taken. */
  readonly bytes?: number
  readonly tables?: readonly BackupTable[]
  readonly changesInMs?: number
}

/** Every verb is idempotent. */
export interface Snapshots {
  observe(key: SnapshotKey): Promise<SeenSnapshot>
  /**
   * Continues taking it, and waits for it some seconds where that takes real time; to be repeated until it is taken or has failed.
   * Throws when its cluster is not there.
   */
  take(key: SnapshotKey): Promise<void>
  /** Removes all that is there of it, also while it is being taken. */
  discard(key: SnapshotKey): Promise<void>
  /** All of which anything is there. */
  list(): Promise<readonly SnapshotKey[]>
}

/** The last lines, or what follows a place that an earlier answer named; all that is there behind an empty one. */
export type LogQuery = ({ readonly lines: number } | { readonly after: string }) & {
  /** The role of the process whose log is meant, and its node; the first one without. */
  readonly role?: string
  readonly node?: string
}

export interface LogPart {
  /** Whole lines, as they were written. */
  readonly text: string
  /** Where to continue. */
  readonly next: string
  /** What came between `after` and this was deleted already. */
  readonly gap: boolean
}

/** What became of a job. */
export interface SeenJob {
  readonly phase: 'running' | 'done' | 'failed'
  /** What the service that runs it calls it; absent before it has begun anything there. */
  readonly application?: string
}

/** For drivers whose clusters run services that jobs are submitted to. */
export interface Jobs {
  /** Why it cannot be run in this cluster, in a sentence. */
  unmet(id: string, job: Job): string | undefined
  /** Submits it, once by its id; returns when that is under way. Throws when its cluster is not there. */
  start(id: string, job: Job): Promise<void>
  /** Undefined for one that was not started; rejects when nobody says what became of it. */
  observe(id: string, job: Job): Promise<SeenJob | undefined>
}

/** For drivers whose clusters may run a service that keeps their users and groups. */
export interface Directories {
  /**
   * Brings what the cluster's service keeps to exactly these; what is so already is not written again. False while no service of the
   * cluster is there to keep any. Rejects when it does not answer.
   */
  ensure(wanted: Pick<Wanted, 'id' | 'reveal'>, content: DirectoryContent): Promise<boolean>
}

/** For drivers whose clusters move at a pace of their own: how fast, by engine family, with `default` for the rest. */
export interface Pacing {
  /** As `immediate`, `time:SECONDS` or `manual:LOOKS`. */
  all(): Readonly<Record<string, string>>
  /** Throws an Error with a sentence when the text is no pace. */
  set(family: string, pace: string): void
  /** To be awaited before a pace is set, where the world is not this server's alone: what passed at the old pace stays so. */
  settle?(): Promise<void>
}

export interface ScriptFault {
  /** The name or the whole address of the script. */
  readonly script: string
  readonly exitCode: number
}

/** For drivers that run no scripts really: which of them fail. */
export interface ScriptFaults {
  list(): readonly ScriptFault[]
  /** Replaces the one of the same script. */
  put(fault: ScriptFault): void
  /** Those of one script or all; returns how many there were. */
  remove(script?: string): number
}

/** What can be done to a node of a driver that runs nothing really: its process ends or hangs, or the node is gone. */
export const nodeFaults = ['end', 'hang', 'lose'] as const
export type NodeFault = (typeof nodeFaults)[number]

/** What the applications of a cluster want of its YARN: containers of one size. */
export interface Demand {
  readonly applications: number
  readonly containers: number
  /** Of each container. */
  readonly memoryMib: number
  readonly cores: number
}

export interface CarriedProduct {
  readonly title: string
  readonly operator: string
  readonly remark?: string
}

export interface Substrate {
  readonly name: string
  /** For clusters of an engine family; without one, what holds for all. */
  capabilities(family?: string): Capabilities
  /** What keeps it from carrying anything now, in a sentence; absent for those that are always there. */
  remark?(): string | undefined
  /** Whose clusters it carries by what runs them, and what keeps it from any of them now; absent where nothing differs. */
  products?(): readonly CarriedProduct[]
  /** What there is for clusters where it depends on who runs it, by name; for people. */
  offer?(): Readonly<Record<string, string>>
  /** Why it cannot carry the cluster as it would be, by what is there now; absent for those that lack nothing. */
  unmet?(prospect: Prospect): UnmetRequirement | undefined
  observe(id: string): Promise<Seen>
  apply(wanted: Wanted): Promise<void>
  /** Begins to remove everything of the cluster, its data included, and nothing else; to be repeated until it is not present. */
  remove(id: string): Promise<void>
  /**
   * Begins to make the nodes safe to lose, which `observe` reports as `draining` and then `drained`; they keep serving. Nodes that
   * are wanted again stop draining with the next `apply`. A driver without it loses nodes safely at any time.
   */
  drain?(wanted: Wanted, nodes: readonly string[]): Promise<void>
  /** Starts a script on those of the nodes that have no run of it; they are ones that `observe` shows, prepared or serving. */
  run?(wanted: Wanted, script: Script, nodes: readonly string[]): Promise<void>
  /** Absent where jobs are scripts like others (`run`). */
  readonly jobs?: Jobs
  /** Absent where users and groups of clusters are kept by us alone. */
  readonly directories?: Directories
  /** Absent where there are none (`capabilities`). */
  readonly snapshots?: Snapshots
  /** A part of a cluster's log; undefined when it has none here. */
  logs?(id: string, query: LogQuery): LogPart | undefined
  /** Which logs it has of a cluster. */
  logSources?(id: string): readonly LogSource[]
  /** The figures of every cluster's engines in Prometheus' text form, by cluster; empty where none answered in time. */
  metrics?(): Promise<ReadonlyMap<string, string>>
  /**
   * What can be asked of its services now; nothing is different because of it, and every answer is bounded in time and size. Absent
   * for drivers that run nothing which could be asked.
   */
  inquiries?(id: string): Inquiries
  /** Reports that clients looked at these clusters; returns those that are different now because of it. */
  onDescribe?(ids: readonly string[]): readonly string[] | Promise<readonly string[]>
  /** What it runs is on this machine alone: another server cannot look after it. */
  readonly ofThisMachine?: true
  readonly pacing?: Pacing
  readonly scriptFaults?: ScriptFaults
  /** Does it to the node; false when it is not there, or its process does not run. */
  readonly failNode?: (id: string, node: string, fault: NodeFault) => boolean | Promise<boolean>
  /** For drivers that run no applications: what they want from now on. False for a cluster that is not there. */
  readonly setDemand?: (id: string, demand: Demand) => boolean | Promise<boolean>
  /** Looks after what runs until `close`, and reports clusters of which something is different from what it saw last. */
  supervise?(changed: (id: string) => void): void
  /** Removes everything that it runs, with its data, at once. */
  clear(): Promise<void>
  close(): Promise<void>
}

export type { Capabilities }
