/**
 * A cluster: what was asked for (`spec`), and how far it has come (`status`). Pure and synchronous; no vendor's words.
 *
 * `advance` is the only way a state changes. What only one dialect's clients read back is its `extension`: the core keeps and
 * returns it and never looks inside.
 */
import type { Reservation } from '../environment.ts'
import { Fault } from '../fault.ts'
import type { Change } from './change.ts'
import type { Extension } from './extension.ts'
import { endIncidents, incidentTraits, planRestart, withIncident } from './incident.ts'
import type { Incident, Incidents, NewIncident, PlannedRestart } from './incident.ts'
import { clusterLifecycle, stateTraits, type ClusterEvent } from './lifecycle.ts'
import type { Maintenance } from './maintenance.ts'
import { nodesOf, type Node } from './node-group.ts'
import { withDescription, type ClusterSpec } from './spec.ts'
import type { ClusterStatus, NodeStatus } from './status.ts'

export interface Tag {
  readonly key: string
  readonly value: string
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

export type StopReason = 'expired' | 'overdue' | 'owner-isolated'

export interface Cluster {
  readonly id: string
  readonly account: string
  readonly region: string
  /** The API product that owns it; other products never see it. */
  readonly product: string
  readonly name: string
  readonly createdMs: number
  /** What runs it. */
  readonly substrate: string
  /** Resource group or project that it is filed under. */
  readonly resourceGroup: string
  readonly tags: readonly Tag[]
  readonly charge: Charge
  /** What it holds of its account's supply; released when it ends. */
  readonly reservations?: readonly Reservation[]
  readonly spec: ClusterSpec
  readonly status: ClusterStatus
  /** Absent where its owner has not said anything about it. */
  readonly maintenance?: Maintenance
  /** What is being changed, while it is `changing`. */
  readonly change?: Change
  /** Sealed texts by name; never rendered. */
  readonly secrets: Readonly<Record<string, string>>
  readonly extension: Extension
}

/** The cluster after `event`. Throws ClusterBusy when the event is not legal in its state. */
export function advance(
  cluster: Cluster,
  event: ClusterEvent,
  at: { readonly nowMs: number; readonly reason?: string },
): Cluster {
  const { id, status, spec } = cluster
  const state = clusterLifecycle.next(status.state, event)
  if (!state) throw new Fault('ClusterBusy', { id, state: status.state, event })
  const arrived = state === 'running' ? { observedGeneration: spec.generation } : {}
  const started = event === 'created' ? { startedMs: at.nowMs } : {}
  const released = event === 'release' ? { releasedMs: at.nowMs } : {}
  const running = !stateTraits[state].stopped
  const incidents = incidentsAfter(cluster, event, at)
  return {
    ...cluster,
    spec: spec.running === running ? spec : { ...spec, running },
    status: {
      ...status,
      ...arrived,
      ...started,
      ...released,
      ...(incidents && { incidents }),
      state,
      reason: at.reason ?? '',
      stateSinceMs: at.nowMs,
    },
  }
}

/** One that does not serve, or is isolated, stays so until it serves again. */
function incidentsAfter(
  { id, status: { incidents: was } }: Cluster,
  event: ClusterEvent,
  { nowMs: atMs, reason = '' }: { readonly nowMs: number; readonly reason?: string },
): Incidents {
  if (event === 'impair') return withIncident(was, id, { kind: 'impaired', reason, atMs })
  if (event === 'suspend') return withIncident(was, id, { kind: 'stopped', reason, atMs })
  if (event === 'recover') return endIncidents(was, ({ kind }) => incidentTraits[kind].lasts, atMs)
  // All of its processes are new.
  if (event === 'resumed') return endIncidents(was, () => true, atMs)
  return was
}

/** The same cluster when it is known. */
export function recordIncident(cluster: Cluster, incident: NewIncident): Cluster {
  const { id, status } = cluster
  return withIncidents(cluster, withIncident(status.incidents, id, incident))
}

/** Those that a restart answers, of these nodes and of the whole; `nowMs`: when it is done. */
export function answerIncidents(
  cluster: Cluster,
  nodes: ReadonlySet<string>,
  { begunMs, nowMs }: { readonly begunMs: number; readonly nowMs: number },
): Cluster {
  const all = nodesOf(cluster.spec.groups).every(({ id }) => nodes.has(id))
  const isAnswered = ({ kind, node, atMs }: Incident) =>
    incidentTraits[kind].restart && atMs <= begunMs && (node === undefined ? all : nodes.has(node))
  return withIncidents(cluster, endIncidents(cluster.status.incidents, isAnswered, nowMs))
}

/** With this restart for the incident, or without the one that it had. */
export function planIncidentRestart(
  cluster: Cluster,
  incident: string,
  planned: PlannedRestart | undefined,
): Cluster {
  return withIncidents(cluster, planRestart(cluster.status.incidents, incident, planned))
}

function withIncidents(cluster: Cluster, incidents: Incidents): Cluster {
  const { status } = cluster
  if (!incidents || incidents === status.incidents) return cluster
  return { ...cluster, status: { ...status, incidents } }
}

export function rename(cluster: Cluster, name: string): Cluster {
  requireModifiable(cluster)
  return { ...cluster, name }
}

/**
 * No change of what runs: its generation stays. A change that is under way keeps what it may go back to, which is described
 * again as well, so that undoing it does not undo this. Throws NodeGroupNotFound.
 */
export function setGroupDescription(cluster: Cluster, group: string, description: string): Cluster {
  requireModifiable(cluster)
  const { change, spec } = cluster
  const described = { ...cluster, spec: withDescription(spec, group, description) }
  if (!change?.before.groups.some(({ id }) => id === group)) return described
  const before = withDescription(change.before, group, description)
  return { ...described, change: { ...change, before } }
}

/** What only its dialect knows of it. */
export function withExtension(cluster: Cluster, extension: Extension): Cluster {
  requireModifiable(cluster)
  return { ...cluster, extension }
}

export function moveResourceGroup(cluster: Cluster, resourceGroup: string): Cluster {
  requireModifiable(cluster)
  return { ...cluster, resourceGroup }
}

export function setMaintenance(cluster: Cluster, maintenance: Maintenance): Cluster {
  requireModifiable(cluster)
  return { ...cluster, maintenance }
}

/** Adds or replaces tags by key. Throws LimitReached beyond `limit` tags. */
export function tag(cluster: Cluster, tags: readonly Tag[], limit: number): Cluster {
  requireModifiable(cluster)
  const merged = new Map(cluster.tags.map((each) => [each.key, each.value]))
  for (const { key, value } of tags) merged.set(key, value)
  if (merged.size > limit) throw new Fault('LimitReached', { what: 'tags', limit })
  return { ...cluster, tags: [...merged].map(([key, value]) => ({ key, value })) }
}

/** Removes tags by key; `all` removes every one. Absent keys are no error: that they are gone is what was asked. */
export function untag(cluster: Cluster, keys: readonly string[] | 'all'): Cluster {
  requireModifiable(cluster)
  return {
    ...cluster,
    tags: keys === 'all' ? [] : cluster.tags.filter((each) => !keys.includes(each.key)),
  }
}

/** What was last seen of a node; what was allocated for it where nothing was seen yet. */
export function nodeStatus(cluster: Cluster, node: Node): NodeStatus {
  const { address = '', publicAddress } = node
  const allocated = publicAddress === undefined ? { address } : { address, publicAddress }
  return cluster.status.nodes[node.id] ?? { ...allocated, ready: false }
}

/** Throws ClusterBusy for a cluster that is going or gone. */
function requireModifiable({ id, status: { state } }: Cluster): void {
  if (!stateTraits[state].modifiable) throw new Fault('ClusterBusy', { id, state, event: 'modify' })
}
