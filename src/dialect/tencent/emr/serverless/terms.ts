/** What a changed instance costs and holds: counted as a new one is (node-type.ts). */
import type { ClusterSpec } from '../../../../domain/cluster/spec.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import type { Reservation } from '../../../../domain/environment.ts'
import { merged } from '../../../../domain/supply.ts'
import type { Price, Term } from '../../catalogue/price.ts'
import type { Tariff } from '../node/terms.ts'
import { itemsOf, priceOfNodes } from './node-type.ts'

export function priceOfGroups(groups: readonly NodeGroup[], term: Term): Price {
  const prices = groups.map((group) => priceOfNodes(group, group.nodes.length, term))
  return {
    currency: 'CNY',
    original: prices.reduce((sum, { original }) => sum + original, 0),
    discounted: prices.reduce((sum, { discounted }) => sum + discounted, 0),
    nodes: prices.flatMap(({ nodes }) => nodes),
  }
}

/** Its nodes are none of the account's machines: an instance is counted, and its storage. */
export function holdings(
  groups: readonly NodeGroup[],
  charge: Cluster['charge']['mode'],
): readonly Reservation[] {
  const [first] = groups
  const one = { measure: 'cluster', type: '', zone: first?.zone ?? '', charge, amount: 1 } as const
  const disks = groups.flatMap(({ zone, nodes, disks: each }) =>
    each.flatMap(({ type, sizeGib }): Reservation[] => [
      { measure: 'disk', type, zone, charge, amount: nodes.length },
      { measure: 'storage', type, zone, charge, amount: nodes.length * sizeGib },
    ]),
  )
  return merged([one, ...disks])
}

export const serverlessTariff: Tariff = {
  priceOf: (_cluster, { groups }: ClusterSpec, term) => priceOfGroups(groups, term),
  itemsOf: (price) => itemsOf(price),
  holdings: ({ charge }, { groups }) => holdings(groups, charge.mode),
}
