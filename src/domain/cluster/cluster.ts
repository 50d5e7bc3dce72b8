/**
 * A cluster: what was asked for, and how far it has come. Pure and synchronous; no vendor's words.
 *
 * `advance` is the only way a state changes. Members that only one dialect's clients read back (a maintenance window, a
 * display name) are its `traits`: the core keeps and returns them and never looks inside.
 */
import type { Reservation } from '../environment.ts'
import { Fault } from '../fault.ts'
import { lifecycle } from '../lifecycle.ts'
import type { Script } from '../script.ts'
import type { Json } from '../../kernel/json.ts'

export type ClusterState =
  | 'unpaid'
  | 'creating'
  | 'running'
  | 'changing'
  | 'failed'
  | 'suspended'
  | 'resuming'
  | 'isolated'
  | 'deleting'
  | 'deleted'

export type ClusterEvent =
  | 'pay'
  | 'created'
  | 'fail'
  | 'change'
  | 'changed'
  | 'suspend'
  | 'resume'
  | 'resumed'
  | 'isolate'
  | 'restore'
  | 'release'
  | 'deleted'

export const clusterLifecycle = lifecycle<ClusterState, ClusterEvent>('cluster', {
  unpaid: { pay: 'creating', release: 'deleting' },
  creating: { created: 'running', fail: 'failed', release: 'deleting' },
  running: { change: 'changing', suspend: 'suspended', isolate: 'isolated', release: 'deleting' },
  changing: { changed: 'running', fail: 'failed', release: 'deleting' },
  failed: { release: 'deleting' },
  suspended: { resume: 'resuming', isolate: 'isolated', release: 'deleting' },
  resuming: { resumed: 'running', release: 'deleting' },
  isolated: { restore: 'resuming', release: 'deleting' },
  deleting: { deleted: 'deleted' },
  deleted: {},
})

/** States in which the reconciler has something to do; all others are at rest. */
export const unsettledStates: readonly ClusterState[] = [
  'creating',
  'changing',
  'resuming',
  'deleting',
]

export interface Tag {
  readonly key: string
  readonly value: string
}

export interface Disk {
  readonly use: 'system' | 'data'
  readonly type: string
  readonly sizeGib: number
  readonly count: number
  /** Performance level, where the vendor has one. */
  readonly level?: string
}

export interface Node {
  readonly id: string
  readonly index: number
  readonly name: string
  readonly address?: string
  readonly publicAddress?: string
  readonly ready: boolean
}

export interface NodeGroup {
  readonly id: string
  /** What its nodes do, in the engine's words (`fe`, `core`, …). */
  readonly role: string
  readonly name: string
  readonly cpu: number
  readonly memoryMib: number
  readonly disks: readonly Disk[]
  readonly zone: string
  readonly subnet: string
  readonly spec: string
  /** Whether its nodes get public addresses beside their own. */
  readonly exposed?: boolean
  readonly nodes: readonly Node[]
  readonly traits: Readonly<Record<string, Json>>
}

export interface Charge {
  readonly mode: 'postpaid' | 'prepaid'
  /** Of a subscription: the length of a term, and when what was bought ends. */
  readonly months?: number
  readonly expiresMs?: number
  readonly autoRenew: boolean
  /** The order that it runs on. */
  readonly order?: string
  /** When the subscription began, and all that was bought since. */
  readonly beginsMs?: number
  readonly monthsBought?: number
  /** Since when its account has been in arrears. */
  readonly overdueMs?: number
  /** Why it was stopped, and when it is released unless it is paid for again. */
  readonly stop?: { readonly why: StopReason; readonly releaseMs: number }
}

/** `given-up`: its owner put it away. */
export type StopReason = 'expired' | 'overdue' | 'given-up'

export interface Subnet {
  readonly id: string
  readonly zone: string
}

/** Where something of a cluster answers: `mysql`, `fe-http`, … */
export interface Endpoint {
  readonly name: string
  readonly host: string
  readonly port: number
}

