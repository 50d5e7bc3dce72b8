/**
 * Reconciles one cluster: reads what is wanted, looks at the world, takes one idempotent step, writes the outcome once.
 * It is given a key and nothing else, keeps nothing between calls, and retries nothing: the loop comes back.
 */
import type { Clock } from '../kernel/clock.ts'
import type { Sealer } from '../kernel/seal.ts'
import {
  advance,
  observeNodes,
  type Cluster,
  type ClusterEvent,
  type Node,
} from '../domain/cluster.ts'
import { finish, progressTo, type Operation } from '../domain/operation.ts'
import type { Reader, Store, Stored, Writer } from '../store/store.ts'
import type { Seen, Substrate, Wanted } from '../substrate/substrate.ts'
import { limits } from '../limits.ts'
import { giveBackAll, giveBackSupply, refund } from './give-back.ts'

/** The next step. `again` comes back without counting a failure. */
export type Step =
  | { readonly do: 'ensure'; readonly groups: readonly string[] }
  | { readonly do: 'destroy' }
  | { readonly do: 'record'; readonly event: ClusterEvent; readonly reason: string }
  | { readonly do: 'wait'; readonly reason: string; readonly forMs: number | undefined }
  | { readonly do: 'nothing' }

/** A step may be followed by a look that records it; more than one step a call would hide where a crash can fall. */
const PASSES = 2

/** Done, or come back in `againInMs` (undefined: the loop decides). */
export type Outcome =
  | { readonly done: true }
  | { readonly done: false; readonly againInMs: number | undefined }

export interface ClusterReconciler {
  readonly kind: 'cluster'
  reconcile(id: string): Promise<Outcome>
}

export interface ClusterReconcilerOptions {
  readonly store: Store
  readonly substrates: ReadonlyMap<string, Substrate>
  readonly clock: Clock
  readonly sealer: Sealer
}

export function clusterReconciler(options: ClusterReconcilerOptions): ClusterReconciler {
  const { store, clock } = options
  return {
    kind: 'cluster',
    async reconcile(id) {
      const found = await store.read((tx) => tx.findById('cluster', id))
      if (!found) return { done: true }
      const cluster = found.document
      if (cluster.state === 'deleted') return forgetLater(store, found, clock.now())
      const substrate = options.substrates.get(cluster.substrate)
      if (!substrate) throw new Error(`no substrate is named ${cluster.substrate}`)
      for (let pass = 1; pass <= PASSES; pass++) {
        const seen = await substrate.observe(id)
        const step = plan(cluster, seen)
        if (step.do === 'record') return record(store, found, { step, seen, nowMs: clock.now() })
        if (step.do === 'wait') return wait(found, step.reason, step.forMs)
        if (step.do === 'nothing') return { done: true }
        if (pass === PASSES)
          return wait(found, step.do === 'destroy' ? 'stopping' : 'starting', seen.changesInMs)
        if (step.do === 'destroy') await substrate.destroy(id)
        if (step.do === 'ensure') await ensure(substrate, cluster, step.groups)
      }
      return { done: false, againInMs: undefined }
    },
  }

  async function ensure(
    substrate: Substrate,
    cluster: Cluster,
    groups: readonly string[],
  ): Promise<void> {
    const wanted = wantedOf(cluster, options.sealer)
    for (const group of cluster.groups) {
      if (groups.includes(group.id)) await substrate.ensureGroup(wanted, group)
    }
  }

  async function wait(
    found: Stored<'cluster'>,
    reason: string,
    forMs: number | undefined,
  ): Promise<Outcome> {
    const overdue = clock.now() - found.document.stateSinceMs > limits.transitionMs
    const text = overdue
      ? `${reason}; longer than ${limits.transitionMs / 60_000} minutes, still trying`
      : reason
    if (found.document.reason !== text) await noteReason(store, found.document.id, text)
    return { done: false, againInMs: forMs }
  }
}

/** Pure: what is wanted and what is seen decide the next step. */
export function plan(cluster: Cluster, seen: Seen): Step {
  switch (cluster.state) {
    case 'creating':
    case 'changing':
    case 'resuming':
      return planPresent(cluster, seen)
    case 'deleting':
      return seen.present ? { do: 'destroy' } : { do: 'record', event: 'deleted', reason: '' }
    case 'deleted':
    case 'unpaid':
    case 'running':
    case 'failed':
    case 'suspended':
    case 'isolated':
      return { do: 'nothing' }
  }
}

const ARRIVALS = { creating: 'created', changing: 'changed', resuming: 'resumed' } as const

