/**
 * How this cloud bills. A subscription ends at 00:00 (UTC+8) of the day after its last one; at its end the instance is disabled at
 * once and kept for 168 hours. In arrears it is locked at once, for seven days, and released on the eighth.
 * Facts: reference alibaba-starrocks.md 11.5; 11.4 for the form of order ids.
 */
import type { BillingRules } from '../../domain/billing.ts'
import { product } from './starrocks/action.ts'
import { subscriptionEndMs } from './starrocks/instance/expiry.ts'

const WEEK_MS = 168 * 3_600_000

export const billingRules: BillingRules = {
  product,
  stops: 'suspend',
  keptMs: { expired: WEEK_MS, overdue: WEEK_MS },
  graceMs: 0,
  endOf: subscriptionEndMs,
  drawOrderId: (random) => random.serial.decimal(15),
}
