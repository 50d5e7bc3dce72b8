/** Everything about orders and money, for whoever runs the server. */
import type { Billing } from '../../app/billing/billing.ts'
import { couponPages } from './coupon.ts'
import { fundPages } from './fund.ts'
import { orderPages } from './order.ts'
import type { Page } from '../page.ts'

export function billingPages({ billing }: { readonly billing: Billing }): readonly Page[] {
  return [...orderPages(billing), ...fundPages(billing), ...couponPages(billing)]
}
