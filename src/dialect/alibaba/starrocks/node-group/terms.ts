/**
 * What a changed instance costs and holds. The whole next instance is priced by the catalogue as a new one would be, and the change
 * is the difference: pay as you go gets a new price of an hour, a subscription pays for the rest of its term from the next 00:00 on,
 * and renews at the new price. Facts: reference alibaba-starrocks.md 11.5.
 */
import type { Call } from '../../../../app/call.ts'
import type { ChangeStarted, ChangeTerms } from '../../../../app/cluster/change.ts'
import type { TermsOf } from '../../../../app/cluster/scale.ts'
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup as Group } from '../../../../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../../../domain/cluster/spec.ts'
import type { OrderItem } from '../../../../domain/order.ts'
import type { NodeGroup } from '../../catalogue/node-group.ts'
import { computeComponentOf } from '../../catalogue/instance-shape.ts'
import { orderItems, priceOf, type Price, type Term } from '../../catalogue/price.ts'
import type { Component } from '../../catalogue/schema.ts'
import {
  groupExtension,
  hasObservers,
  instanceExtension,
  isMultiZone,
} from '../instance/extension.ts'
import { nextDayMs } from '../instance/expiry.ts'
import { reservationsOf } from '../instance/prerequisites.ts'
import { catalogueGroup } from './catalogue-group.ts'

/**
 * The code of a request that takes something off its order; undefined when it gives none. Throws ResourceMissing where every coupon
 * has to be known and this one is not.
 */
export async function promotionOf(
  core: Core,
  call: Call,
  code: string | undefined,
): Promise<string | undefined> {
  if (code === undefined || code === '') return undefined
  const known = await core.billing.coupons.find(call, code)
  if (!known) await core.environments.require(call, { kind: 'coupon', id: code })
  return code
}

export function termsOf(
  core: Pick<Core, 'clock' | 'random'>,
  promotion: string | undefined,
): TermsOf {
  return (was, next) => {
    const reservations = reservationsOf(next.groups, was.charge.mode)
    const before = priceOfInstance(was, was.spec)
    const after = priceOfInstance(was, next)
    if (after.exact === before.exact) return { reservations }
    const coupon = promotion === undefined ? {} : { coupon: promotion }
    return { reservations, order: orderOf(core, was, { before, after }), ...coupon }
  }
}

/** Pay as you go is charged for as it is used: the answer names no order. */
export function orderOnWire({ order, charge }: ChangeStarted): number {
  return charge === 'prepaid' && order !== undefined ? Number(order) : 0
}

interface PriceChange {
  readonly before: Price
  readonly after: Price
}

function orderOf(
  { clock, random }: Pick<Core, 'clock' | 'random'>,
  { charge, createdMs }: Cluster,
  { before, after }: PriceChange,
): NonNullable<ChangeTerms['order']> {
  const nowMs = clock.now()
  const { currency } = after
  const paid = {
    id: random.serial.decimal(15),
    state: 'paid',
    currency,
    discount: 0,
    paidMs: nowMs,
  } as const
  if (charge.mode === 'postpaid') return { ...paid, items: orderItems(after) }
  const { beginsMs = createdMs, expiresMs: untilMs = nowMs, months = 1 } = charge
  const rest = {
    leftMs: Math.max(0, untilMs - nextDayMs(nowMs)),
    boughtMs: untilMs - beginsMs,
    terms: { bought: charge.monthsBought ?? months, each: months },
  }
  return {
    ...paid,
    items: difference(before, after, rest),
    renewalItems: orderItems(after),
    period: { fromMs: nowMs, untilMs },
  }
}

/** An instance with these groups: for the hour or the term that it is paid by, or another one. */
export function priceOfInstance(
  instance: Cluster,
  { groups }: Pick<ClusterSpec, 'groups'>,
  term: Term = termOf(instance),
): Price {
  const { runMode } = instanceExtension(instance)
  const of = (component: Component) =>
    groups.filter((group) => groupExtension(group).component === component)
  const computeComponent = computeComponentOf(runMode)
  return priceOf({
    currency: 'CNY',
    term,
    computeComponent,
    frontends: of('FE').map(paidGroup),
    backends: of(computeComponent).map(paidGroup),
    observers: of('OBSERVER').map(paidGroup),
    agentCu: of('AGENT')[0]?.cpu,
    multiZone: isMultiZone(instance) || hasObservers(groups),
  })
}

function termOf({ charge: { mode, months = 1 } }: Cluster): Term {
  return mode === 'postpaid'
    ? { payType: 'postPaid', hours: 1 }
    : { payType: 'prePaid', pricingCycle: 'Month', duration: months }
}

/** With all its nodes, those too that came by a scaling rule. */
function paidGroup(group: Group): NodeGroup {
  return { ...catalogueGroup(group), residentNodeNumber: group.nodes.length }
}

interface Rest {
  readonly leftMs: number
  /** From the beginning of the subscription to its end, which cost so many terms. */
  readonly boughtMs: number
  readonly terms: { readonly bought: number; readonly each: number }
}

/** Item by item, each rounded half up so that the running sum is right; what stays the same is no item. */
function difference(before: Price, after: Price, rest: Rest): readonly OrderItem[] {
  const more = new Map<string, bigint>()
  const add = ({ items }: Price, sign: bigint) => {
    for (const { component, module, quantity, unitPrice } of items) {
      const name = `${component} ${module}`
      const amount = BigInt(quantity) * BigInt(unitPrice)
      more.set(name, (more.get(name) ?? 0n) + sign * amount)
    }
  }
  add(after, 1n)
  add(before, -1n)
  const { leftMs, boughtMs, terms } = rest
  // Millionths for a term, to ten-thousandths for what is left.
  const times = BigInt(leftMs) * BigInt(terms.bought)
  const by = BigInt(Math.max(1, boughtMs)) * BigInt(terms.each) * 100n
  let exact = 0n
  let sum = 0
  return [...more].flatMap(([name, amount]) => {
    if (amount === 0n) return []
    exact += amount * times
    const item = { name, amount: Number(roundHalfUp(exact, by)) - sum }
    sum += item.amount
    return [item]
  })
}

function roundHalfUp(amount: bigint, by: bigint): bigint {
  const twice = 2n * amount + by
  const whole = twice / (2n * by)
  return twice < 0n && twice % (2n * by) !== 0n ? whole - 1n : whole
}
