/** Removing chosen nodes of one role: what every action that does so has in common. */
import type { NodesToRemove, ScaleRequest } from '../../../../app/cluster/scale.ts'
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { Role } from '../../catalogue/schema.ts'
import { invalid } from '../refusal.ts'
import { checkRemoval } from './rule.ts'
import { selectNodes, type PlacedNode, type Selection } from './selection.ts'
import { termsOf } from './terms.ts'

export interface Removal {
  readonly role: Role
  readonly selection: Selection
}

/** Throws InvalidResourceIds for nodes of other roles, and when too few would stay; the selection's own code for unknown ids. */
export function removal(
  core: Pick<Core, 'clock' | 'random'>,
  it: Removal,
): Pick<ScaleRequest, 'nodes' | 'terms'> {
  return { nodes: (was) => nodesToRemove(was, it), terms: termsOf(core) }
}

function nodesToRemove(was: Cluster, { role, selection }: Removal): NodesToRemove {
  const { name, idOf } = selection
  const chosen = selectNodes(was, selection)
  const other = chosen.find(({ group }) => group.role !== role)
  if (other) throw otherRole(other, { role, name, value: idOf(other.node) })
  checkRemoval(was, { role, count: chosen.length, name })
  return { remove: chosen.map(({ node }) => node.id) }
}

function otherRole(
  { node }: PlacedNode,
  it: { readonly role: Role; readonly name: string; readonly value: string },
) {
  const { role, name, value } = it
  const rule = `it is ${node.name}, which is no ${role} node`
  return invalid({ name, code: 'InvalidParameter.InvalidResourceIds', rule, value })
}
