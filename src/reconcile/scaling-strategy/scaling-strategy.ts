/**
 * Reconciles one scaling strategy: notes the times that have passed, or what load its cluster has, and begins the change that they ask
 * for when the cluster is free for it, in one unit of work; the change then goes its own way. What could not be done in its time is in
 * the history as failed.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { Fault } from '../../domain/fault.ts'
import { finish } from '../../domain/operation.ts'
import type { Inquiries } from '../../domain/inquiry.ts'
import { evaluationIntervalMs, queuesOf, type LoadSample } from '../../domain/load-trigger.ts'
import {
  afterSample,
  causeOf,
  elasticNodes,
  nextTimeMs,
  nodesFor,
  upTo,
  type ScalingStrategy,
  type StrategyBounds,
  type StrategyScaling,
} from '../../domain/scaling-strategy.ts'
import { addToHistory } from '../../journal/history.ts'
import { limits } from '../../limits.ts'
import { strategiesOf } from '../../journal/scaling-strategy.ts'
import type { Store, Stored, Writer } from '../../store/port.ts'
import type { Outcome } from '../cluster/step.ts'
import { isFree, planStrategy } from './plan.ts'

export interface ScalingStrategyReconciler {
  readonly kind: 'scalingStrategy'
  reconcile(id: string): Promise<Outcome>
}

export interface ScalingStrategyReconcilerOptions {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  /** By API product. */
  readonly bounds: ReadonlyMap<string, StrategyBounds>
  /** What can be asked of a cluster. */
  readonly inquire: (cluster: Cluster) => Pick<Inquiries, 'load'>
  /** Begins the change. Throws a Fault when it cannot be. */
  readonly scale: (tx: Writer, it: StrategyScaling) => Promise<void>
}

export function scalingStrategyReconciler(
  options: ScalingStrategyReconcilerOptions,
): ScalingStrategyReconciler {
  const { store, clock } = options
  return {
    kind: 'scalingStrategy',
    async reconcile(id) {
      try {
        const sample = await sampleOf(options, id)
        return await store.write((tx) => step(tx, options, { id, sample }))
      } catch (problem) {
        if (!(problem instanceof Fault)) throw problem
        return store.write(async (tx) => {
          const found = await tx.findById('scalingStrategy', id)
          if (!found) return { done: true }
          const nowMs = clock.now()
          const reason = `${problem.code} ${JSON.stringify(problem.facts)}`
          return givenUp(tx, options, { found, strategy: upTo(found.document, nowMs), reason })
        })
      }
    },
  }
}

async function step(
  tx: Writer,
  options: ScalingStrategyReconcilerOptions,
  { id, sample }: { readonly id: string; readonly sample: LoadSample | undefined },
): Promise<Outcome> {
  const found = await tx.findById('scalingStrategy', id)
  if (!found) return { done: true }
  const nowMs = options.clock.now()
  const cluster = (await tx.findById('cluster', found.document.cluster))?.document
  const known = cluster && isFree(cluster) ? sample : undefined
  const { strategy, triggered } = afterSample(upTo(found.document, nowMs), known, nowMs)
  const strategies = cluster ? await strategiesOf(tx, cluster) : []
  const planned = planStrategy(strategy, { cluster, strategies, nowMs, triggered })
  if (planned.do === 'forget' || !cluster) {
    await tx.remove('scalingStrategy', found)
    return { done: true }
  }
  switch (planned.do) {
    case 'give-up':
      return givenUp(tx, options, { found, strategy, reason: planned.reason })
    case 'clear': {
      await save(tx, found, withoutExpiry(strategy))
      await begin(tx, options, { cluster, strategy, remove: planned.nodes })
      return again(strategy, { nowMs, forMs: limits.pollMs })
    }
    case 'scale': {
      const begun = await scaled(tx, options, { cluster, strategy })
      if (begun !== undefined) {
        // Load asks again and again where there is nothing to be done.
        if (!strategy.load) return givenUp(tx, options, { found, strategy, reason: begun })
        await save(tx, found, strategy)
        return again(strategy, { nowMs })
      }
      const next = done(strategy, nowMs)
      await save(tx, found, next)
      return again(next, { nowMs })
    }
    case 'wait':
    case 'rest': {
      await save(tx, found, strategy)
      return again(strategy, { nowMs, ...(planned.do === 'wait' && { forMs: planned.forMs }) })
    }
  }
}

/** Asked outside of any unit of work. Undefined for a strategy that wants none, and where nobody answers. */
async function sampleOf(
  { store, inquire }: ScalingStrategyReconcilerOptions,
  id: string,
): Promise<LoadSample | undefined> {
  const { cluster, load } = await store.read(async (tx) => {
    const strategy = (await tx.findById('scalingStrategy', id))?.document
    if (!strategy?.load || !strategy.enabled || strategy.removed) return {}
    const found = await tx.findById('cluster', strategy.cluster)
    return { load: strategy.load, cluster: found?.document }
  })
  if (!cluster || !load || !isFree(cluster)) return undefined
  const ask = inquire(cluster).load
  if (!ask) return undefined
  try {
    const asked = queuesOf(load).map(async (queue) => [queue, await ask(queue)] as const)
    return new Map(
      (await Promise.all(asked)).flatMap(([queue, found]) => (found ? [[queue, found]] : [])),
    )
  } catch {
    return undefined
  }
}

