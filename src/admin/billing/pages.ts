/** Everything about orders and money, for the operator of the server. */
import type { AdminContext } from '../context.ts'
import { couponPages } from './coupon.ts'
import { fundPages } from './fund.ts'
import { orderPages } from './order.ts'
import type { Page } from '../page.ts'

export function billingPages({ billing }: Pick<AdminContext, 'billing'>): readonly Page[] {
  return [...orderPages(billing), ...fundPages(billing), ...couponPages(billing)]
}
