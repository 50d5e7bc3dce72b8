/**
 * How this cloud bills. A subscription ends at the same second so many months on; at its end the cluster is isolated and kept for
 * seven days. In arrears it runs on for two hours, is isolated, and released after 15 days (reference: tencent-emr.md 4.1, 8).
 */
import type { BillingRules } from '../../domain/billing.ts'
import { product } from './emr/action.ts'
import { product as serverless } from './emr/serverless/action.ts'
import { addMonths, orderStamp } from './emr/time-text.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export const billingRules: BillingRules = {
  product,
  stops: 'isolate',
  keptMs: { expired: 7 * DAY_MS, overdue: 15 * DAY_MS },
  graceMs: 2 * HOUR_MS,
  endOf: addMonths,
  drawOrderId: (random, nowMs) => `${orderStamp(nowMs)}${random.serial.decimal(15)}`,
}

/** Serverless instances live by the same. */
export const serverlessBillingRules: BillingRules = { ...billingRules, product: serverless }
