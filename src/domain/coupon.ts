/** Coupons: a code that takes something off what an order costs. Pure; the store keeps how often each was used. */
import { Fault } from './fault.ts'
import { listPrice, type Order } from './order.ts'

/** A share in whole percent, or an amount in ten-thousandths. */
export type Reduction = { readonly percent: number } | { readonly amount: number }

export interface Coupon {
  /** Its code. */
  readonly id: string
  /** Who may use it; empty is everybody. */
  readonly account: string
  readonly off: Reduction
  readonly validUntilMs: number | null
  /** How often in all; null is without bound. */
  readonly uses: number | null
  readonly used: number
  readonly createdMs: number
}

/** Throws ResourceMissing for somebody else's, ResourceUnfit for one that is over. */
export function checkCoupon(
  coupon: Coupon,
  at: { readonly account: string; readonly nowMs: number },
): void {
  const { id, account, validUntilMs, uses, used } = coupon
  if (account !== '' && account !== at.account)
    throw new Fault('ResourceMissing', { what: 'coupon', id })
  const unfit = (problem: string) => new Fault('ResourceUnfit', { what: 'coupon', id, problem })
  if (validUntilMs !== null && at.nowMs >= validUntilMs)
    throw unfit(`it expired at ${new Date(validUntilMs).toISOString()}`)
  if (uses !== null && used >= uses)
    throw unfit(uses === 1 ? 'it was used already' : `it was used ${used} times already`)
}

type Priced = Pick<Order, 'items' | 'discount' | 'months' | 'period'>

/**
 * The order with the coupon's reduction, which is never more than what is left to pay. Of pay as you go, whose items are the price of
 * an hour, a share comes off every hour, and an amount off what is used in all.
 */
export function applyCoupon<O extends Priced>(
  order: O,
  { id, off }: Pick<Coupon, 'id' | 'off'>,
): O & Pick<Order, 'coupon' | 'allowance'> {
  const left = listPrice(order) - order.discount
  if ('amount' in off && order.months === undefined && !order.period)
    return { ...order, coupon: id, allowance: off.amount }
  const reduction = 'percent' in off ? Math.floor((left * off.percent) / 100) : off.amount
  return { ...order, coupon: id, discount: order.discount + Math.min(left, reduction) }
}
