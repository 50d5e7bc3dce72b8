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
import {
  freezeOf,
  priceOf,
  type Price,
  type RolePriceRequest,
  type Term,
} from '../../catalogue/price.ts'
import type { Role } from '../../catalogue/schema.ts'
import { clusterExtension, placementGroupsOf } from '../cluster/extension.ts'
import { containerOf } from '../container/extension.ts'
import { containerTariff } from '../container/terms.ts'
import { placementOf, reservationsOf } from '../cluster/supply.ts'
import { orderItems } from '../price/order-item.ts'
import { addMonths, orderStamp } from '../time-text.ts'

/** How a product's clusters are counted. */
export interface Tariff {
  readonly priceOf: (cluster: Cluster, spec: ClusterSpec, term: Term) => Price
  readonly itemsOf: (price: Price) => readonly OrderItem[]
  readonly holdings: (cluster: Cluster, spec: ClusterSpec) => readonly Reservation[]
}

const machineTariff: Tariff = { priceOf: priceOfSpec, itemsOf: orderItems, holdings: holdingsOf }

/** `uses` are resources that new nodes need. */
export function termsOf(
  core: Pick<Core, 'clock' | 'random'>,
  uses: readonly Resource[] = [],
): TermsOf {
  return (was, next) =>
    termsBy(containerOf(was) ? containerTariff : machineTariff, core, uses)(was, next)
}

export function termsBy(
  tariff: Tariff,
  { clock, random }: Pick<Core, 'clock' | 'random'>,
  uses: readonly Resource[] = [],
): TermsOf {
  return (was, next) => {
    const nowMs = clock.now()
    const bill = billOf(tariff, was, { next, nowMs })
    const reservations = tariff.holdings(was, next)
    if (!bill) return { reservations, uses }
    const id = `${orderStamp(nowMs)}${random.serial.decimal(15)}`
    const order = { id, state: 'paid', currency: 'CNY', paidMs: nowMs, ...bill } as const
    return { reservations, uses, order }
  }
}

/** What the cluster costs and holds when it is paid for as it is used. */
export function hourlyTerms(cluster: Cluster): HourlyPurchase {
  const hourly: Cluster = { ...cluster, charge: { mode: 'postpaid', autoRenew: false } }
  const price = priceOfSpec(hourly, cluster.spec, termOf(hourly))
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
function billOf(
  { priceOf: priced, itemsOf }: Tariff,
  cluster: Cluster,
  { next, nowMs }: { readonly next: ClusterSpec; readonly nowMs: number },
): Bill | undefined {
  const term = termOf(cluster)
  const before = priced(cluster, cluster.spec, term)
  const after = priced(cluster, next, term)
  if (before.original === after.original && before.discounted === after.discounted) return undefined
  const items = itemsOf(after)
  const { mode, expiresMs } = cluster.charge
  if (mode === 'postpaid') return { items, discount: after.original - after.discounted }
  const untilMs = expiresMs ?? nowMs
  const difference = differenceOf(itemsOf(before), items, restOfTerm(cluster, nowMs))
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

function termOf({ charge }: Cluster): Term {
  return charge.mode === 'prepaid'
    ? { payMode: 'prepaid', months: charge.months ?? 1 }
    : { payMode: 'postpaid', hours: 1 }
}

function priceOfSpec(cluster: Cluster, { groups }: ClusterSpec, term: Term): Price {
  const { bought: metaDb } = clusterExtension(cluster).metadata
  return priceOf({ term, roles: groups.flatMap(machinesOf), metaDb })
}

function holdingsOf(cluster: Cluster, { network, groups }: ClusterSpec): readonly Reservation[] {
  const at = { zone: network.zone, charge: cluster.charge.mode }
  const machines = groups.flatMap((group) => {
    const roles = machinesOf(group)
    return reservationsOf({ ...at, zone: group.zone, roles, placementGroups: [] })
  })
  // The cluster itself is counted once, and in its own zone.
  const [one] = reservationsOf({ ...at, roles: [], placementGroups: [] })
  const nodes = machines.filter(({ measure }) => measure !== 'cluster')
  const places = groups.flatMap((group) =>
    placementGroupsOf(cluster, group).map((id) => placementOf(id, group.nodes.length, at)),
  )
  return merged([...(one ? [one] : []), ...nodes, ...places])
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
