/**
 * An order: what was bought, for how much, and how far it is paid. Amounts are whole ten-thousandths of the currency, so that
 * sums are exact. `settleOrder` is the only way a state changes.
 *
 * A cluster runs on one order at a time (`Charge.order`). A subscription's order covers one term, and a renewal is an order of
 * its own; pay as you go has one order whose items are the price of an hour, and counts what was used (`usage`).
 */
import { Fault } from './fault.ts'
import { lifecycle } from './lifecycle.ts'

export type OrderState = 'unpaid' | 'paid' | 'cancelled' | 'refunded'
export type OrderEvent = 'pay' | 'cancel' | 'refund'

export const orderLifecycle = lifecycle<OrderState, OrderEvent>('order', {
  unpaid: { pay: 'paid', cancel: 'cancelled' },
  paid: { refund: 'refunded' },
  cancelled: {},
  refunded: {},
})

export interface OrderItem {
  readonly name: string
  readonly amount: number
}

export interface Period {
  readonly fromMs: number
  readonly untilMs: number
}

/** What was used under an order of pay as you go. */
export interface Usage {
  /** Charged up to here. */
  readonly untilMs: number
  /** All the time that was charged, and the sums for it; so that rounding never adds up. */
  readonly usedMs: number
  readonly charged: number
  readonly discounted: number
  /** False while nothing is charged: the cluster is stopped, or gone. */
  readonly runs: boolean
}

export interface Order {
  readonly id: string
  readonly account: string
  readonly cluster: string
  readonly kind: 'buy' | 'renew' | 'change' | 'refund'
  readonly state: OrderState
  readonly currency: string
  readonly items: readonly OrderItem[]
  /** What the next term costs, where that is not what this one did: the cluster was changed meanwhile. */
  readonly renewalItems?: readonly OrderItem[]
  /** Off the sum of the items. */
  readonly discount: number
  /** The code by which the discount was given. */
  readonly coupon?: string
  /** Of pay as you go: an amount off whatever is used, in all. */
  readonly allowance?: number
  /** The product's months that it buys; left out for pay as you go. */
  readonly months?: number
  /** What it pays for; known once it is paid. */
  readonly period?: Period
  readonly usage?: Usage
  /** An unpaid order is cancelled then. */
  readonly deadlineMs?: number
  readonly createdMs: number
  readonly paidMs?: number
  /** When it was cancelled or refunded. */
  readonly closedMs?: number
}

export function listPrice({ items }: Pick<Order, 'items'>): number {
  return items.reduce((sum, item) => sum + item.amount, 0)
}

/** What one more term costs, or of pay as you go one more hour. */
export function renewalItems(order: Order): readonly OrderItem[] {
  return order.renewalItems ?? order.items
}

export function renewalPrice(order: Order): number {
  return renewalItems(order).reduce((sum, item) => sum + item.amount, 0)
}

/** What is to be paid, in ten-thousandths: the items less the discount. */
export function total(order: Order): number {
  return listPrice(order) - order.discount
}

/** The order after `event`. Throws OrderSettled when the event is not legal in its state. */
export function settleOrder(order: Order, event: OrderEvent, nowMs: number): Order {
  const state = orderLifecycle.next(order.state, event)
  if (!state) throw new Fault('OrderSettled', { id: order.id, state: order.state, event })
  return { ...order, state, ...(event === 'pay' ? { paidMs: nowMs } : { closedMs: nowMs }) }
}

/** Of an order that pays back a part of another one: the discount that was given on that part. Zero, or less; never too little. */
export function shareOfDiscount(
  part: Pick<Order, 'items'>,
  bought: Pick<Order, 'items' | 'discount'>,
): number {
  const whole = BigInt(listPrice(bought))
  if (whole <= 0n || bought.discount <= 0) return 0
  const exact = BigInt(-listPrice(part)) * BigInt(bought.discount)
  return 0 - Number((exact + whole - 1n) / whole)
}

/** What is left of its allowance once it was used. */
export function allowanceLeft({ allowance, discount, usage }: Order): number | undefined {
  if (allowance === undefined || !usage) return allowance
  const byHour = forTime(discount, usage.usedMs)
  return Math.max(0, allowance - Math.max(0, usage.discounted - byHour))
}

const HOUR_MS = 3_600_000n

/** Of an order that counts from then on. */
export function usageFrom(nowMs: number): Usage {
  return { untilMs: nowMs, usedMs: 0, charged: 0, discounted: 0, runs: true }
}

/** The next stretch of use, up to `untilMs`, with what it costs. `sinceMs` counts for the first one. */
export function use(
  order: Order,
  stretch: { readonly sinceMs: number; readonly untilMs: number; readonly runs: boolean },
): { readonly order: Order; readonly charge: number; readonly discount: number } {
  const { sinceMs, untilMs, runs } = stretch
  const was = order.usage ?? { untilMs: sinceMs, usedMs: 0, charged: 0, discounted: 0, runs: true }
  const usedMs = was.usedMs + Math.max(0, untilMs - was.untilMs)
  const charged = forTime(listPrice(order), usedMs)
  const byHour = forTime(order.discount, usedMs)
  const discounted = Math.min(charged, byHour + Math.min(order.allowance ?? 0, charged - byHour))
  return {
    order: {
      ...order,
      usage: { untilMs: Math.max(untilMs, was.untilMs), usedMs, charged, discounted, runs },
    },
    charge: charged - was.charged,
    discount: discounted - was.discounted,
  }
}

/** An hour's amount over a time, rounded half up; exact however long the time is. */
function forTime(anHour: number, ms: number): number {
  return Number((BigInt(anHour) * BigInt(ms) + HOUR_MS / 2n) / HOUR_MS)
}
