/** Nodes of a strategy come or go: a change like one that was requested, begun in the reconciler's transaction. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { withGroup, withNodes, withoutNodes } from '../../domain/cluster/spec.ts'
import {
  causeOf,
  type ScalingStrategy,
  type StrategyBounds,
  type StrategyScaling,
} from '../../domain/scaling-strategy.ts'
import type { Random } from '../../kernel/random.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Writer } from '../../store/port.ts'
import { callOfOwner } from '../call.ts'
import { startChange, type ChangeParts, type ProposedChange } from '../cluster/change.ts'
import type { NodesToAdd, TermsOf } from '../cluster/scale.ts'

/** What each cloud decides of nodes that come by strategies; one object for each API product. */
export interface StrategyRules extends StrategyBounds {
  /** The API product whose clusters live by them. */
  readonly product: string
  newNodes(
    it: { readonly cluster: Cluster; readonly strategy: ScalingStrategy; readonly count: number },
    random: Random,
  ): NodesToAdd
  termsOf(parts: { readonly clock: Clock; readonly random: Random }): TermsOf
}

/** Throws what `startChange` throws, and the Faults of `newNodes`. */
export async function scaleByStrategy(
  tx: Writer,
  { rules: all, ...parts }: ChangeParts & { readonly rules: ReadonlyMap<string, StrategyRules> },
  { cluster, strategy, step, counts }: StrategyScaling,
): Promise<void> {
  const rules = all.get(cluster.product)
  if (!rules) throw new Error(`no nodes of ${cluster.product} come and go by strategies`)
  const { random } = parts
  const { graceMs } = strategy
  const cause = causeOf(strategy)
  const propose = (was: Cluster): ProposedChange => {
    const spec =
      'remove' in step
        ? withoutNodes(was.spec, step.remove)
        : withAdded(
            was,
            rules.newNodes({ cluster: was, strategy, count: step.add }, random),
            strategy,
          )
    const direction = 'remove' in step ? 'in' : 'out'
    const nodes = 'remove' in step ? step.remove : addedNodes(was, spec)
    return {
      action: { kind: 'scale', direction, elastic: true },
      scope: { of: 'nodes', nodes },
      spec,
      values: { before: String(counts.before), after: String(counts.after), cause },
      terms: rules.termsOf(parts)(was, spec),
      ...(graceMs !== undefined && direction === 'in' ? { graceMs } : {}),
    }
  }
  const call = callOfOwner(cluster, 'scaling:strategy')
  await startChange(tx, parts, { call, by: 'system/scaling', id: cluster.id, propose })
}

function withAdded(was: Cluster, { groups = [], add }: NodesToAdd, { id }: ScalingStrategy) {
  const whole = groups.reduce(withGroup, was.spec)
  return add.reduce((next, { group, nodes }) => {
    const elastic = nodes.map((node) => ({ ...node, elastic: id }))
    return withNodes(next, group, elastic)
  }, whole)
}

function addedNodes(was: Cluster, next: Cluster['spec']): readonly string[] {
  const known = new Set(was.spec.groups.flatMap(({ nodes }) => nodes.map(({ id }) => id)))
  return next.groups
    .flatMap(({ nodes }) => nodes.map(({ id }) => id))
    .filter((id) => !known.has(id))
}
