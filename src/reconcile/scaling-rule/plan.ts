/** What a scaling rule asks of its cluster now, from the calendar and the nodes that are there by it. Pure. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { stateTraits } from '../../domain/cluster/lifecycle.ts'
import { nodesByRule, wantedNodes, type ScalingRule } from '../../domain/scaling-rule.ts'
import { limits } from '../../limits.ts'

export type RuleStep =
  /** Its group is gone, or it was removed and so are its nodes. */
  | { readonly do: 'forget' }
  /** Nothing before its next event. */
  | { readonly do: 'rest' }
  | { readonly do: 'wait'; readonly forMs: number }
  /** So many nodes more, or less where it is negative. */
  | { readonly do: 'scale'; readonly count: number }

/** `rule` has all events behind it that have passed. */
export function planRule(rule: ScalingRule, cluster: Cluster | undefined): RuleStep {
  if (!cluster || !stateTraits[cluster.status.state].modifiable) return { do: 'forget' }
  const { state } = cluster.status
  const group = cluster.spec.groups.find(({ id }) => id === rule.group)
  if (!group) return cluster.change ? { do: 'wait', forMs: limits.pollMs } : { do: 'forget' }
  const count = wantedNodes(rule) - nodesByRule(group, rule).nodes.length
  if (count === 0 && rule.removed && !cluster.change) return { do: 'forget' }
  // What a change under way has added may be undone with it.
  if (cluster.change) return { do: 'wait', forMs: limits.pollMs }
  if (count === 0 || (count > 0 && rule.tried)) return { do: 'rest' }
  if (stateTraits[state].stopped || (count > 0 && cluster.charge.overdueMs !== undefined))
    return { do: 'wait', forMs: limits.sweepMs }
  return state === 'running' ? { do: 'scale', count } : { do: 'wait', forMs: limits.pollMs }
}
