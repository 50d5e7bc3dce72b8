/** Everything about orders and money, for whoever runs the server. */
import type { Billing } from '../app/billing.ts'
import { couponPages } from './billing/coupon.ts'
import { fundPages } from './billing/fund.ts'
import { orderPages } from './billing/order.ts'
import type { Page } from './page.ts'

export function billingPages({ billing }: { readonly billing: Billing }): readonly Page[] {
  return [...orderPages(billing), ...fundPages(billing), ...couponPages(billing)]
}
