/**
 * A scaling strategy: at its times in the calendar, or by the load of its cluster, so many nodes come to it or go again, beside those
 * that were ordered. What cannot be done when it is due is tried for a while; what load asked for, it has to ask for again. Pure.
 */
import type { Cluster } from './cluster/cluster.ts'
import { nodesOf, type Node } from './cluster/node-group.ts'
import type { ClusterSpec } from './cluster/spec.ts'
import {
  isTriggered,
  isWithin,
  withSample,
  type LoadSample,
  type LoadTrigger,
  type LoadWindow,
} from './load-trigger.ts'
import type { ScalingCause } from './operation.ts'
import { nextOccurrence, type Recurrence } from './recurrence.ts'

/** What a client decides of a strategy. */
export interface StrategyMembers {
  readonly name: string
  /** Its times; absent for one that acts by load. */
  readonly at?: Recurrence
  readonly load?: LoadTrigger
  /** Never due after this. */
  readonly untilMs: number
  readonly direction: 'out' | 'in'
  readonly amount: number
  /** What is counted in `amount`: nodes, their cores, or gigabytes of their memory. */
  readonly measure: 'node' | 'core' | 'memory-gib'
  readonly enabled: boolean
  /** Of those that are due together the lowest goes first. */
  readonly priority: number
  /** After it has done something, no strategy of its cluster does anything for so long. */
  readonly cooldownMs: number
  /** For so long it is tried when it could not be done. */
  readonly retryMs: number
  /** So long nodes that go may take until they are safe to lose. */
  readonly graceMs?: number
  /** Nodes that came by it go after so long. */
  readonly keptMs?: number
  readonly tags: readonly { readonly key: string; readonly value: string }[]
}

export interface ScalingStrategy extends StrategyMembers {
  readonly id: string
  /** By which clients name it; unique in its cluster. */
  readonly number: number
  readonly account: string
  readonly cluster: string
  /** As its client wrote it, for those who read it back. */
  readonly written: unknown
  readonly createdMs: number
  /** Its times are behind it up to this one. */
  readonly seenMs: number
  /** What the conditions of its load have seen so far, in their order; null where there was nothing to be seen. */
  readonly windows?: readonly (LoadWindow | null)[]
  /** It is to be done, and tried until then. */
  readonly due?: { readonly sinceMs: number; readonly untilMs: number; readonly tries: number }
  /** When it last did something. */
  readonly doneMs?: number
  /** When the nodes that came by it go by themselves. */
  readonly expiresMs?: number
  /** It goes when its nodes are gone, and nobody finds it any more. */
  readonly removed?: true
}

/** What each cloud decides of nodes that come by strategies, as far as they are counted. */
export interface StrategyBounds {
  /** At most so many nodes may be there by strategies. */
  readonly nodesMax: number
  /** How large the nodes are that would come now. Throws a Fault where none may. */
  size(cluster: Cluster): { readonly cpu: number; readonly memoryMib: number }
}

export interface StrategyScaling {
  readonly cluster: Cluster
  readonly strategy: ScalingStrategy
  readonly step: { readonly add: number } | { readonly remove: readonly string[] }
  /** Of nodes by strategies, for those who read of it. */
  readonly counts: { readonly before: number; readonly after: number }
}

/** The strategy with every time until `nowMs` behind it; the last one is due. One whose time is over rests. */
export function upTo(was: ScalingStrategy, nowMs: number): ScalingStrategy {
  let it = was
  for (let atMs = nextTimeMs(it); atMs !== undefined && atMs <= nowMs; atMs = nextTimeMs(it)) {
    const due = { sinceMs: atMs, untilMs: atMs + it.retryMs, tries: 0 }
    it = { ...it, seenMs: atMs, due }
  }
  const isOver = it.enabled && nowMs > it.untilMs && !it.due
  return isOver ? { ...it, enabled: false } : it
}

/** What load asks for now. Without a sample, and outside of its hours, nothing is known, and counting starts over. */
export function afterSample(
  was: ScalingStrategy,
  sample: LoadSample | undefined,
  nowMs: number,
): { readonly strategy: ScalingStrategy; readonly triggered: boolean } {
  const { windows: seen, ...rest } = was
  if (!was.load || !sample || !isWithin(was.load.hours, nowMs))
    return { strategy: rest, triggered: false }
  const windows = withSample(was.load, seen, { sample, nowMs })
  const triggered = isTriggered(was.load, windows)
  // Whether or not it can be done now: it is asked for once.
  return { strategy: triggered ? rest : { ...rest, windows }, triggered }
}

/** Undefined when there is none. */
export function nextTimeMs({ at, seenMs, untilMs, enabled, removed }: ScalingStrategy) {
  if (!at || !enabled || removed) return undefined
  const next = nextOccurrence(at, seenMs)
  return next === undefined || next > untilMs ? undefined : next
}

/** Nodes that came by this strategy, or by any. */
export function elasticNodes(spec: ClusterSpec, strategy?: string): readonly Node[] {
  return nodesOf(spec.groups).filter(({ elastic }) =>
    strategy === undefined ? elastic !== undefined : elastic === strategy,
  )
}

/** When strategies of a cluster may do something again. */
export function restsUntilMs(strategies: readonly ScalingStrategy[]): number {
  return Math.max(
    0,
    ...strategies.map(({ doneMs, cooldownMs }) => (doneMs === undefined ? 0 : doneMs + cooldownMs)),
  )
}

/** How many nodes of this size make up the amount. */
export function nodesFor(
  { amount, measure }: Pick<StrategyMembers, 'amount' | 'measure'>,
  size: { readonly cpu: number; readonly memoryMib: number },
): number {
  if (measure === 'node') return amount
  const each = measure === 'core' ? size.cpu : size.memoryMib / 1024
  return Math.ceil(amount / Math.max(1, each))
}

/** As it is noted beside what came of it. */
export function causeOf({ name, measure, amount, load }: StrategyMembers): ScalingCause {
  return { strategy: name, measure, amount, ...(load ? { byLoad: true } : {}) }
}
