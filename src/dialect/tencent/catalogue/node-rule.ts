/**
 * How many nodes of each role a cluster has, by class, scene and high availability. Problems come in the documented order:
 * HA itself, then common, master, core, task, router. Facts: reference tencent-emr.md 2.4, 2.8, 3.5.
 */

import data from './node-rules.json' with { type: 'json' }
import type { CountRange, NodeRule, ProductClass, Role, Scene, Variant } from './schema.ts'

export type Counts = Readonly<Partial<Record<Role, number>>>

export interface CountRequest {
  readonly class: ProductClass
  readonly variant: Variant
  readonly ha: boolean
  /** An absent role counts as none. */
  readonly counts: Counts
}

export type CountProblem =
  | { readonly problem: 'ha-required'; readonly variant: Variant }
  | { readonly problem: 'class-without-nodes'; readonly class: ProductClass }
  | {
      readonly problem: 'count'
      readonly role: Role
      readonly rule: 'exact' | 'min' | 'max' | 'odd' | 'even'
      readonly actual: number
      readonly min: number
      readonly max: number
    }

export const scenes = data.scenes as unknown as readonly Scene[]
const rules = data.rules as unknown as readonly NodeRule[]
const order: readonly Role[] = ['common', 'master', 'core', 'task', 'router']

/** By its name in any case; clients write `Hadoop-Hbase` and `HADOOP-Hbase`. */
export function sceneOf(name: string): Scene | undefined {
  return scenes.find((scene) => scene.name.toLowerCase() === name.trim().toLowerCase())
}

/** Which set of rules holds: Kudu among the components asks for three masters in any scene (2.4 rule 5). */
export function variantOf(scene: Scene | undefined, components: readonly string[]): Variant {
  if (scene?.variant === 'zookeeper') return 'zookeeper'
  return components.includes('kudu') ? 'kudu' : (scene?.variant ?? 'default')
}

export function nodeRuleOf(request: Omit<CountRequest, 'counts'>): NodeRule | undefined {
  return rules.find(
    (rule) =>
      rule.class === request.class && rule.variant === request.variant && rule.ha === request.ha,
  )
}

export function checkCounts(request: CountRequest): CountProblem | undefined {
  const rule = nodeRuleOf(request)
  if (rule === undefined) {
    if (!request.ha && nodeRuleOf({ ...request, ha: true }) !== undefined) {
      return { problem: 'ha-required', variant: request.variant }
    }
    return { problem: 'class-without-nodes', class: request.class }
  }
  for (const role of order) {
    const range = rule.counts[role]
    const actual = request.counts[role] ?? 0
    const broken = brokenRule(actual, range)
    if (broken !== undefined) {
      return { problem: 'count', role, rule: broken, actual, min: range.min, max: range.max }
    }
  }
  return undefined
}

function brokenRule(actual: number, range: CountRange) {
  if (range.min === range.max) return actual === range.min ? undefined : 'exact'
  if (actual < range.min) return 'min'
  if (actual > range.max) return 'max'
  const parity = actual % 2 === 0 ? 'even' : 'odd'
  return range.parity === undefined || range.parity === parity ? undefined : range.parity
}
