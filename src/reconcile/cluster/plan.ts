/** What is wanted and what is seen decide the next step of a cluster. Pure. */
import type { Capabilities } from '../../domain/cluster/capability.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { stateTraits } from '../../domain/cluster/lifecycle.ts'
import { groupShare, nodesOf } from '../../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../domain/cluster/spec.ts'
import type { ObjectStorage } from '../../domain/object-storage.ts'
import { isSameJson } from '../../kernel/json.ts'
import type { Seen } from '../../substrate/port.ts'
import { planChange } from './change.ts'
import { gapOf, isThere, nodesSeen, type Gap } from './gap.ts'
import { runOf, scriptsOf } from './script.ts'
import type { Step } from './step.ts'
import { awaitedDaemon, waitForStart } from './waiting.ts'

export interface World {
  readonly seen: Seen
  /** Of the substrate, as far as they decide how a change is carried out. */
  readonly rollout: Capabilities['rollout']
  /** Whether nodes have to be drained before they may go. */
  readonly drains: boolean
  readonly nowMs: number
  /** Since when this server has been carrying out changes. */
  readonly sinceMs: number
  /** What the cluster shall be able to do with objects; null for nothing at all, absent where that is not known. */
  readonly objectStorage?: ObjectStorage | null
}

export function plan(cluster: Cluster, world: World): Step {
  const { seen } = world
  switch (cluster.status.state) {
    case 'creating':
    case 'resuming':
      return planStart(cluster, seen)
    case 'changing':
      return planChange(cluster, world)
    case 'running':
    case 'impaired':
      return planHealth(cluster, world)
    case 'suspended':
    case 'isolated':
      return planStop(cluster, seen)
    case 'deleting':
      return seen.present ? { do: 'remove' } : { do: 'record', event: 'deleted', reason: '' }
    case 'deleted':
    case 'unpaid':
    case 'failed':
      return { do: 'rest' }
  }
}

function planStart(cluster: Cluster, seen: Seen): Step {
  const { spec, status } = cluster
  const creating = status.state === 'creating'
  const fail = (reason: string): Step => ({ do: 'record', event: 'fail', reason })
  if (creating && status.denied !== undefined) return fail(status.denied)
  const { missing, different, pending, problems } = gapOf(spec, seen)
  const lasting = problems.find(({ persists }) => persists)
  if (lasting && creating) return fail(lasting.reason)
  const { early, late, broken } = scriptsOf(cluster, seen)
  if (broken !== undefined) return fail(broken)
  const apply: Step = { do: 'apply', spec, ...(early ? { hold: true } : {}) }
  if (missing.length + different.length > 0) return apply
  const phases = nodesSeen(seen).map(({ phase }) => phase)
  if (early && phases.every((phase) => phase === 'prepared' || phase === 'serving'))
    return runOf(early, seen, 'scripts-before')
  if (!early && phases.some((phase) => phase === 'prepared' || phase === 'stopped')) return apply
  if (pending.length > 0) {
    const [problem] = problems
    const groups = seen.groups.filter(({ nodes }) => nodes.some((node) => pending.includes(node)))
    const share = groupShare(groups.length, seen.groups.length)
    const waiting = waitForStart(share, spec, pending)
    const during = early ? { during: 'allocate' } : {}
    return { do: 'wait', reason: problem?.reason ?? waiting, forMs: seen.changesInMs, ...during }
  }
  if (seen.generation !== spec.generation) return apply
  if (!seen.answering)
    return { do: 'wait', reason: 'waiting for the first answer', forMs: seen.changesInMs }
  if (late) return runOf(late, seen, 'scripts-after')
  return { do: 'record', event: creating ? 'created' : 'resumed', reason: seen.remark ?? '' }
}

/** A running cluster is only called so while all of it serves; whatever restarts it is the substrate's supervisor. */
function planHealth({ spec, status }: Cluster, { seen, objectStorage }: World): Step {
  const running = status.state === 'running'
  if (isThere(spec, seen)) {
    if (!running) return { do: 'record', event: 'recover', reason: seen.remark ?? '' }
    // Its role's policies may say something else than they did, and nobody else would tell its engine.
    const isOther = objectStorage !== undefined && !isSame(objectStorage, seen.objectStorage)
    return isOther ? { do: 'apply', spec } : { do: 'rest' }
  }
  const gap = gapOf(spec, seen)
  const { missing, different, pending, problems } = gap
  const [problem] = problems
  const reason = problem?.reason ?? absence(spec, gap)
  if (running) return { do: 'record', event: 'impair', reason }
  // A supervisor starts again what stopped; nobody else makes what is not there, or brings the rest to what is wanted.
  const behind = pending.length === 0 && seen.generation !== spec.generation
  if (!problem && (missing.length + different.length > 0 || behind)) return { do: 'apply', spec }
  return { do: 'wait', reason, forMs: seen.changesInMs }
}

function isSame(wanted: ObjectStorage | null, seen: ObjectStorage | undefined): boolean {
  return isSameJson(wanted, seen ?? null)
}

/** What keeps a cluster from serving, where nothing reports a problem. */
function absence(spec: ClusterSpec, { missing, different, pending }: Gap): string {
  const all = nodesOf(spec.groups).length
  const absent = missing.length + pending.length
  if (absent > 0) {
    const awaited = awaitedDaemon(spec, pending)
    const reason = `${absent} of ${all} nodes do not serve`
    return awaited === undefined ? reason : `${reason}: ${awaited}`
  }
  if (different.length > 0) return `${different.length} of ${all} nodes do not run what is wanted`
  return 'the cluster does not answer'
}

/** Nodes of a stopped cluster stop, and their data stays. */
function planStop({ spec, status }: Cluster, seen: Seen): Step {
  const open = nodesSeen(seen).filter(({ phase }) => phase !== 'stopped')
  if (open.length === 0) return { do: 'rest' }
  if (open.some(({ phase }) => phase !== 'stopping')) return { do: 'apply', spec }
  return { do: 'wait', reason: status.reason, forMs: seen.changesInMs }
}

/** Whether the cluster is about to start engines, which needs its data key. */
export function startsEngines({ status }: Cluster): boolean {
  const { arrival, billed } = stateTraits[status.state]
  return arrival !== undefined && billed && status.denied === undefined
}

/**
 * What is waited for is applied again: whoever applied it may have been killed in the middle, and a driver owes nothing that it
 * was not asked for to the end. An impaired cluster is left to its supervisor.
 */
export function applyAgain(cluster: Cluster, seen: Seen): Step | undefined {
  if (!startsEngines(cluster) || cluster.status.state === 'impaired') return undefined
  const { pending, extra } = gapOf(cluster.spec, seen)
  if (pending.length === 0 || extra.length > 0) return undefined
  const { early } = scriptsOf(cluster, seen)
  return { do: 'apply', spec: cluster.spec, ...(early ? { hold: true } : {}) }
}
