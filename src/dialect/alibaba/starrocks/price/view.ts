/** The price of an instance as inquiries show it, by component and by module. Facts: reference alibaba-starrocks.md 6.11. */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import { applyCoupon, type Coupon } from '../../../../domain/coupon.ts'
import type { OrderItem } from '../../../../domain/order.ts'
import { list, object, text } from '../../../../shape/shape.ts'
import { byComponent, orderItems, type Price } from '../../catalogue/price.ts'
import { amountMembers, viewAmounts, yuan } from './amount.ts'

export const priceView = object({
  ...amountMembers,
  ModuleInstance: list(
    object({ ModuleCode: text(), ModuleName: text(), StandPrice: text(), TotalProductFee: text() }),
  ),
})

/** The coupon of a code; undefined without a code, or for one that takes nothing off. Throws ResourceMissing, ResourceUnfit. */
export async function promotionNamed(
  core: Core,
  call: Call,
  code = '',
): Promise<Coupon | undefined> {
  if (code === '') return undefined
  const coupon = await core.billing.coupons.find(call, code)
  if (!coupon) await core.environments.require(call, { kind: 'coupon', id: code })
  return coupon
}

export interface Reduction {
  readonly promotion?: Coupon
  /** Of a subscription. */
  readonly months?: number
}

/** What the promotion takes off an order of these items, as the order itself will have it. */
export function discountOn(
  items: readonly OrderItem[],
  { promotion, ...length }: Reduction,
): number {
  return promotion ? applyCoupon({ items, discount: 0, ...length }, promotion).discount : 0
}

export function viewPrice(price: Price, reduction: Reduction) {
  const discount = discountOn(orderItems(price), reduction)
  const { currency } = price
  const components = [...byComponent(price)].map(([name, amount]) => ({ name, amount }))
  return {
    ...viewAmounts({ components, discount, currency, coupon: reduction.promotion?.id }),
    ModuleInstance: modulesOf(price),
  }
}

function modulesOf({ items }: Price) {
  const sums = new Map<string, number>()
  for (const { module, amount } of items) sums.set(module, (sums.get(module) ?? 0) + amount)
  return [...sums].map(([module, amount]) => viewModule(module, yuan(amount)))
}

/** These amounts are texts. */
export function viewModule(ModuleCode: string, amount: number) {
  return {
    ModuleCode,
    ModuleName: moduleNames[ModuleCode] ?? ModuleCode,
    StandPrice: String(amount),
    TotalProductFee: String(amount),
  }
}

const moduleNames: Readonly<Record<string, string>> = { cu_num: 'CU', disk: 'Disk' }
