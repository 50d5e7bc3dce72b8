/**
 * Reconciles one scaling rule: notes the events that have passed, and begins the change that they ask for when the cluster is free
 * for it, in one unit of work; the change then goes its own way. What was refused is in the history, and is tried again with the
 * next event; nodes that shall go are asked for until they have gone.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { Fault } from '../../domain/fault.ts'
import { finish } from '../../domain/operation.ts'
import { nextEventMs, upTo, wantedNodes, type ScalingRule } from '../../domain/scaling-rule.ts'
import { addToHistory } from '../../journal/history.ts'
import { limits } from '../../limits.ts'
import type { Store, Writer } from '../../store/port.ts'
import type { Outcome } from '../cluster/step.ts'
import { planRule } from './plan.ts'

export interface ScalingRuleReconciler {
  readonly kind: 'scalingRule'
  reconcile(id: string): Promise<Outcome>
}

export interface ScalingRuleReconcilerOptions {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  /** Begins the change. Throws a Fault when it cannot be. */
  readonly scale: (
    tx: Writer,
    it: { readonly cluster: Cluster; readonly rule: ScalingRule; readonly count: number },
  ) => Promise<void>
}

export function scalingRuleReconciler(
  options: ScalingRuleReconcilerOptions,
): ScalingRuleReconciler {
  const { store } = options
  return {
    kind: 'scalingRule',
    async reconcile(id) {
      try {
        return await store.write((tx) => step(tx, options, id))
      } catch (problem) {
        if (!(problem instanceof Fault)) throw problem
        return store.write((tx) => refused(tx, options, { id, problem }))
      }
    },
  }
}

async function step(
  tx: Writer,
  { clock, scale }: ScalingRuleReconcilerOptions,
  id: string,
): Promise<Outcome> {
  const found = await tx.findById('scalingRule', id)
  if (!found) return { done: true }
  const nowMs = clock.now()
  const cluster = (await tx.findById('cluster', found.document.cluster))?.document
  const rule = upTo(found.document, nowMs)
  const planned = planRule(rule, cluster)
  if (planned.do === 'forget' || !cluster) {
    await tx.remove('scalingRule', found)
    return { done: true }
  }
  const forMs =
    planned.do === 'scale' ? limits.sweepMs : planned.do === 'wait' ? planned.forMs : undefined
  const outcome = until(rule, { forMs, nowMs })
  const tried = planned.do === 'scale' ? { ...rule, tried: true } : rule
  const next = outcome.done ? { ...tried, over: true as const } : tried
  if (!isDeepStrictEqual(next, found.document)) await tx.save('scalingRule', found, next)
  if (planned.do === 'scale') await scale(tx, { cluster, rule, count: planned.count })
  return outcome
}

/** The next event, or a look before. */
function until(
  rule: ScalingRule,
  { forMs, nowMs }: { readonly forMs: number | undefined; readonly nowMs: number },
): Outcome {
  const eventMs = rule.removed ? undefined : nextEventMs(rule)
  const times = [
    ...(forMs === undefined ? [] : [nowMs + forMs]),
    ...(eventMs === undefined ? [] : [eventMs]),
  ]
  return times.length === 0 ? { done: true } : { done: false, againAtMs: Math.min(...times) }
}

/** As a failed operation, which clients find in the history. */
async function refused(
  tx: Writer,
  { clock, random }: ScalingRuleReconcilerOptions,
  { id, problem }: { readonly id: string; readonly problem: Fault },
): Promise<Outcome> {
  const found = await tx.findById('scalingRule', id)
  if (!found) return { done: true }
  const nowMs = clock.now()
  const rule = { ...upTo(found.document, nowMs), tried: true }
  const { account, cluster: subject } = rule
  const region = (await tx.findById('cluster', subject))?.document.region ?? ''
  const verb = wantedNodes(rule) > 0 ? 'elastic-scale-out' : 'elastic-scale-in'
  const who = { account, principal: 'system/scaling', requestId: '', action: 'scaling:rule' }
  const entry = { ...who, region, subject, verb, about: 'nodes', steps: ['allocate'] } as const
  const begun = await addToHistory(tx, entry, { nowMs, random })
  const operation = await tx.findById('operation', begun.id)
  const detail = `the scaling rule ${rule.name} was refused: ${reasonOf(problem)}`
  if (operation) await tx.save('operation', operation, finish(begun, 'failed', { nowMs, detail }))
  await tx.save('scalingRule', found, rule)
  return until(rule, { forMs: limits.sweepMs, nowMs })
}

/** Faults have no words of their own: their facts say what was wanted and what there is. */
function reasonOf({ code, facts }: Fault): string {
  return `${code} ${JSON.stringify(facts)}`
}
