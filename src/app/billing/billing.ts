/** Orders and money, for the server's administrator; and what an action may ask about them. */
import type { Clock } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { BillingRules } from '../../domain/billing.ts'
import type { Store } from '../../store/port.ts'
import { coupons, type Coupons } from './coupon.ts'
import { funds, type FundsOf } from './fund.ts'
import { orders, type Orders } from './order.ts'
import { subscriptions, type SubscriptionParts, type Subscriptions } from './subscription.ts'

/** What actions may ask. */
export interface BillingQuery {
  readonly coupons: Pick<Coupons, 'find'>
  readonly orders: Pick<Orders, 'unpaid'>
  readonly subscriptions: Subscriptions
}

export interface Billing extends BillingQuery {
  readonly orders: Orders
  readonly funds: FundsOf
  readonly coupons: Coupons
}

export interface BillingParts {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  /** By API product. */
  readonly rules: ReadonlyMap<string, BillingRules>
}

export function billing(parts: SubscriptionParts): Billing {
  return {
    orders: orders(parts),
    funds: funds(parts),
    coupons: coupons(parts),
    subscriptions: subscriptions(parts),
  }
}
