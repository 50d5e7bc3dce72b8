/**
 * What the reconciler records of a cluster: an event with all that belongs to it, or what was seen of its nodes. Written once a
 * call, and only when it is news.
 */
import { describeChange, endChange, revertChange } from '../../domain/cluster/change.ts'
import {
  advance,
  answerIncidents,
  recordIncident,
  type Cluster,
} from '../../domain/cluster/cluster.ts'
import { nodesOf } from '../../domain/cluster/node-group.ts'
import {
  withNodeStatuses,
  type ClusterStatus,
  type NodeStatus,
} from '../../domain/cluster/status.ts'
import { nodesIn } from '../../domain/cluster/spec.ts'
import { withWorkload } from '../../domain/cluster/workload.ts'
import { finish, progressTo } from '../../domain/operation.ts'
import { finishOperations, openOperations } from '../../journal/history.ts'
import type { Store, Stored, Writer } from '../../store/port.ts'
import type { Seen } from '../../substrate/port.ts'
import { limits } from '../../limits.ts'
import { endBackups } from '../backup/end.ts'
import { enqueueDirectory } from '../directory/enqueue.ts'
import { gapOf, nodesSeen } from './gap.ts'
import { refund, releaseAll, releaseReservations } from './release.ts'
import { settleChange } from './settlement.ts'
import type { Completion, Outcome, Step, Wait } from './step.ts'

export interface EventRecord {
  readonly step: Extract<Step, { do: 'record' }>
  readonly seen: Seen
  readonly nowMs: number
  /** Absent where more may have to be done after it. */
  readonly complete?: Completion | undefined
}

export async function recordEvent(
  store: Store,
  found: Stored<'cluster'>,
  it: EventRecord,
): Promise<Outcome> {
  const { nowMs, complete } = it
  return store.write(async (tx): Promise<Outcome> => {
    const observed = withSeen(found.document, it.seen, nowMs)
    const after = found.document.change
      ? await afterChange(tx, observed, it)
      : await afterEvent(tx, observed, it)
    await tx.save('cluster', found, after)
    if (after.status.state === 'deleted') await tx.enqueue('cluster', after.id, nowMs)
    if (after.status.state === 'running') await enqueueDirectory(tx, after.id, nowMs)
    // One that does not answer as it should is looked at until it does.
    if (after.status.state === 'impaired') return again(it.seen.changesInMs)
    return complete ? { done: true, settled: await complete(tx) } : { done: true }
  })
}

const again = (againInMs: number | undefined): Outcome => ({ done: false, againInMs })

/** One that ended holds nothing; one that failed to be made has its addresses until its nodes are gone. */
async function afterEvent(
  tx: Writer,
  cluster: Cluster,
  { step, seen, nowMs }: EventRecord,
): Promise<Cluster> {
  const { event, reason } = step
  const before = event === 'impair' ? withLost(cluster, seen, nowMs) : cluster
  const next = advance(before, event, { nowMs, reason })
  if (event === 'impair' || event === 'recover') return next
  const failed = event === 'fail'
  const end = failed ? { status: 'failed', detail: reason } : { status: 'completed' }
  await finishOperations(tx, next, { ...end, nowMs } as Parameters<typeof finishOperations>[2])
  if (event === 'deleted') {
    await endBackups(tx, next, nowMs)
    return releaseAll(tx, next)
  }
  if (!failed) return event === 'created' ? withoutOrigin(next) : next
  await refund(tx, next, nowMs)
  return releaseReservations(tx, next)
}

/** Its data are its own from now on: were they lost, the old ones would not be what it had. */
function withoutOrigin(cluster: Cluster): Cluster {
  const { origin, ...spec } = cluster.spec
  return origin ? { ...cluster, spec } : cluster
}

/** The change ends with the event: done, undone, or given up because the cluster does not answer any more. */
async function afterChange(
  tx: Writer,
  cluster: Cluster,
  { step, nowMs }: EventRecord,
): Promise<Cluster> {
  const { change } = cluster
  if (!change || (step.event !== 'changed' && step.event !== 'impair'))
    throw new Error(`a change of ${cluster.id} cannot end with ${step.event}`)
  const settled = await settleChange(tx, cluster, { change, nowMs })
  const undone = change.reverting === undefined ? '' : `undone: ${change.reverting}`
  const detail = step.event === 'impair' ? step.reason : undone
  const operation = await tx.findById('operation', change.operation)
  if (operation?.document.status === 'running') {
    const status = detail === '' ? 'completed' : 'failed'
    const reason = detail === '' ? {} : { detail }
    await tx.save('operation', operation, finish(operation.document, status, { nowMs, ...reason }))
  }
  const reason = detail === '' ? step.reason : `the last change was ${detail}`
  const ended = endChange(settled, step.event, { nowMs, reason: step.reason || reason })
  if (detail !== '') {
    const what = `${describeChange(change)} was ${detail}`
    return step.event === 'impair'
      ? ended
      : recordIncident(ended, { kind: 'change-undone', reason: what, atMs: nowMs })
  }
  if (change.kind !== 'restart') return ended
  const nodes = new Set(nodesIn(ended.spec, change.scope))
  return answerIncidents(ended, nodes, { begunMs: change.startedMs, nowMs })
}