export interface Cluster {
  readonly id: string
  readonly account: string
  readonly region: string
  /** The API product that owns it; other products never see it. */
  readonly product: string
  readonly name: string
  readonly state: ClusterState
  /** Why it is in this state and what is awaited, in plain words; shown wherever a state is shown. */
  readonly reason: string
  readonly stateSinceMs: number
  readonly createdMs: number
  readonly startedMs?: number
  /** When its release was asked for: nothing is charged from then on. */
  readonly releasedMs?: number
  /** Counts changes of what is wanted. `running` is only reported when `observedGeneration` has caught up. */
  readonly generation: number
  readonly observedGeneration: number
  readonly substrate: string
  /** As its substrate told when it was last seen ready; none where nothing runs. */
  readonly endpoints?: readonly Endpoint[]
  readonly software: {
    readonly family: string
    readonly version: string
    readonly components: readonly string[]
  }
  readonly charge: Charge
  readonly network: {
    readonly vpc: string
    readonly zone: string
    readonly subnets: readonly Subnet[]
    readonly securityGroups: readonly string[]
  }
  /** Resource group or project that it is filed under. */
  readonly scope: string
  readonly groups: readonly NodeGroup[]
  readonly tags: readonly Tag[]
  /** What it has taken of its account's supply; given back when it ends. */
  readonly reservations?: readonly Reservation[]
  /** Why it cannot come to be, found while it was created; the reconciler lets it fail with this reason. */
  readonly denied?: string
  /** Its disks are encrypted with a data key of its own, which this key of its account wraps. */
  readonly encryption?: { readonly key: string }
  /** Run on its nodes while it is created, in this order. */
  readonly scripts?: readonly Script[]
  /** Sealed texts by name; never rendered. */
  readonly secrets: Readonly<Record<string, string>>
  readonly traits: Readonly<Record<string, Json>>
}

/** The cluster after `event`. Throws ClusterBusy when the event is not legal in its state. */
export function advance(
  cluster: Cluster,
  event: ClusterEvent,
  at: { nowMs: number; reason?: string },
): Cluster {
  const state = clusterLifecycle.next(cluster.state, event)
  if (!state) throw new Fault('ClusterBusy', { id: cluster.id, state: cluster.state, event })
  const arrived = state === 'running' ? { observedGeneration: cluster.generation } : {}
  const started = event === 'created' ? { startedMs: at.nowMs } : {}
  const released = event === 'release' ? { releasedMs: at.nowMs } : {}
  return {
    ...cluster,
    ...arrived,
    ...started,
    ...released,
    state,
    reason: at.reason ?? '',
    stateSinceMs: at.nowMs,
  }
}

export function rename(cluster: Cluster, name: string): Cluster {
  assertPresent(cluster)
  return { ...cluster, name }
}

export function moveScope(cluster: Cluster, scope: string): Cluster {
  assertPresent(cluster)
  return { ...cluster, scope }
}

/** Adds or replaces tags by key. Throws LimitReached beyond `limit` tags. */
export function tag(cluster: Cluster, tags: readonly Tag[], limit: number): Cluster {
  assertPresent(cluster)
  const merged = new Map(cluster.tags.map((each) => [each.key, each.value]))
  for (const { key, value } of tags) merged.set(key, value)
  if (merged.size > limit) throw new Fault('LimitReached', { what: 'tags', limit })
  return { ...cluster, tags: [...merged].map(([key, value]) => ({ key, value })) }
}

/** Removes tags by key; `all` removes every one. Absent keys are no error: the wish is that they are gone. */
export function untag(cluster: Cluster, keys: readonly string[] | 'all'): Cluster {
  assertPresent(cluster)
  return {
    ...cluster,
    tags: keys === 'all' ? [] : cluster.tags.filter((each) => !keys.includes(each.key)),
  }
}

/** Records what the substrate reports of the nodes. The same object comes back when nothing is new. */
export function observeNodes(cluster: Cluster, seen: ReadonlyMap<string, Partial<Node>>): Cluster {
  let changed = false
  const groups = cluster.groups.map((group) => ({
    ...group,
    nodes: group.nodes.map((node) => {
      const now = seen.get(node.id)
      const news =
        now && (Object.keys(now) as (keyof Node)[]).some((name) => now[name] !== node[name])
      if (!news) return node
      changed = true
      return { ...node, ...now }
    }),
  }))
  return changed ? { ...cluster, groups } : cluster
}

function assertPresent(cluster: Cluster): void {
  if (cluster.state === 'deleting' || cluster.state === 'deleted') {
    throw new Fault('ClusterBusy', { id: cluster.id, state: cluster.state, event: 'modify' })
  }
}
