/**
 * Reconciles one cluster: reads what is wanted, looks at the world, executes one idempotent step, records the outcome once.
 * It is given a key and nothing else, keeps nothing between calls, and retries nothing: the loop comes back.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Sealer } from '../../kernel/seal.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { stateTraits } from '../../domain/cluster/lifecycle.ts'
import type { Logger } from '../../kernel/log.ts'
import { keyLoss } from '../../domain/encryption-key.ts'
import { Fault } from '../../domain/fault.ts'
import type { ObjectStorage } from '../../domain/object-storage.ts'
import type { Stored } from '../../store/port.ts'
import type { Seen, Substrate, Wanted } from '../../substrate/port.ts'
import { limits } from '../../limits.ts'
import { attend, wantsAttention, type AttentionOptions } from './attention.ts'
import { applyAgain, plan, startsEngines } from './plan.ts'
import { forgetLater, recordEvent, recordRest, recordRevert, recordWait } from './record.ts'
import type { Completion, Outcome, Step, Wait } from './step.ts'
import { waitAfter, type Execution } from './waiting.ts'

/** A step may be followed by a look that records it; more than one step a call would hide where a crash can fall. */
const PASSES = 2

export interface ClusterReconciler {
  readonly kind: 'cluster'
  reconcile(id: string, complete?: Completion): Promise<Outcome>
}

export interface ClusterReconcilerOptions extends AttentionOptions {
  readonly substrates: ReadonlyMap<string, Substrate>
  readonly sealer: Sealer
  readonly log?: Logger
  /** The data key of a cluster, undefined for one without. Throws a Fault when it cannot be had. */
  readonly openDataKey?: (cluster: Cluster) => Promise<Uint8Array | undefined>
  /** What its engine may do with objects; rejects with the reason as a sentence when that cannot be known now. */
  readonly objectStorage?: (cluster: Cluster) => Promise<ObjectStorage | null>
  /** Removes what a cluster that is gone kept in object storage; rejects with the reason as a sentence. */
  readonly emptyVolume?: (cluster: Cluster) => Promise<void>
  /** Before its nodes go, for as long as there are any: never rejects. */
  readonly deliverLast?: (cluster: Cluster) => Promise<void>
}

export function clusterReconciler(options: ClusterReconcilerOptions): ClusterReconciler {
  const { store, clock } = options
  const sinceMs = clock.now()
  return {
    kind: 'cluster',
    async reconcile(id, complete) {
      const found = await store.read((tx) => tx.findById('cluster', id))
      if (!found) return { done: true }
      const cluster = found.document
      if (cluster.status.state === 'deleted')
        return (await emptied(options, cluster)) ?? forgetLater(store, found, clock.now())
      const substrate = options.substrates.get(cluster.substrate)
      if (!substrate) throw new Error(`no substrate is named ${cluster.substrate}`)
      const key = await openKey(options, cluster)
      const objects = await objectsOf(options, substrate, cluster)
      const blocked = key.blocked ?? objects.blocked
      let last: Step | undefined
      for (let pass = 1; pass <= PASSES; pass++) {
        const seen = await substrate.observe(id)
        const times = { nowMs: clock.now(), sinceMs }
        const world = { ...worldOf(substrate, cluster, seen), ...times, ...objects.wanted }
        const planned = blocked ?? plan(cluster, world)
        const again = pass < PASSES && planned.do === 'wait' && !blocked
        const step = (again && applyAgain(cluster, seen)) || planned
        if (!isExecution(step)) {
          const completion = wantsAttention(cluster) ? undefined : complete
          const outcome = await conclude(options, found, { step, seen, complete: completion })
          return outcome.done && outcome.settled === undefined ? attend(options, cluster) : outcome
        }
        if (pass === PASSES) {
          // Another step is due already, and this call has executed its own.
          if (!isDeepStrictEqual(step, last)) return { done: false, againInMs: 0 }
          const wait = {
            do: 'wait',
            forMs: seen.changesInMs,
            ...waitAfter(step, cluster, seen),
          } as const
          return conclude(options, found, { step: wait, seen, complete })
        }
        const wanted = { ...wantedOf(cluster, options.sealer), ...key.opened, ...objects.wanted }
        if (step.do === 'remove') await options.deliverLast?.(cluster)
        await execute(substrate, step, wanted)
        last = step
      }
      return { done: false, againInMs: undefined }
    },
  }
}

/** After its end, which does not wait for a store that is away: it is tried until it is done. */
async function emptied(
  { emptyVolume, substrates, log }: ClusterReconcilerOptions,
  cluster: Cluster,
): Promise<Outcome | undefined> {
  const { family } = cluster.spec.software
  const ability = substrates.get(cluster.substrate)?.capabilities(family).objectStorage ?? false
  if (ability === false) return undefined
  try {
    await emptyVolume?.(cluster)
    return undefined
  } catch (problem) {
    const reason = (problem as Error).message
    log?.warn({ id: cluster.id, reason }, 'the data of a released cluster could not be removed yet')
    return { done: false, againInMs: limits.pollMs }
  }
}