/** With the nodes that are wanted and not there; as one incident where that is all of them. */
function withLost(cluster: Cluster, seen: Seen, atMs: number): Cluster {
  const { missing } = gapOf(cluster.spec, seen)
  const lost = { kind: 'node-lost', reason: 'it is not there any more', atMs } as const
  if (missing.length > 0 && missing.length === nodesOf(cluster.spec.groups).length)
    return recordIncident(cluster, { ...lost, reason: 'none of its nodes is there any more' })
  return missing.reduce((next, node) => recordIncident(next, { ...lost, node }), cluster)
}

/** From now on what was wanted before is wanted. */
export async function recordRevert(
  store: Store,
  found: Stored<'cluster'>,
  { reason, nowMs }: { readonly reason: string; readonly nowMs: number },
): Promise<Outcome> {
  const reverting = revertChange(found.document, { reason, deadlineMs: nowMs + limits.changeMs })
  const status = { ...reverting.status, reason: `going back: ${reason}` }
  await store.write((tx) => tx.save('cluster', found, { ...reverting, status }))
  return { done: false, againInMs: 0 }
}

/** Nothing is to be done; what is seen of the nodes is recorded when it is news. */
export async function recordRest(
  store: Store,
  found: Stored<'cluster'>,
  { seen, nowMs }: { readonly seen: Seen; readonly nowMs: number },
): Promise<Outcome> {
  const { state } = found.document.status
  // What was never seen running, or is gone, says nothing about nodes.
  if (state === 'unpaid' || state === 'failed') return { done: true }
  const next = withSeen(found.document, seen, nowMs)
  if (next !== found.document) await store.write((tx) => tx.save('cluster', found, next))
  return { done: true }
}

/** Shows why a cluster is where it is, and how far its operations have come. Only written when there is something new. */
export async function recordWait(
  store: Store,
  found: Stored<'cluster'>,
  it: Omit<EventRecord, 'step'> & { readonly wait: Wait },
): Promise<Outcome> {
  const { wait, seen, nowMs, complete } = it
  const { reason, during = 'start', forMs = limits.pollMs } = wait
  if (found.document.status.reason !== reason) {
    const settled = await store.write(async (tx) => {
      const now = await tx.findById('cluster', found.document.id)
      if (!now || now.document.status.reason === reason) return undefined
      const noted = withSeen(now.document, seen, nowMs)
      await tx.save('cluster', now, { ...noted, status: { ...noted.status, reason } })
      for (const open of await openOperations(tx, noted)) {
        const at = open.document.steps.findIndex(({ name }) => name === during)
        const further = progressTo(open.document, at < 0 ? 1 : at, nowMs)
        if (further !== open.document) await tx.save('operation', open, further)
      }
      return complete?.(tx, nowMs + forMs)
    })
    if (settled !== undefined) return { ...again(wait.forMs), settled }
  }
  return again(wait.forMs)
}

/** A deleted cluster can be looked up by its history for a while; then its document and its operations go. */
export async function forgetLater(
  store: Store,
  found: Stored<'cluster'>,
  nowMs: number,
): Promise<Outcome> {
  const dueMs = found.document.status.stateSinceMs + limits.deletedKeptMs
  if (nowMs < dueMs) return again(dueMs - nowMs)
  await store.write(async (tx) => {
    await tx.removeChildren('operation', found.document.id)
    await tx.removeChildren('jobFlow', found.document.id)
    await tx.remove('cluster', found)
  })
  return { done: true }
}

/**
 * The cluster with what the substrate reports of its nodes; the same object when nothing is new. A wanted node that is not
 * ready and stands where its spec has it is left out (`nodeStatus` answers the same): most creations are recorded so.
 */
function withSeen(was: Cluster, seen: Seen, nowMs: number): Cluster {
  const cluster = (seen.incidents ?? []).reduce(recordIncident, was)
  const wanted = new Map(nodesOf(cluster.spec.groups).map((node) => [node.id, node]))
  const nodes: Record<string, NodeStatus> = {}
  for (const { id, address, publicAddress, phase, daemons } of nodesSeen(seen)) {
    const node = wanted.get(id)
    const isAllocated = node?.address === address && node.publicAddress === publicAddress
    if (isAllocated && phase !== 'serving') continue
    const shown = publicAddress === undefined ? { address } : { address, publicAddress }
    nodes[id] = { ...shown, ready: phase === 'serving', ...(daemons && { daemons }) }
  }
  const used = withUsed(withNodeStatuses(cluster.status, nodes), seen)
  const status = withWork(used, seen, nowMs)
  const { endpoints } = seen
  const moved =
    endpoints.length > 0 && JSON.stringify(endpoints) !== JSON.stringify(status.endpoints ?? [])
  if (moved) return { ...cluster, status: { ...status, endpoints } }
  return status === cluster.status ? cluster : { ...cluster, status }
}

function withWork(status: ClusterStatus, { workload: seen }: Seen, nowMs: number): ClusterStatus {
  if (!seen) return status
  const workload = withWorkload(status.workload, seen, nowMs)
  return workload === status.workload ? status : { ...status, workload }
}

/** What is not said now was said before. */
function withUsed(status: ClusterStatus, { usedBytes }: Seen): ClusterStatus {
  return usedBytes === undefined || usedBytes === status.usedBytes
    ? status
    : { ...status, usedBytes }
}
