/**
 * What a cluster of containers costs and holds. No price list is published: a pod costs what a standard machine of its size does, its
 * volumes what such disks do (inferred). It holds cores and memory of its container cluster, and disks of its account.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup, NodeSize } from '../../../../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../../../domain/cluster/spec.ts'
import type { Reservation } from '../../../../domain/environment.ts'
import type { OrderItem } from '../../../../domain/order.ts'
import { merged } from '../../../../domain/supply.ts'
import { families, type InstanceType } from '../../catalogue/instance-type.ts'
import { priceOf, type Price, type Term } from '../../catalogue/price.ts'
import { clusterExtension } from '../cluster/extension.ts'

const FAMILY = 'S5'

export function priceOfPods(groups: readonly NodeGroup[], term: Term, metaDb: boolean): Price {
  const roles = groups.map((group) => ({
    role: 'core' as const,
    count: group.nodes.length,
    instanceType: machineLike(group),
    systemDisk: { diskType: '', sizeGb: 0 },
    dataDisks: group.disks.map(({ type: diskType, sizeGib: sizeGb, count }) => {
      return { diskType, sizeGb, count }
    }),
  }))
  return priceOf({ term, roles, metaDb })
}

export function podItems(price: Price): readonly OrderItem[] {
  return price.nodes.flatMap(({ node, parts }) =>
    parts
      .map(({ part, price: each, goodsNum }) => {
        const name = node === 'mysql' ? `mysql.${part}` : `pod.${part}`
        return { name, amount: each * goodsNum }
      })
      .filter(({ amount }) => amount > 0),
  )
}

export function podHoldings(
  groups: readonly NodeGroup[],
  it: { readonly cluster: string; readonly zone: string; readonly charge: string },
): readonly Reservation[] {
  const { cluster, zone, charge } = it
  const of = (measure: Reservation['measure'], type: string, amount: number): Reservation => {
    return { measure, type, zone, charge, amount }
  }
  return merged([
    of('cluster', '', 1),
    ...groups.flatMap(({ nodes, cpu, memoryMib, disks }) => [
      of('pod-cpu', cluster, nodes.length * cpu),
      of('pod-memory', cluster, (nodes.length * memoryMib) / 1024),
      ...disks.flatMap(({ type, sizeGib, count }) => [
        of('disk', type, nodes.length * count),
        of('storage', type, nodes.length * count * sizeGib),
      ]),
    ]),
  ])
}

/** How a changed cluster is counted; the form is `Tariff`'s. */
export const containerTariff = {
  priceOf: (cluster: Cluster, { groups }: ClusterSpec, term: Term) =>
    priceOfPods(groups, term, clusterExtension(cluster).metadata.bought),
  itemsOf: podItems,
  holdings: (cluster: Cluster, { groups, network }: ClusterSpec) =>
    podHoldings(groups, {
      cluster: clusterExtension(cluster).container?.cluster ?? '',
      zone: network.zone,
      charge: cluster.charge.mode,
    }),
}

function machineLike({ cpu, memoryMib }: NodeSize): InstanceType {
  const family = families.find((each) => each.family === FAMILY)
  if (!family) throw new Error(`the catalogue has no family ${FAMILY}`)
  return { name: '', family, size: '', cpu, memoryMb: memoryMib }
}
