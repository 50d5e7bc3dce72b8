/**
 * How many nodes of a role may come or go, by the rules that a cluster of its kind is created by (reference: tencent-emr.md 3.5,
 * 5.5). What comes is bounded by the request, not by the cluster's total; what stays must be enough for the kind of cluster.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { nodeRuleOf, sceneOf, variantOf } from '../../catalogue/node-rule.ts'
import type { CountRange, Role } from '../../catalogue/schema.ts'
import { clusterExtension } from '../cluster/extension.ts'
import { containerOf, requireMachines } from '../container/extension.ts'
import { invalid } from '../refusal.ts'
import { componentsOf } from '../service/placement.ts'

export interface NodeCount {
  readonly role: Role
  readonly count: number
}

/** Throws InvalidCoreCount, InvalidTaskCount or InvalidCount. */
export function checkAddition(cluster: Cluster, { role, count }: NodeCount): void {
  requireMachines(cluster)
  const range = rangeOf(cluster, role)
  const fixed = range.min === range.max
  if (!fixed && count <= range.max && isEven(range, countOf(cluster, role) + count)) return
  const odd = range.parity === undefined ? '' : `, so that their number is ${range.parity}`
  const rule = fixed
    ? `this cluster cannot have more ${role} nodes`
    : `at most ${range.max} can be added at once${odd}`
  throw invalid({ name: COUNT_NAMES[role], code: COUNT_CODES[role], rule, value: count })
}

/** Throws InvalidResourceIds. `name` is the parameter that chose the nodes. */
export function checkRemoval(
  cluster: Cluster,
  { role, count, name }: NodeCount & { name: string },
) {
  const range = rangeOf(cluster, role)
  const left = countOf(cluster, role) - count
  if (left >= range.min && isEven(range, left)) return
  const odd = range.parity === undefined ? '' : `, and their number must be ${range.parity}`
  const rule = `at least ${range.min} ${role} nodes must stay${odd}`
  const code = 'InvalidParameter.InvalidResourceIds'
  throw invalid({ name, code, rule, value: `${count} nodes` })
}

/** Whether one of the role's nodes could go. */
export function canLoseOne(cluster: Cluster, role: string): boolean {
  if (containerOf(cluster)) return false
  const range = rangeOf(cluster, role as Role)
  return countOf(cluster, role) > range.min
}

function countOf({ spec }: Cluster, role: string): number {
  return spec.groups
    .filter((group) => group.role === role)
    .reduce((sum, { nodes }) => sum + nodes.length, 0)
}

const COUNT_NAMES: { readonly [role in Role]: string } = {
  master: 'MasterCount',
  core: 'CoreCount',
  task: 'TaskCount',
  common: 'CommonCount',
  router: 'RouterCount',
}

const COUNT_CODES: { readonly [role in Role]: string } = {
  master: 'InvalidParameter.InvalidCount',
  core: 'InvalidParameter.InvalidCoreCount',
  task: 'InvalidParameter.InvalidTaskCount',
  common: 'InvalidParameter.InvalidCount',
  router: 'InvalidParameter.InvalidCount',
}

const NONE: CountRange = { min: 0, max: 0 }

function rangeOf(cluster: Cluster, role: Role): CountRange {
  const { class: productClass, scene, highAvailability: ha } = clusterExtension(cluster)
  const variant = variantOf(sceneOf(scene), componentsOf(cluster))
  const rule = nodeRuleOf({ class: productClass, variant, ha })
  return rule?.counts[role] ?? NONE
}

function isEven({ parity }: CountRange, count: number): boolean {
  return parity === undefined || parity === (count % 2 === 0 ? 'even' : 'odd')
}
