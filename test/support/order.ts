/** Orders for tests that do not care what is in them. */
import type { BillingRules } from '../../src/domain/billing.ts'
import type { Order } from '../../src/domain/order.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export function sampleOrder(members: Partial<Order> = {}): Order {
  return {
    id: 'o-1',
    account: 'a',
    cluster: 'c-1',
    kind: 'buy',
    state: 'paid',
    currency: 'X',
    items: [{ name: 'it', amount: 1_000 }],
    discount: 0,
    createdMs: 0,
    ...members,
  }
}

/** Rules of no cloud: months of thirty days, two hours of grace, ten days until the end. */
export const sampleRules: BillingRules = {
  product: 'p',
  stops: 'suspend',
  keptMs: { expired: 10 * DAY_MS, overdue: 5 * DAY_MS },
  graceMs: 2 * HOUR_MS,
  endOf: (fromMs, months) => fromMs + months * 30 * DAY_MS,
  drawOrderId: (random) => `o-${random.hex(12)}`,
}
