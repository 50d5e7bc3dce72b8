/**
 * Reconciles one cluster: reads what is wanted, looks at the world, takes one idempotent step, writes the outcome once.
 * It is given a key and nothing else, keeps nothing between calls, and retries nothing: the loop comes back.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../kernel/clock.ts'
import type { Sealer } from '../../kernel/seal.ts'
import {
  advance,
  observeNodes,
  type Cluster,
  type ClusterEvent,
  type Node,
} from '../../domain/cluster/cluster.ts'
import { Fault } from '../../domain/fault.ts'
import { finish, progressTo, type Operation } from '../../domain/operation.ts'
import type { Script } from '../../domain/script.ts'
import type { Reader, Store, Stored, Writer } from '../../store/port.ts'
import type { Seen, Substrate, Wanted } from '../../substrate/port.ts'
import { limits } from '../../limits.ts'
import { giveBackAll, giveBackSupply, refund } from './release.ts'
import { scriptsOf, type PendingScript } from './script.ts'

/** The next step. `again` comes back without counting a failure. */
export type Step =
  /** `hold` leaves the engine stopped: scripts come first. */
  | { readonly do: 'ensure'; readonly groups: readonly string[]; readonly hold?: boolean }
  | { readonly do: 'run'; readonly script: Script; readonly nodes: readonly string[] }
  | { readonly do: 'destroy' }
  | { readonly do: 'record'; readonly event: ClusterEvent; readonly reason: string }
  | {
      readonly do: 'wait'
      readonly reason: string
      readonly forMs: number | undefined
      readonly during?: string
    }
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
  /** The data key of a cluster, undefined for one without. Throws a Fault when it cannot be had. */
  readonly openDataKey?: (cluster: Cluster) => Promise<Uint8Array | undefined>
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
      const key = await openKey(cluster)
      let last: Step | undefined
      for (let pass = 1; pass <= PASSES; pass++) {
        const seen = await substrate.observe(id)
        const step = key.barred ?? plan(cluster, seen)
        if (step.do === 'record') return record(store, found, { step, seen, nowMs: clock.now() })
        if (step.do === 'wait') return wait(found, step, step.forMs)
        if (step.do === 'nothing') return { done: true }
        if (pass === PASSES) {
          // Another step is due already, and this call has taken its own.
          if (!isDeepStrictEqual(step, last)) return { done: false, againInMs: 0 }
          const reason = step.do === 'destroy' ? 'stopping' : 'starting'
          return wait(found, { reason }, seen.changesInMs)
        }
        await take(substrate, step, { ...wantedOf(cluster, options.sealer), ...key.opened })
        last = step
      }
      return { done: false, againInMs: undefined }
    },
  }

  /** The data key is asked for whenever the cluster is about to start: a key that was disabled meanwhile keeps it from that. */
  async function openKey(cluster: Cluster): Promise<{
    readonly opened?: { readonly dataKey: Uint8Array }
    readonly barred?: Step
  }> {
    if (!(cluster.state in ARRIVALS) || cluster.denied !== undefined) return {}
    try {
      const dataKey = await options.openDataKey?.(cluster)
      return dataKey ? { opened: { dataKey } } : {}
    } catch (problem) {
      if (!(problem instanceof Fault)) throw problem
      return { barred: barredBy(problem, cluster) }
    }
  }

  async function wait(
    found: Stored<'cluster'>,
    { reason, during }: { readonly reason: string; readonly during?: string },
    forMs: number | undefined,
  ): Promise<Outcome> {
    const overdue = clock.now() - found.document.stateSinceMs > limits.transitionMs
    const text = overdue
      ? `${reason}; longer than ${limits.transitionMs / 60_000} minutes, still trying`
      : reason
    if (found.document.reason !== text)
      await noteReason(store, found.document.id, { reason: text, during, nowMs: clock.now() })
    return { done: false, againInMs: forMs }
  }
}

