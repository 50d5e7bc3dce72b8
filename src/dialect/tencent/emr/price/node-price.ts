/** What single nodes of a cluster cost for a term, part by part, and the metadata database that came with it. */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import {
  sizeOf,
  type Node,
  type NodeGroup,
  type NodeSize,
} from '../../../../domain/cluster/node-group.ts'
import { priceOf, type PartPrice, type Term } from '../../catalogue/price.ts'
import type { Role } from '../../catalogue/schema.ts'
import { clusterExtension } from '../cluster/extension.ts'
import { placedNodes } from '../node/selection.ts'
import { machinePrice } from '../node/terms.ts'

export interface NodeCost {
  /** Absent for the database. */
  readonly of?: { readonly group: NodeGroup; readonly node: Node }
  readonly id: string
  readonly original: number
  readonly discounted: number
  readonly parts: readonly PartPrice[]
}

/** Together the price of the cluster for the term. */
export function nodeCosts(cluster: Cluster, term: Term): readonly NodeCost[] {
  const { metadata } = clusterExtension(cluster)
  const nodes = placedNodes(cluster).map(({ group, node }): NodeCost => {
    const { nodes: priced, ...price } = priceOfSize(group, sizeOf(group, node), term)
    const parts = priced.flatMap((each) => each.parts)
    return { of: { group, node }, id: node.id, ...price, parts }
  })
  if (!metadata.bought) return nodes
  const { nodes: priced, ...price } = priceOf({ term, roles: [], metaDb: true })
  return [
    ...nodes,
    { id: metadata.database, ...price, parts: priced.flatMap(({ parts }) => parts) },
  ]
}

/** Of one node of this size. */
export function listPriceOf(group: NodeGroup, size: NodeSize, term: Term): number {
  return priceOfSize(group, size, term).original
}

function priceOfSize({ role }: NodeGroup, size: NodeSize, term: Term) {
  return priceOf({ term, roles: [machinePrice(role as Role, size, 1)], metaDb: false })
}
