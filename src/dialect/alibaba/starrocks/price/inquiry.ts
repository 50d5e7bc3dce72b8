/**
 * What a change of a node group would cost. Of a subscription it is what the order of the change says: the difference for the rest of
 * the term, negative where something is paid back. Of pay as you go it is what every hour costs more or less from then on: the order
 * of the change less the one that the instance runs on. Facts: reference alibaba-starrocks.md 3.2 (delta price), 6.11.
 */
import type { Call } from '../../../../app/call.ts'
import type { Quote } from '../../../../app/cluster/quote.ts'
import type { Core } from '../../../../app/core.ts'
import { object } from '../../../../shape/shape.ts'
import type { OrderItem } from '../../../../domain/order.ts'
import { quote, type Modification } from '../node-group/modification.ts'
import { amountMembers, viewAmounts } from './amount.ts'

export const inquiryOutput = { Data: object(amountMembers) }

export async function inquire(core: Core, call: Call, it: Modification) {
  const { order, current, charge } = await quote(core, call, it)
  const before = charge === 'postpaid' && order ? current : undefined
  const coupon = order?.coupon === undefined ? undefined : await knownCoupon(core, call, order)
  return {
    Data: viewAmounts({
      components: differenceOf(order, before),
      discount: (order?.discount ?? 0) - (before?.discount ?? 0),
      currency: order?.currency ?? current?.currency ?? 'CNY',
      coupon,
    }),
  }
}

type Priced = Quote['order']

/** A code that nobody knows is taken and takes nothing off: it is no promotion. */
async function knownCoupon(
  core: Core,
  call: Call,
  { coupon = '' }: NonNullable<Priced>,
): Promise<string | undefined> {
  return (await core.billing.coupons.find(call, coupon))?.id
}

/** By module, as `cu_num` and `disk`: which components it is about the request has said. */
function differenceOf(after: Priced, before: Priced): readonly OrderItem[] {
  const sums = new Map<string, number>()
  const add = (items: readonly OrderItem[] = [], sign: 1 | -1) => {
    for (const { name, amount } of items) {
      const module = name.split(' ').at(-1) ?? name
      sums.set(module, (sums.get(module) ?? 0) + sign * amount)
    }
  }
  add(after?.items, 1)
  add(before?.items, -1)
  return withoutRemainders([...sums].map(([name, amount]) => ({ name, amount })))
}

/** Items are rounded so that their running sum is right, which may move a ten-thousandth to one that stays the same. */
function withoutRemainders(items: readonly OrderItem[]): readonly OrderItem[] {
  const moved = items.filter(({ amount }) => Math.abs(amount) > 1)
  if (moved.length === 0) return items.filter(({ amount }) => amount !== 0)
  const rest = items.reduce((sum, { amount }) => sum + (Math.abs(amount) > 1 ? 0 : amount), 0)
  return moved.map((item, at) => (at === 0 ? { ...item, amount: item.amount + rest } : item))
}
