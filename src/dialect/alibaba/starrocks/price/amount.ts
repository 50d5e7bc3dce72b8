/** Amounts as every inquiry shows them. Facts: reference alibaba-starrocks.md 6.11. */
import {
  decimal,
  flag,
  list,
  object,
  text,
  type Static,
  type TObject,
} from '../../../../shape/shape.ts'
import type { OrderItem } from '../../../../domain/order.ts'
import { amountUnit } from '../../catalogue/price.ts'

export const amountMembers = {
  ComponentPrices: list(
    object({
      ComponentName: text(),
      DiscountAmount: decimal(),
      OriginalAmount: decimal(),
      TradeAmount: decimal(),
    }),
  ),
  Currency: text(),
  DepreciateInfo: object({
    CheapRate: decimal(),
    CheapStandAmount: decimal(),
    IsShow: flag(),
    OriginalStandAmount: decimal(),
  }),
  DiscountAmount: decimal(),
  OptionalPromotions: list(
    object({ PromotionDesc: text(), PromotionName: text(), PromotionOptionNo: text() }),
  ),
  OriginalAmount: decimal(),
  Rules: list(object({ Amount: decimal(), Name: text(), RuleDescId: text() })),
  StandDiscountPrice: decimal(),
  StandPrice: decimal(),
  TradeAmount: decimal(),
}

/** In ten-thousandths. */
export interface Amounts {
  readonly components: readonly OrderItem[]
  readonly discount: number
  readonly currency: string
  /** The code by which the discount is given, where there is one. */
  readonly coupon: string | undefined
}

export function viewAmounts(it: Amounts): Static<TObject<typeof amountMembers>> {
  const { components, discount, currency, coupon } = it
  const original = components.reduce((sum, { amount }) => sum + amount, 0)
  const trade = original - discount
  return {
    ComponentPrices: componentsOf(components, { original, discount }),
    Currency: currency,
    DepreciateInfo: {
      CheapRate: 0,
      CheapStandAmount: yuan(original),
      IsShow: false,
      OriginalStandAmount: yuan(original),
    },
    DiscountAmount: yuan(discount),
    OptionalPromotions:
      coupon === undefined
        ? []
        : [{ PromotionDesc: '', PromotionName: coupon, PromotionOptionNo: coupon }],
    OriginalAmount: yuan(original),
    Rules: [],
    StandDiscountPrice: yuan(trade),
    StandPrice: yuan(original),
    TradeAmount: yuan(trade),
  }
}

function componentsOf(
  components: readonly OrderItem[],
  { original, discount }: { readonly original: number; readonly discount: number },
) {
  const amounts = components.map(({ amount }) => amount)
  const shares = sharesOf(discount, amounts, original)
  return components.map(({ name: ComponentName, amount }, at) => {
    const share = shares[at] ?? 0
    const both = { DiscountAmount: yuan(share), OriginalAmount: yuan(amount) }
    return { ComponentName, ...both, TradeAmount: yuan(amount - share) }
  })
}

/** A discount spread over the amounts that it is off, which are `whole` together, so that the shares add up to it. */
export function sharesOf(
  discount: number,
  amounts: readonly number[],
  whole: number,
): readonly number[] {
  let sum = 0
  let spread = 0
  return amounts.map((amount) => {
    sum += amount
    const share = Math.round(discount * (whole === 0 ? 1 : sum / whole)) - spread
    spread += share
    return share
  })
}

/** Ten-thousandths are shown as they are: four decimals. */
export function yuan(amount: number): number {
  return amount / amountUnit
}