async function take(
  substrate: Substrate,
  step: Extract<Step, { do: 'ensure' | 'run' | 'destroy' }>,
  wanted: WantedCluster,
): Promise<void> {
  if (step.do === 'destroy') return substrate.destroy(wanted.id)
  if (step.do === 'run') {
    if (!substrate.runScript) throw new Error(`${substrate.name} runs no scripts`)
    return substrate.runScript(wanted, step.script, step.nodes)
  }
  const held = step.hold ? { ...wanted, hold: true } : wanted
  for (const group of wanted.groups)
    if (step.groups.includes(group.id)) await substrate.ensureGroup(held, group)
}

/** A new cluster cannot be made without its key; any other one waits until it can be had again. */
function barredBy(fault: Fault, { state, encryption }: Cluster): Step {
  const key = `the encryption key ${encryption?.key ?? ''}`
  const lost = fault.code === 'ResourceMissing' || fault.code === 'ResourceUnfit'
  const problem =
    'problem' in fault.facts ? `cannot be used: ${fault.facts.problem}` : 'does not exist any more'
  const reason = lost ? `${key} ${problem}` : `the key service does not open ${key}`
  if (lost && state === 'creating') return { do: 'record', event: 'fail', reason }
  return { do: 'wait', reason, forMs: undefined }
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
  const { early, late, broken } = scriptsOf(cluster, seen)
  if (broken !== undefined) return { do: 'record', event: 'fail', reason: broken }
  const missing = cluster.groups.filter((group) => !isThere(group.id, group.nodes.length, seen))
  if (missing.length > 0) {
    const groups = missing.map((group) => group.id)
    return early ? { do: 'ensure', groups, hold: true } : { do: 'ensure', groups }
  }
  if (early && seen.groups.every(({ phase }) => phase === 'prepared' || phase === 'ready'))
    return runOf(early, seen, 'scripts-before')
  const held = seen.groups.filter(({ phase }) => phase === 'prepared')
  if (!early && held.length > 0) return { do: 'ensure', groups: held.map(({ id }) => id) }
  const starting = seen.groups.filter((group) => group.phase !== 'ready')
  if (starting.length > 0) {
    return {
      do: 'wait',
      reason: `waiting for ${starting.length} of ${seen.groups.length} node groups`,
      forMs: seen.changesInMs,
      ...(early ? { during: 'allocate' } : {}),
    }
  }
  if (seen.generation !== cluster.generation) {
    return { do: 'ensure', groups: cluster.groups.map((group) => group.id) }
  }
  if (!seen.answering)
    return { do: 'wait', reason: 'waiting for the first answer', forMs: seen.changesInMs }
  if (late) return runOf(late, seen, 'scripts-after')
  return { do: 'record', event: ARRIVALS[cluster.state as keyof typeof ARRIVALS], reason: '' }
}

/** One script after the other, each on all nodes at once. */
function runOf({ script, nodes }: PendingScript, seen: Seen, during: string): Step {
  if (nodes.length > 0) return { do: 'run', script, nodes }
  const reason = `waiting for the script ${script.name}`
  return { do: 'wait', reason, forMs: seen.changesInMs, during }
}

function isThere(id: string, nodes: number, seen: Seen): boolean {
  const group = seen.groups.find((each) => each.id === id)
  return group !== undefined && group.phase !== 'absent' && group.nodes.length === nodes
}

type WantedCluster = Wanted & Pick<Cluster, 'groups'>

function wantedOf(cluster: Cluster, sealer: Sealer): Wanted {
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
    if (next.state === 'deleted') await tx.enqueue('cluster', next.id, nowMs + limits.deletedKeptMs)
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

interface Noting {
  readonly reason: string
  /** The step of its operation that this is about. */
  readonly during: string | undefined
  readonly nowMs: number
}

/** Shows why a cluster is where it is, and how far its operations have come. Only written when the text is new. */
async function noteReason(
  store: Store,
  id: string,
  { reason, during = 'start', nowMs }: Noting,
): Promise<void> {
  await store.write(async (tx) => {
    const now = await tx.findById('cluster', id)
    if (!now || now.document.reason === reason) return
    await tx.save('cluster', now, { ...now.document, reason })
    for (const open of await openOperations(tx, now.document)) {
      const at = open.document.steps.findIndex(({ name }) => name === during)
      const further: Operation = progressTo(open.document, at < 0 ? 1 : at, nowMs)
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
