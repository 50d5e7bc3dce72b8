/** What a scaling strategy asks of its cluster now. Pure. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { stateTraits } from '../../domain/cluster/lifecycle.ts'
import {
  elasticNodes,
  restsUntilMs,
  upTo,
  type ScalingStrategy,
} from '../../domain/scaling-strategy.ts'
import { evaluationIntervalMs } from '../../domain/load-trigger.ts'
import { limits } from '../../limits.ts'

export type StrategyStep =
  /** Its cluster is gone, or it was removed and so are its nodes. */
  | { readonly do: 'forget' }
  | { readonly do: 'rest' }
  | { readonly do: 'wait'; readonly forMs: number }
  /** It could not be done in its time. */
  | { readonly do: 'give-up'; readonly reason: string }
  | { readonly do: 'scale' }
  /** The nodes that came by it go: their time is over, or it was removed. */
  | { readonly do: 'clear'; readonly nodes: readonly string[] }

export interface StrategyWorld {
  readonly cluster: Cluster | undefined
  /** All of the cluster's. */
  readonly strategies: readonly ScalingStrategy[]
  readonly nowMs: number
  /** Its load asks for it. */
  readonly triggered?: boolean
}

/** Only then does anything come or go. */
export const isFree = ({ status, change }: Pick<Cluster, 'status' | 'change'>): boolean =>
  status.state === 'running' && !change

/** `strategy` has all times behind it that have passed. */
export function planStrategy(strategy: ScalingStrategy, world: StrategyWorld): StrategyStep {
  const { cluster, nowMs } = world
  if (!cluster || !stateTraits[cluster.status.state].modifiable) return { do: 'forget' }
  const free = isFree(cluster)
  const own = elasticNodes(cluster.spec, strategy.id).map(({ id }) => id)
  const isOver = strategy.expiresMs !== undefined && strategy.expiresMs <= nowMs
  if (strategy.removed || isOver) {
    if (own.length > 0)
      return free ? { do: 'clear', nodes: own } : { do: 'wait', forMs: limits.pollMs }
    if (strategy.removed)
      return cluster.change ? { do: 'wait', forMs: limits.pollMs } : { do: 'forget' }
  }
  if (strategy.load) {
    if (!strategy.enabled) return { do: 'rest' }
    const can = world.triggered && free && hindranceOf(strategy, world) === undefined
    return can ? { do: 'scale' } : { do: 'wait', forMs: evaluationIntervalMs(strategy.load) }
  }
  const { due } = strategy
  if (!due) return { do: 'rest' }
  const reason = free ? hindranceOf(strategy, world) : 'the cluster was in process'
  if (reason === undefined) return { do: 'scale' }
  if (nowMs >= due.untilMs) return { do: 'give-up', reason }
  return { do: 'wait', forMs: Math.min(limits.pollMs, due.untilMs - nowMs) }
}

function hindranceOf(
  { id, priority }: ScalingStrategy,
  { strategies, nowMs }: StrategyWorld,
): string | undefined {
  if (restsUntilMs(strategies) > nowMs) return 'the cluster had been scaled shortly before'
  const isFirst = (other: ScalingStrategy) =>
    other.id !== id && other.priority < priority && upTo(other, nowMs).due !== undefined
  return strategies.some(isFirst) ? 'another strategy came first' : undefined
}
