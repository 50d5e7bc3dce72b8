/** What is seen of a cluster: its state, and of its nodes what the substrate reported last. Pure. */
import { isDeepStrictEqual } from 'node:util'
import type { DaemonStatus } from './daemon.ts'
import type { Incident } from './incident.ts'
import type { ClusterState } from './lifecycle.ts'
import type { WorkloadRecord } from './workload.ts'

/** Where something of a cluster answers: `mysql`, `fe-http`, … */
export interface Endpoint {
  readonly name: string
  readonly host: string
  readonly port: number
}

export interface NodeStatus {
  readonly address: string
  readonly publicAddress?: string
  readonly ready: boolean
  /** What its daemons do; absent where nothing reports it. */
  readonly daemons?: readonly DaemonStatus[]
}

export interface ClusterStatus {
  readonly state: ClusterState
  /** Why it is in this state and what is awaited, in plain words; shown wherever a state is shown. */
  readonly reason: string
  readonly stateSinceMs: number
  /** The generation of the spec that the whole cluster was last seen to run. */
  readonly observedGeneration: number
  readonly startedMs?: number
  /** When its release was asked for: nothing is charged from then on. */
  readonly releasedMs?: number
  /** Why it cannot be created, found while it was created; the reconciler lets it fail with this reason. */
  readonly denied?: string
  /** By node id; without the nodes of which nothing was seen beyond their spec. */
  readonly nodes: Readonly<Record<string, NodeStatus>>
  /** Bytes of data that its nodes were last seen to keep, roughly; absent where nobody counts. */
  readonly usedBytes?: number
  /** None where nothing runs. */
  readonly endpoints?: readonly Endpoint[]
  /** What happened to it without being asked for: the latest, oldest first. */
  readonly incidents?: readonly Incident[]
  /** What its engine says of its work; absent where nothing says it. */
  readonly workload?: WorkloadRecord
}

/** The status with what was reported of these nodes and no others. The same object when nothing is new. */
export function withNodeStatuses(
  status: ClusterStatus,
  seen: Readonly<Record<string, NodeStatus>>,
): ClusterStatus {
  const ids = Object.keys(seen)
  const same =
    ids.length === Object.keys(status.nodes).length &&
    ids.every((id) => isSame(status.nodes[id], seen[id]))
  return same ? status : { ...status, nodes: seen }
}

function isSame(one: NodeStatus | undefined, other: NodeStatus | undefined): boolean {
  return (
    one?.address === other?.address &&
    one?.publicAddress === other?.publicAddress &&
    one?.ready === other?.ready &&
    isDeepStrictEqual(one?.daemons, other?.daemons)
  )
}
