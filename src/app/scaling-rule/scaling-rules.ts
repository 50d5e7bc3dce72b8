/**
 * What may be asked of scaling rules. A rule is kept with the mark at which its next event is due; what it adds and takes away, the
 * reconciler asks for (reconcile/scaling-rule).
 */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../domain/cluster/node-group.ts'
import { groupIn } from '../../domain/cluster/spec.ts'
import { Fault } from '../../domain/fault.ts'
import type { ScalingRule } from '../../domain/scaling-rule.ts'
import type { Clock } from '../../kernel/clock.ts'
import { limits } from '../../limits.ts'
import type { Reader, Store, Stored, Writer } from '../../store/port.ts'
import type { Call } from '../call.ts'
import { findByGroup } from '../cluster/find-by-group.ts'

/** What a client decides of a rule. */
export type RuleMembers = Pick<ScalingRule, 'name' | 'nodes' | 'out' | 'in'>

export interface RuleRequest {
  readonly group: string
  /** Decided on the cluster as it is in the transaction; may throw a Fault. */
  readonly members: (cluster: Cluster, group: NodeGroup) => RuleMembers
}

export interface ScalingRules {
  /** Throws NodeGroupNotFound, and LimitReached when the group has as many as it may. */
  create(call: Call, id: string, request: RuleRequest): Promise<void>
  /** The nodes that are there by it stay until its next end. Throws NodeGroupNotFound, ScalingRuleNotFound. */
  modify(call: Call, id: string, request: RuleRequest): Promise<void>
  /** The nodes that are there by it go. Throws NodeGroupNotFound, ScalingRuleNotFound. */
  remove(call: Call, id: string, group: string): Promise<void>
  /** The oldest first, with the cluster of the group. Throws NodeGroupNotFound. */
  list(
    call: Call,
    group: string,
  ): Promise<{ readonly cluster: Cluster; readonly rules: readonly ScalingRule[] }>
}

export interface ScalingRulesParts {
  readonly store: Store
  readonly clock: Clock
}

export function scalingRules({ store, clock }: ScalingRulesParts): ScalingRules {
  return {
    create: (call, id, { group: groupId, members }) =>
      store.write(async (tx) => {
        const cluster = await findByGroup(tx, call, groupId)
        const of = members(cluster, groupIn(cluster.spec.groups, groupId))
        const limit = limits.scalingRulesPerGroup
        if ((await rulesOf(tx, cluster, groupId)).length >= limit)
          throw new Fault('LimitReached', { what: 'scaling rules', limit })
        const nowMs = clock.now()
        const { account } = cluster
        const about = { id, account, cluster: cluster.id, group: groupId, createdMs: nowMs }
        const rule = { ...about, ...of, seenMs: nowMs, on: false, tried: false }
        await tx.insert('scalingRule', rule, nowMs)
        await audit(tx, call, { cluster, nowMs })
        await tx.enqueue('scalingRule', id, nowMs)
      }),
    modify: (call, id, { group: groupId, members }) =>
      store.write(async (tx) => {
        const cluster = await findByGroup(tx, call, groupId)
        const found = await ruleOf(tx, cluster, { id, group: groupId })
        const of = members(cluster, groupIn(cluster.spec.groups, groupId))
        const nowMs = clock.now()
        const next = { ...open(found.document), ...of, seenMs: nowMs, tried: false }
        await tx.save('scalingRule', found, next)
        await audit(tx, call, { cluster, nowMs })
        await tx.enqueue('scalingRule', id, nowMs)
      }),
    remove: (call, id, groupId) =>
      store.write(async (tx) => {
        const cluster = await findByGroup(tx, call, groupId)
        const found = await ruleOf(tx, cluster, { id, group: groupId })
        const nowMs = clock.now()
        await tx.save('scalingRule', found, { ...open(found.document), removed: true })
        await audit(tx, call, { cluster, nowMs })
        await tx.enqueue('scalingRule', id, nowMs)
      }),
    list: (call, groupId) =>
      store.read(async (tx) => {
        const cluster = await findByGroup(tx, call, groupId)
        return { cluster, rules: await rulesOf(tx, cluster, groupId) }
      }),
  }
}

async function rulesOf(
  tx: Reader,
  { account }: Cluster,
  parent: string,
): Promise<readonly ScalingRule[]> {
  // Those that are on their way out count for nothing and are few: a group has no more than it may.
  const limit = 2 * limits.scalingRulesPerGroup
  const listing = { account, parent, order: 'oldest', limit, offset: 0 } as const
  const { rows } = await tx.list('scalingRule', listing)
  return rows.map(({ document }) => document).filter(({ removed }) => !removed)
}

async function ruleOf(
  tx: Reader,
  { account }: Cluster,
  { id, group }: { readonly id: string; readonly group: string },
): Promise<Stored<'scalingRule'>> {
  const found = await tx.find('scalingRule', account, id)
  if (!found || found.document.removed || found.document.group !== group)
    throw new Fault('ScalingRuleNotFound', { id })
  return found
}

/** Something is to come of it again. */
function open({ over: _, ...rule }: ScalingRule): ScalingRule {
  return rule
}

function audit(
  tx: Writer,
  { principal, action, requestId, region }: Call,
  { cluster, nowMs }: { readonly cluster: Cluster; readonly nowMs: number },
): Promise<void> {
  const { account, kind, name } = principal
  const who = { account, principal: `${kind}/${name}` }
  return tx.addAudit({ ...who, action, requestId, region, subject: cluster.id, atMs: nowMs })
}
