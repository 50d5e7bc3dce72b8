/** Placing an order inside the transaction that creates or changes its cluster: coupon, payment, and when it is due next. */
import { applyCoupon, checkCoupon } from '../../domain/coupon.ts'
import { Fault } from '../../domain/fault.ts'
import { available, covers, isInArrears, purchase, type Funds } from '../../domain/ledger.ts'
import { total, type Order } from '../../domain/order.ts'
import { fundsOf } from '../../journal/funds.ts'
import type { Stored } from '../../store/listing.ts'
import type { Reader, Writer } from '../../store/port.ts'

export interface Terms {
  readonly coupon?: string
  readonly reserve?: number
}

/** The order as it stands in the store. Throws BalanceShort, ResourceUnfit (the coupon). */
export async function place(tx: Writer, asked: Order, terms: Terms): Promise<Order> {
  return (await placeFor(tx, asked, terms)).order
}

/** Places it, and marks it for the first time at which something is due for it. */
export async function placeWatched(tx: Writer, asked: Order, terms: Terms): Promise<Order> {
  const { order, funds } = await placeFor(tx, asked, terms)
  if (order.state === 'unpaid')
    await tx.enqueue('order', order.id, order.deadlineMs ?? order.createdMs)
  else if (order.period) await tx.enqueue('order', order.id, order.period.untilMs)
  else if (available(funds ?? (await fundsOf(tx, order.account))) !== undefined)
    await tx.enqueue('order', order.id, order.createdMs)
  return order
}

/** With what the account could spend before it, where that was asked. */
async function placeFor(
  tx: Writer,
  asked: Order,
  terms: Terms,
): Promise<{ readonly order: Order; readonly funds?: Funds }> {
  const { order, coupon } = await discounted(tx, asked, terms.coupon)
  const { account, createdMs } = order
  if (coupon)
    await tx.save('coupon', coupon, { ...coupon.document, used: coupon.document.used + 1 })
  if (order.state === 'paid') {
    const ahead = isPaidAhead(order)
    const funds = await fundsOf(tx, account)
    demandFunds(funds, ahead ? total(order) : (terms.reserve ?? 0))
    // What a change makes cheaper is paid back when it is done.
    if (ahead && total(order) >= 0) await tx.post(purchase(order, createdMs))
    await tx.insert('order', order, createdMs)
    return { order, funds }
  }
  await tx.insert('order', order, createdMs)
  return { order }
}

/** The order less what its coupon takes off. Throws ResourceMissing and ResourceUnfit (the coupon). */
export async function discounted(
  tx: Reader,
  order: Order,
  code: string | undefined,
): Promise<{ readonly order: Order; readonly coupon?: Stored<'coupon'> }> {
  if (code === undefined || code === '') return { order }
  const coupon = await tx.findById('coupon', code)
  // Whether an unknown code is taken at all is for the environment to say, and it was asked.
  if (!coupon) return { order: { ...order, coupon: code } }
  checkCoupon(coupon.document, { account: order.account, nowMs: order.createdMs })
  return { order: applyCoupon(order, coupon.document), coupon }
}

/** A term, or the rest of one; pay as you go is charged for when it was used. */
function isPaidAhead({ months, period }: Order): boolean {
  return months !== undefined || period !== undefined
}

/** Throws BalanceShort; also for nothing at all, when the account is in arrears. */
function demandFunds(funds: Funds, wanted: number): void {
  if (covers(funds, wanted) && !isInArrears(funds)) return
  throw new Fault('BalanceShort', { wanted, available: available(funds) ?? 0 })
}
