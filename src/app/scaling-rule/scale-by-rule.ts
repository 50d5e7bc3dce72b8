/** A group gets the nodes of a rule, or loses them: a change like one that was requested, begun in the reconciler's transaction. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import type { Node, NodeGroup } from '../../domain/cluster/node-group.ts'
import { groupIn, highestNodes, withNodes, withoutNodes } from '../../domain/cluster/spec.ts'
import { nodesByRule, type ScalingRule } from '../../domain/scaling-rule.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { Writer } from '../../store/port.ts'
import { callOfOwner } from '../call.ts'
import { startChange, type ChangeParts, type ProposedChange } from '../cluster/change.ts'
import type { TermsOf } from '../cluster/scale.ts'

/** What each cloud decides of nodes that come and go by themselves; one object for each API product. */
export interface ElasticRules {
  /** The API product whose clusters live by them. */
  readonly product: string
  /** So many nodes more for the group. Throws a Fault where it may not have them. */
  newNodes(
    it: { readonly cluster: Cluster; readonly group: NodeGroup; readonly count: number },
    random: Random,
  ): readonly Node[]
  termsOf(parts: { readonly clock: Clock; readonly random: Random }): TermsOf
}

export interface RuleScaling {
  readonly cluster: Cluster
  readonly rule: ScalingRule
  /** Nodes more, or less where it is negative. */
  readonly count: number
}

/** Throws what `startChange` throws, and the Faults of `newNodes`. */
export async function scaleByRule(
  tx: Writer,
  { rules, ...parts }: ChangeParts & { readonly rules: ReadonlyMap<string, ElasticRules> },
  { cluster, rule, count }: RuleScaling,
): Promise<void> {
  const elastic = rules.get(cluster.product)
  if (!elastic) throw new Error(`no nodes of ${cluster.product} come and go by themselves`)
  const { random } = parts
  const propose = (was: Cluster): ProposedChange => {
    const group = groupIn(was.spec.groups, rule.group)
    const added = () =>
      elastic
        .newNodes({ cluster: was, group, count }, random)
        .map((node) => ({ ...node, elastic: rule.id }))
    const spec =
      count > 0
        ? withNodes(was.spec, group.id, added())
        : withoutNodes(was.spec, highestNodes(nodesByRule(group, rule), -count))
    return {
      action: { kind: 'scale', direction: count > 0 ? 'out' : 'in', elastic: true },
      scope: { of: 'group', group: group.id },
      spec,
      terms: elastic.termsOf(parts)(was, spec),
    }
  }
  await startChange(tx, parts, {
    call: callOfOwner(cluster, 'scaling:rule'),
    by: BY,
    id: cluster.id,
    propose,
  })
}

const BY = 'system/scaling'
