/**
 * The substrate port: what carries clusters. A driver knows processes, pods or nothing at all; it knows no API.
 *
 * - Every verb is idempotent and safe to repeat after any failure, its own included: the caller may have died between
 *   the work and the note that it was done.
 * - `observe` looks at the world and never at notes about it, and writes nothing.
 * - External names derive from our ids, so that repeating `ensureGroup` cannot make a second one.
 * - A script is run at most once on a node, by its id, for as long as the node is there. Only when a driver cannot know whether
 *   it ran (it died between the start and the note) may it run again; `simulation` notes both in one write and never does.
 * - Capabilities are data. What a substrate lacks is refused when it is asked for, not discovered later.
 * One suite, test/substrate/conformance.ts, holds every driver to this text.
 */
import type { Cluster, Endpoint, NodeGroup } from '../domain/cluster/cluster.ts'
import type { Script } from '../domain/script.ts'

export interface Capabilities {
  /** Engine families it can run; `any` for those that run nothing. */
  readonly families: readonly string[] | 'any'
  readonly encryption: boolean
  readonly publicAddress: boolean
}

/** What a substrate needs to know of a cluster, and all it may know. */
export type Wanted = Pick<
  Cluster,
  'id' | 'name' | 'generation' | 'software' | 'network' | 'groups' | 'tags' | 'traits'
> & {
  /** Opens a sealed text of the cluster; for drivers that must hand a password to an engine. */
  readonly reveal: (secret: string) => string | undefined
  /** What its disks are encrypted with; absent for clusters that are not. Never to be written down. */
  readonly dataKey?: Uint8Array
  /** The nodes shall be there, and the engine on them not be started yet. */
  readonly hold?: boolean
}

export interface SeenNode {
  readonly id: string
  readonly address: string
  readonly publicAddress?: string
  readonly ready: boolean
}

export interface SeenGroup {
  readonly id: string
  /** `prepared`: its nodes are there and could run a script, its engine was not started. */
  readonly phase: 'absent' | 'starting' | 'prepared' | 'ready' | 'failed' | 'stopping'
  readonly nodes: readonly SeenNode[]
  readonly reason?: string
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

export interface Seen {
  /** False once nothing of the cluster is left. */
  readonly present: boolean
  /** The generation that the whole cluster runs; 0 when none. */
  readonly generation: number
  readonly groups: readonly SeenGroup[]
  /** A data-plane probe was answered. */
  readonly answering: boolean
  readonly endpoints: readonly Endpoint[]
  /** Of the nodes that are there, in the order in which they were started; absent when there were none. */
  readonly runs?: readonly SeenRun[]
  /** When something is expected to be different, in ms from now; undefined when only time will tell. */
  readonly changesInMs?: number
}

export interface Substrate {
  readonly name: string
  readonly capabilities: Capabilities
  observe(id: string): Promise<Seen>
  ensureGroup(wanted: Wanted, group: NodeGroup): Promise<void>
  /**
   * Starts a script on those of the nodes that have no run of it; they are ones that `observe` shows, prepared or ready. A
   * driver without it cannot hold engines back either, and is given no cluster with scripts.
   */
  runScript?(wanted: Wanted, script: Script, nodes: readonly string[]): Promise<void>
  /** Removes everything of the cluster, its data included, and nothing else. */
  destroy(id: string): Promise<void>
  close(): Promise<void>
}