function planPresent(cluster: Cluster, seen: Seen): Step {
  if (cluster.state === 'creating' && cluster.denied !== undefined)
    return { do: 'record', event: 'fail', reason: cluster.denied }
  const failed = seen.groups.find((group) => group.phase === 'failed')
  if (failed && cluster.state !== 'resuming') {
    return {
      do: 'record',
      event: 'fail',
      reason: failed.reason ?? `node group ${failed.id} failed`,
    }
  }
  const missing = cluster.groups.filter((group) => !isThere(group.id, group.nodes.length, seen))
  if (missing.length > 0) return { do: 'ensure', groups: missing.map((group) => group.id) }
  const starting = seen.groups.filter((group) => group.phase !== 'ready')
  if (starting.length > 0) {
    return {
      do: 'wait',
      reason: `waiting for ${starting.length} of ${seen.groups.length} node groups`,
      forMs: seen.changesInMs,
    }
  }
  if (seen.generation !== cluster.generation) {
    return { do: 'ensure', groups: cluster.groups.map((group) => group.id) }
  }
  if (!seen.answering)
    return { do: 'wait', reason: 'waiting for the first answer', forMs: seen.changesInMs }
  return { do: 'record', event: ARRIVALS[cluster.state as keyof typeof ARRIVALS], reason: '' }
}

function isThere(id: string, nodes: number, seen: Seen): boolean {
  const group = seen.groups.find((each) => each.id === id)
  return group !== undefined && group.phase !== 'absent' && group.nodes.length === nodes
}

export function wantedOf(cluster: Cluster, sealer: Sealer): Wanted {
  return {
    ...cluster,
    reveal(name) {
      const sealed = cluster.secrets[name]
      return sealed === undefined ? undefined : sealer.open(sealed, `cluster/${cluster.id}/${name}`)
    },
  }
}

interface Recording {
  readonly step: Extract<Step, { do: 'record' }>
  readonly seen: Seen
  readonly nowMs: number
}

async function record(
  store: Store,
  found: Stored<'cluster'>,
  { step, seen, nowMs }: Recording,
): Promise<Outcome> {
  await store.write(async (tx) => {
    const nodes = new Map(
      seen.groups.flatMap((group) =>
        group.nodes.map((node): [string, Partial<Node>] => [node.id, node]),
      ),
    )
    const told = seen.endpoints.length > 0 ? { endpoints: seen.endpoints } : {}
    const observed = { ...observeNodes(found.document, nodes), ...told }
    const { state: was } = found.document
    const arrived = advance(observed, step.event, { nowMs, reason: step.reason })
    const next = await withoutItsShare(tx, was, arrived)
    if (next.state === 'failed' && was === 'creating') await refund(tx, next, nowMs)
    await tx.save('cluster', found, next)
    await finishOperations(tx, next, { failed: step.event === 'fail', nowMs })
    if (next.state === 'deleted') await tx.mark('cluster', next.id, nowMs + limits.deletedKeptMs)
  })
  return { done: true }
}

/** One that ended holds nothing; one that failed to be made has its addresses until its nodes are gone. */
async function withoutItsShare(
  tx: Writer,
  was: Cluster['state'],
  cluster: Cluster,
): Promise<Cluster> {
  if (cluster.state === 'deleted') return giveBackAll(tx, cluster)
  if (cluster.state !== 'failed' || was !== 'creating') return cluster
  return giveBackSupply(tx, cluster)
}

async function finishOperations(
  tx: Writer,
  cluster: Cluster,
  end: { failed: boolean; nowMs: number },
): Promise<void> {
  for (const open of await openOperations(tx, cluster)) {
    const status = end.failed ? 'failed' : 'completed'
    const detail = end.failed ? { detail: cluster.reason } : {}
    await tx.save('operation', open, finish(open.document, status, { nowMs: end.nowMs, ...detail }))
  }
}

async function openOperations(
  tx: Reader,
  cluster: Cluster,
): Promise<readonly Stored<'operation'>[]> {
  const { rows } = await tx.list('operation', {
    account: cluster.account,
    parent: cluster.id,
    states: ['running'],
    order: 'oldest',
    limit: limits.openOperations,
    offset: 0,
  })
  return rows
}

/** Shows why a cluster is where it is, and how far its operations have come. Only written when the text is new. */
async function noteReason(store: Store, id: string, reason: string): Promise<void> {
  await store.write(async (tx) => {
    const now = await tx.findById('cluster', id)
    if (!now || now.document.reason === reason) return
    await tx.save('cluster', now, { ...now.document, reason })
    for (const open of await openOperations(tx, now.document)) {
      const further: Operation = progressTo(open.document, 1, now.document.stateSinceMs)
      if (further !== open.document) await tx.save('operation', open, further)
    }
  })
}

/** A deleted cluster can be looked up by its history for a while; then its document and its operations go. */
async function forgetLater(
  store: Store,
  found: Stored<'cluster'>,
  nowMs: number,
): Promise<Outcome> {
  const dueMs = found.document.stateSinceMs + limits.deletedKeptMs
  if (nowMs < dueMs) return { done: false, againInMs: dueMs - nowMs }
  await store.write(async (tx) => {
    await tx.removeChildren('operation', found.document.id)
    await tx.remove('cluster', found)
  })
  return { done: true }
}
