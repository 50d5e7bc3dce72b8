/**
 * The rules by which a cluster is paid for, and what renewing does. Every rule in which the clouds differ comes in as
 * `BillingRules`, one object for each API product.
 */
import type { Random } from '../kernel/random.ts'
import { advance, type Charge, type Cluster } from './cluster/cluster.ts'
import { stateTraits } from './cluster/lifecycle.ts'
import { renewalItems, total, type Order, type OrderItem } from './order.ts'

export interface BillingRules {
  /** The API product whose clusters live by them. */
  readonly product: string
  /** What becomes of a cluster that is no longer paid for, until it is paid for again or released. */
  readonly stops: 'suspend' | 'isolate'
  /** How long a stopped one is kept: after the end of its subscription, and after it was stopped in arrears. */
  readonly keptMs: { readonly expired: number; readonly overdue: number }
  /** How long it runs on once its account is in arrears. */
  readonly graceMs: number
  /** When a subscription that began at `fromMs` ends after so many months. */
  endOf(fromMs: number, months: number): number
  drawOrderId(random: Random, nowMs: number): string
}

/** The charge of a cluster that is bought by this order; an unpaid subscription has not begun. */
export function begunBy(charge: Charge, { id, months, period }: Order): Charge {
  const runsOn = { ...charge, order: id }
  if (months === undefined || !period) return runsOn
  const { fromMs: beginsMs, untilMs: expiresMs } = period
  return { ...runsOn, beginsMs, monthsBought: months, expiresMs }
}

/** The charge of a subscription that begins at `fromMs`; its terms are as long as the first one. */
export function begun(
  charge: Charge,
  it: { readonly fromMs: number; readonly months: number; readonly order: string },
  rules: BillingRules,
): Charge {
  const { fromMs, months, order } = it
  const { stop: _stop, overdueMs: _overdue, ...rest } = charge
  const expiresMs = rules.endOf(fromMs, months)
  return { ...rest, order, months, beginsMs: fromMs, monthsBought: months, expiresMs }
}

/** A term of a subscription: how long it is, and what it costs. */
export interface Term {
  readonly months: number
  readonly items: readonly OrderItem[]
}

/**
 * The order for one more term, like the last one unless another one is bought, and the cluster with it. A running subscription
 * continues where it ends, counted from its beginning so that no day is lost in short months, also when its owner had put it away;
 * one that ended starts over.
 */
export function renewed(
  { order, cluster }: { readonly order: Order; readonly cluster: Cluster },
  it: {
    readonly id: string
    readonly nowMs: number
    readonly rules: BillingRules
    readonly term?: Term
  },
): { readonly order: Order; readonly cluster: Cluster } {
  const { id, nowMs, rules } = it
  const { charge } = cluster
  const { months, items } = it.term ?? {
    months: order.months ?? charge.months ?? 1,
    items: renewalItems(order),
  }
  const stopped = isStopped(cluster)
  const again = stopped && (charge.expiresMs ?? nowMs) <= nowMs
  const next = again
    ? begun(charge, { fromMs: nowMs, months, order: id }, rules)
    : continued(cluster, { months, order: id }, rules)
  const fromMs = again ? nowMs : (charge.expiresMs ?? nowMs)
  const renewal: Order = {
    id,
    account: order.account,
    cluster: cluster.id,
    kind: 'renew',
    state: 'paid',
    months,
    currency: order.currency,
    items,
    discount: 0,
    period: { fromMs, untilMs: next.expiresMs ?? fromMs },
    createdMs: nowMs,
    paidMs: nowMs,
  }
  const paid = { ...cluster, charge: next }
  return { order: renewal, cluster: stopped ? resumed(paid, nowMs) : paid }
}

/** The cluster on its way back to running. */
export function resumed(cluster: Cluster, nowMs: number): Cluster {
  const event = cluster.status.state === 'isolated' ? 'restore' : 'resume'
  const { stop: _stop, overdueMs: _overdue, ...charge } = cluster.charge
  return advance({ ...cluster, charge }, event, { nowMs, reason: 'paid for again' })
}

export function isStopped({ status }: Pick<Cluster, 'status'>): boolean {
  return stateTraits[status.state].stopped
}

function continued(
  { charge, createdMs }: Cluster,
  it: { readonly months: number; readonly order: string },
  rules: BillingRules,
): Charge {
  const beginsMs = charge.beginsMs ?? createdMs
  const monthsBought = (charge.monthsBought ?? charge.months ?? it.months) + it.months
  const expiresMs = rules.endOf(beginsMs, monthsBought)
  return { ...charge, order: it.order, months: it.months, beginsMs, monthsBought, expiresMs }
}

/** What is left of a paid term at `nowMs`, rounded down; undefined for orders that nothing is left of. */
export function unused(order: Order, nowMs: number): number | undefined {
  const { period, state, kind } = order
  if (state !== 'paid' || kind === 'refund' || !period || period.untilMs <= nowMs) return undefined
  const left = period.untilMs - Math.max(nowMs, period.fromMs)
  return Number((BigInt(total(order)) * BigInt(left)) / BigInt(period.untilMs - period.fromMs))
}
