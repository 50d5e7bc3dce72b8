/**
 * Billing instances: what orders name. The groups that an instance is made with are of the instance's own; every further group is one
 * by itself. All of an instance begin and end together here, on one order. Facts: reference alibaba-starrocks.md 3.2, 6.2.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { refuse } from '../../../../domain/fault.ts'
import { text } from '../../../../shape/shape.ts'
import { problemText } from '../../catalogue/problem.ts'
import { groupExtension } from '../instance/extension.ts'

/** Ids of every group that an instance may have, with room to spare. */
const LIST_MAX = 4096

/** A comma list. */
export const billingInstanceIds = text({
  max: LIST_MAX,
  message: `Billing instance ids should have at most ${LIST_MAX} characters`,
})

export interface BillingInstance {
  readonly id: string
  readonly groups: readonly NodeGroup[]
}

export function billingInstanceId({ id }: Pick<Cluster, 'id'>, group: NodeGroup): string {
  return groupExtension(group).defaultGroup ? id : group.id
}

/** The instance's own first. */
export function billingInstances(cluster: Cluster): readonly BillingInstance[] {
  const byId = Map.groupBy(cluster.spec.groups, (group) => billingInstanceId(cluster, group))
  return [...byId].map(([id, groups]) => ({ id, groups }))
}

/** Throws ParametersRefused for an id that is none of the instance, and when one of them is left out: they are paid for together. */
export function requireBillingInstances(
  cluster: Cluster,
  list: string,
  name = 'BillingInstanceIds',
): void {
  const named = list.split(',').map((id) => id.trim())
  const known = idsOf(cluster)
  requireIds(known, named, { name, what: 'Billing instance ids' })
  if (known.every((id) => named.includes(id))) return
  const all = known.join(',')
  const message = `Billing instance ids should be ${all}: what belongs to an instance is paid for together`
  throw refuse({ name, problem: 'value', message })
}

/** Throws ParametersRefused for an id that is none of the instance. */
export function requireBillingInstance(cluster: Cluster, id: string): void {
  requireIds(idsOf(cluster), [id], { name: 'BillingInstanceId', what: 'Billing instance id' })
}

function idsOf(cluster: Cluster): readonly string[] {
  return billingInstances(cluster).map(({ id }) => id)
}

function requireIds(
  allowed: readonly string[],
  ids: readonly string[],
  { name, what }: { readonly name: string; readonly what: string },
): void {
  if (ids.every((id) => allowed.includes(id))) return
  const message = problemText({ what, rule: 'set', allowed })
  throw refuse({ name, problem: 'value', message })
}
