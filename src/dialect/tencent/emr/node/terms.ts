/**
 * What a changed cluster costs and holds, counted from the whole of what is wanted next, by the same functions as a new one. Pay
 * as you go has a new price for the hour; a subscription pays or gets back the difference for the rest of its term.
 */
import type { HourlyPurchase } from '../../../../app/billing/subscription.ts'
import type { ChangeTerms } from '../../../../app/cluster/change.ts'
import type { TermsOf } from '../../../../app/cluster/scale.ts'
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { sizeOf, type NodeGroup, type NodeSize } from '../../../../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../../../domain/cluster/spec.ts'
import type { Reservation, Resource } from '../../../../domain/environment.ts'
import type { OrderItem } from '../../../../domain/order.ts'
import { merged } from '../../../../domain/supply.ts'
import { canonicalJson } from '../../../../kernel/json.ts'
import { findInstanceType, type InstanceType } from '../../catalogue/instance-type.ts'
import { freezeOf, priceOf, type Price, type RolePriceRequest } from '../../catalogue/price.ts'
import type { Role } from '../../catalogue/schema.ts'
import { clusterExtension, placementGroupsOf } from '../cluster/extension.ts'
import { placementOf, reservationsOf } from '../cluster/supply.ts'
import { orderItems } from '../price/order-item.ts'
import { addMonths, orderStamp } from '../time-text.ts'

/** `uses` are resources that new nodes need. */
export function termsOf(
  { clock, random }: Pick<Core, 'clock' | 'random'>,
  uses: readonly Resource[] = [],
): TermsOf {
  return (was, next) => {
    const nowMs = clock.now()
    const bill = billOf(was, next, nowMs)
    const reservations = holdingsOf(was, next)
    if (!bill) return { reservations, uses }
    const id = `${orderStamp(nowMs)}${random.decimal(15)}`
    const order = { id, state: 'paid', currency: 'CNY', paidMs: nowMs, ...bill } as const
    return { reservations, uses, order }
  }
}

/** What the cluster costs and holds when it is paid for as it is used. */
export function hourlyTerms(cluster: Cluster): HourlyPurchase {
  const hourly: Cluster = { ...cluster, charge: { mode: 'postpaid', autoRenew: false } }
  const price = priceOfSpec(hourly, cluster.spec)
  return {
    currency: price.currency,
    items: orderItems(price),
    discount: price.original - price.discounted,
    reservations: holdingsOf(hourly, cluster.spec),
    // Two hours must be there, as for a new cluster.
    reserve: freezeOf(price),
  }
}

/** Throws an Error for a machine that the catalogue does not have: it was checked when it was chosen. */
export function machineOf({ machine }: Pick<NodeSize, 'machine'>): InstanceType {
  const found = findInstanceType({ instanceType: machine })
  if (!found.ok) throw new Error(`the catalogue has no machine ${machine}`)
  return found.instanceType
}

type Bill = Pick<
  NonNullable<ChangeTerms['order']>,
  'items' | 'renewalItems' | 'discount' | 'period'
>

/** Undefined when the price stays. */
function billOf(cluster: Cluster, next: ClusterSpec, nowMs: number): Bill | undefined {
  const before = priceOfSpec(cluster, cluster.spec)
  const after = priceOfSpec(cluster, next)
  if (before.original === after.original && before.discounted === after.discounted) return undefined
  const items = orderItems(after)
  const { mode, expiresMs } = cluster.charge
  if (mode === 'postpaid') return { items, discount: after.original - after.discounted }
  const untilMs = expiresMs ?? nowMs
  const difference = differenceOf(orderItems(before), items, restOfTerm(cluster, nowMs))
  const period = { fromMs: nowMs, untilMs }
  return { items: difference, renewalItems: items, discount: 0, period }
}

/** Which part of a term's price is for the time from now on; more than 1 for one that was renewed ahead. */
export function restOfTerm({ charge }: Cluster, nowMs: number): number {
  const { months = 1, expiresMs = nowMs, beginsMs, monthsBought = months } = charge
  const fromMs =
    beginsMs === undefined
      ? addMonths(expiresMs, -months)
      : addMonths(beginsMs, monthsBought - months)
  return Math.max(0, expiresMs - nowMs) / (expiresMs - fromMs)
}

function differenceOf(
  before: readonly OrderItem[],
  after: readonly OrderItem[],
  share: number,
): readonly OrderItem[] {
  const sums = new Map<string, number>()
  const add = ({ name }: OrderItem, amount: number) =>
    sums.set(name, (sums.get(name) ?? 0) + amount)
  for (const item of after) add(item, item.amount)
  for (const item of before) add(item, -item.amount)
  return [...sums]
    .map(([name, amount]) => ({ name, amount: Math.round(amount * share) }))
    .filter(({ amount }) => amount !== 0)
}

function priceOfSpec({ charge, ...cluster }: Cluster, { groups }: ClusterSpec): Price {
  const { bought: metaDb } = clusterExtension(cluster).metadata
  const term =
    charge.mode === 'prepaid'
      ? ({ payMode: 'prepaid', months: charge.months ?? 1 } as const)
      : ({ payMode: 'postpaid', hours: 1 } as const)
  return priceOf({ term, roles: groups.flatMap(machinesOf), metaDb })
}

function holdingsOf(cluster: Cluster, { network, groups }: ClusterSpec): readonly Reservation[] {
  const at = { zone: network.zone, charge: cluster.charge.mode }
  const roles = groups.flatMap(machinesOf)
  const places = groups.flatMap((group) =>
    placementGroupsOf(cluster, group).map((id) => placementOf(id, group.nodes.length, at)),
  )
  return merged([...reservationsOf({ ...at, roles, placementGroups: [] }), ...places])
}

/** The machines of a group, those of one size together. */
function machinesOf(group: NodeGroup): readonly RolePriceRequest[] {
  const sizes = new Map<string, { readonly size: NodeSize; readonly count: number }>()
  for (const node of group.nodes) {
    const size = sizeOf(group, node)
    const key = canonicalJson(size)
    sizes.set(key, { size, count: (sizes.get(key)?.count ?? 0) + 1 })
  }
  return [...sizes.values()].map(({ size, count }) => machinePrice(group.role as Role, size, count))
}

/** So many nodes of one size, as the price list counts them. */
export function machinePrice(role: Role, size: NodeSize, count: number): RolePriceRequest {
  const instanceType = machineOf(size)
  // Local disks come with their machine.
  const disks = instanceType.localDisk ? [] : size.disks.filter(({ use }) => use === 'data')
  return {
    role,
    count,
    instanceType,
    systemDisk: systemDiskOf(size),
    dataDisks: disks.map(({ type: diskType, sizeGib: sizeGb, count: each }) => {
      return { diskType, sizeGb, count: each }
    }),
  }
}

/** Of nodes that were made by an earlier version, always CLOUD_SSD. */
function systemDiskOf({ disks }: NodeSize): RolePriceRequest['systemDisk'] {
  const disk = disks.find(({ use }) => use === 'system')
  return { diskType: disk?.type ?? '', sizeGb: disk?.sizeGib ?? 0 }
}
