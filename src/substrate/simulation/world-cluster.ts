/**
 * A cluster of the simulated world, as it is kept: each node with the phase that it is in and since when. Types and no more.
 */
import type { Demand, SeenIncident } from '../port.ts'
import type { WantedDaemon } from '../../domain/cluster/daemon.ts'
import type { NodeTemplate, SnapshotKey } from '../../domain/cluster/spec.ts'
import type { StepClock } from './progression.ts'

/**
 * `allocating` becomes `prepared`, `starting` `serving`, `draining` `drained` and `stopping` `stopped`, by time or looks alone.
 */
export type WorldPhase =
  | 'allocating'
  | 'prepared'
  | 'starting'
  | 'serving'
  | 'draining'
  | 'drained'
  | 'stopping'
  | 'stopped'

/** Its clock says when its phase began, and how often its cluster was described since. */
export interface WorldNode extends StepClock {
  readonly id: string
  readonly index: number
  readonly address: string
  readonly publicAddress?: string
  readonly phase: WorldPhase
  /** What it was last started with; absent before the first start, and where an earlier version did not record it. */
  readonly template?: NodeTemplate
  /** How often its process was started. */
  readonly starts: number
  /** Absent where nobody said what runs there. */
  readonly daemons?: readonly WorldDaemon[]
  /** Its daemons on their way to another template, while the node serves. */
  readonly turn?: StepClock & { readonly template: NodeTemplate }
}

export interface WorldDaemon extends WantedDaemon {
  /** When it was last started or stopped. */
  readonly sinceMs: number
  /** On its way with the turn of its node. */
  readonly turning?: true
  /** It ended by itself, and nobody started it again. */
  readonly failed?: true
}

export interface WorldGroup {
  readonly id: string
  readonly nodes: readonly WorldNode[]
}

export interface WorldCluster {
  readonly version: typeof WORLD_VERSION
  readonly id: string
  readonly family: string
  /** The newest that was applied in whole: every node that was not wanted any more was gone. */
  readonly generation: number
  readonly groups: readonly WorldGroup[]
  /** In the order in which they were started. */
  readonly runs?: readonly WorldRun[]
  /** What was done to its nodes, the latest last. */
  readonly incidents?: readonly SeenIncident[]
  /** What its applications want; absent before anybody said so. */
  readonly demand?: Demand
  /** Why it cannot begin with what it should. */
  readonly lost?: { readonly reason: string; readonly sinceMs: number }
  /** Its access as it was last applied; its clock runs until that is in force. */
  readonly access?: WorldAccess
  /** Present once its end has begun. */
  readonly removal?: StepClock
}

/** No node is restarted for it. */
export interface WorldAccess extends StepClock {
  readonly digest: string
  readonly opening: boolean
}

/** A script on a node. What it will end with is known from its start. */
export interface WorldRun extends StepClock {
  readonly script: string
  readonly name: string
  readonly node: string
  readonly order: number
  readonly exitCode: number
  readonly running: boolean
}

/** A copy of nothing, made at its cluster's pace. */
export interface WorldSnapshot extends StepClock, SnapshotKey {
  readonly family: string
}

export const WORLD_VERSION = 2