/** Why nothing was begun; undefined when it was. */
async function scaled(
  tx: Writer,
  options: ScalingStrategyReconcilerOptions,
  { cluster, strategy }: { readonly cluster: Cluster; readonly strategy: ScalingStrategy },
): Promise<string | undefined> {
  const bounds = boundsOf(options, cluster)
  const there = elasticNodes(cluster.spec)
  if (strategy.direction === 'in') {
    const wanted = nodesFor(
      strategy,
      there.length > 0 ? bounds.size(cluster) : { cpu: 1, memoryMib: 1024 },
    )
    const remove = there.toSorted((one, other) => other.index - one.index).slice(0, wanted)
    if (remove.length === 0) return 'there were no nodes that strategies had added'
    await begin(tx, options, { cluster, strategy, remove: remove.map(({ id }) => id) })
    return undefined
  }
  const add = Math.min(nodesFor(strategy, bounds.size(cluster)), bounds.nodesMax - there.length)
  if (add <= 0)
    return `strategies had added ${bounds.nodesMax} nodes already, the most there may be`
  await begin(tx, options, { cluster, strategy, add })
  return undefined
}

async function begin(
  tx: Writer,
  options: ScalingStrategyReconcilerOptions,
  it: { readonly cluster: Cluster; readonly strategy: ScalingStrategy } & (
    | { readonly add: number }
    | { readonly remove: readonly string[] }
  ),
): Promise<void> {
  const { cluster, strategy } = it
  const before = elasticNodes(cluster.spec).length
  const scaling =
    'add' in it
      ? { step: { add: it.add }, counts: { before, after: before + it.add } }
      : { step: { remove: it.remove }, counts: { before, after: before - it.remove.length } }
  await options.scale(tx, { cluster, strategy, ...scaling })
}

function boundsOf(
  { bounds }: ScalingStrategyReconcilerOptions,
  { product }: Cluster,
): StrategyBounds {
  const own = bounds.get(product)
  if (!own) throw new Error(`no nodes of ${product} come and go by strategies`)
  return own
}

function done({ due: _done, ...strategy }: ScalingStrategy, nowMs: number): ScalingStrategy {
  const { keptMs, direction } = strategy
  const expires = keptMs !== undefined && direction === 'out' ? { expiresMs: nowMs + keptMs } : {}
  return { ...strategy, doneMs: nowMs, ...expires }
}

function withoutExpiry({ expiresMs: _over, ...strategy }: ScalingStrategy): ScalingStrategy {
  return strategy
}

async function save(
  tx: Writer,
  found: Stored<'scalingStrategy'>,
  next: ScalingStrategy,
): Promise<void> {
  if (!isDeepStrictEqual(next, found.document)) await tx.save('scalingStrategy', found, next)
}

/** The next time that something is to be done, or a look before. */
function again(
  strategy: ScalingStrategy,
  { nowMs, forMs }: { readonly nowMs: number; readonly forMs?: number },
): Outcome {
  const { enabled, untilMs, expiresMs, removed, load } = strategy
  const over = enabled && !removed && !load ? [untilMs + 1] : []
  const dueMs = [nextTimeMs(strategy), expiresMs, ...over].filter((ms) => ms !== undefined)
  const times = [
    ...dueMs,
    ...(forMs === undefined ? [] : [nowMs + forMs]),
    ...(load && enabled && !removed ? [nowMs + evaluationIntervalMs(load)] : []),
  ]
  return times.length === 0 ? { done: true } : { done: false, againAtMs: Math.min(...times) }
}

/** As a failed operation, which clients find in the history. */
async function givenUp(
  tx: Writer,
  { clock, random }: ScalingStrategyReconcilerOptions,
  it: {
    readonly found: Stored<'scalingStrategy'>
    readonly strategy: ScalingStrategy
    readonly reason: string
  },
): Promise<Outcome> {
  const nowMs = clock.now()
  const { due: _given, ...strategy } = it.strategy
  const { account, cluster: subject, name, direction } = strategy
  const cluster = await tx.findById('cluster', subject)
  const count = cluster ? elasticNodes(cluster.document.spec).length : 0
  const who = { account, principal: 'system/scaling', requestId: '', action: 'scaling:strategy' }
  const begun = await addToHistory(
    tx,
    {
      ...who,
      region: cluster?.document.region ?? '',
      subject,
      verb: `elastic-scale-${direction}`,
      about: 'nodes',
      steps: ['allocate'],
      values: {
        before: String(count),
        after: String(count),
        cause: causeOf(strategy),
      },
    },
    { nowMs, random },
  )
  const operation = await tx.findById('operation', begun.id)
  const detail = `the strategy ${name} was not carried out: ${it.reason}`
  if (operation) await tx.save('operation', operation, finish(begun, 'failed', { nowMs, detail }))
  await save(tx, it.found, strategy)
  return again(strategy, { nowMs })
}