function worldOf(substrate: Substrate, { spec }: Cluster, seen: Seen) {
  const { rollout } = substrate.capabilities(spec.software.family)
  return { seen, rollout, drains: substrate.drain !== undefined }
}

function isExecution(step: Step): step is Execution {
  return step.do === 'apply' || step.do === 'drain' || step.do === 'run' || step.do === 'remove'
}

/** Records what was decided and seen. */
async function conclude(
  { store, clock }: ClusterReconcilerOptions,
  found: Stored<'cluster'>,
  it: {
    readonly step: Exclude<Step, Execution>
    readonly seen: Seen
    readonly complete?: Completion | undefined
  },
): Promise<Outcome> {
  const nowMs = clock.now()
  const { step, seen, complete } = it
  switch (step.do) {
    case 'record':
      return recordEvent(store, found, { step, seen, nowMs, complete })
    case 'revert':
      return recordRevert(store, found, { reason: step.reason, nowMs })
    case 'rest':
      return recordRest(store, found, { seen, nowMs })
    case 'wait':
      return recordWait(store, found, {
        wait: withDelay(step, found.document, nowMs),
        seen,
        nowMs,
        complete,
      })
  }
}

function withDelay(wait: Wait, { status }: Cluster, nowMs: number): Wait {
  if (nowMs - status.stateSinceMs <= limits.transitionMs) return wait
  const minutes = limits.transitionMs / 60_000
  return { ...wait, reason: `${wait.reason}; longer than ${minutes} minutes, still trying` }
}

/** The data key is asked for whenever the cluster is about to start: a key that was disabled meanwhile keeps it from that. */
async function openKey(
  { openDataKey }: ClusterReconcilerOptions,
  cluster: Cluster,
): Promise<{ readonly opened?: { readonly dataKey: Uint8Array }; readonly blocked?: Step }> {
  if (!startsEngines(cluster)) return {}
  try {
    const dataKey = await openDataKey?.(cluster)
    return dataKey ? { opened: { dataKey } } : {}
  } catch (problem) {
    if (!(problem instanceof Fault)) throw problem
    return { blocked: blockedByKey(problem, cluster) }
  }
}

/** One that runs continues with what it may do already while that cannot be known; one that starts waits for it. */
async function objectsOf(
  { objectStorage, log }: ClusterReconcilerOptions,
  substrate: Substrate,
  cluster: Cluster,
): Promise<{ readonly wanted?: Pick<Wanted, 'objectStorage'>; readonly blocked?: Step }> {
  const { family } = cluster.spec.software
  const { objectStorage: ability = false } = substrate.capabilities(family)
  if (!objectStorage || ability === false || !stateTraits[cluster.status.state].billed) return {}
  try {
    const found = await objectStorage(cluster)
    if (found && ability !== true) throw new Error(ability.lacks)
    return { wanted: { objectStorage: found } }
  } catch (problem) {
    const reason = `its object storage: ${(problem as Error).message}`
    log?.warn({ id: cluster.id, reason }, 'what a cluster may do with objects is not known')
    const { state } = cluster.status
    if (state !== 'creating' && state !== 'resuming') return {}
    return { blocked: { do: 'wait', reason, forMs: limits.pollMs } }
  }
}

/** A new cluster cannot be made without its key; any other one waits until it can be had again. */
function blockedByKey(fault: Fault, { status, spec: { encryption } }: Cluster): Step {
  const { reason, lost } = keyLoss(fault, encryption?.key ?? '')
  if (lost && status.state === 'creating') return { do: 'record', event: 'fail', reason }
  return { do: 'wait', reason, forMs: undefined }
}

async function execute(substrate: Substrate, step: Execution, wanted: Wanted): Promise<void> {
  switch (step.do) {
    case 'remove':
      return substrate.remove(wanted.id)
    case 'run':
      if (!substrate.run) throw new Error(`${substrate.name} runs no scripts`)
      return substrate.run(wanted, step.script, step.nodes)
    case 'drain':
      return substrate.drain?.(wanted, step.nodes)
    case 'apply': {
      const { spec, hold, graceOver } = step
      return substrate.apply({
        ...wanted,
        spec,
        ...(hold && { hold }),
        ...(graceOver && { graceOver }),
      })
    }
  }
}

export function wantedOf({ id, name, spec, secrets }: Cluster, sealer: Sealer): Wanted {
  return {
    id,
    name,
    spec,
    reveal(secret) {
      const sealed = secrets[secret]
      return sealed === undefined ? undefined : sealer.open(sealed, `cluster/${id}/${secret}`)
    },
  }
}
