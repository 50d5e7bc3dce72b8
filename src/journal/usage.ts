/** What was used under an order of pay as you go, when its counting ends or begins again; in the transaction that changes the cluster. */
import { consumption } from '../domain/ledger.ts'
import { use, type Order } from '../domain/order.ts'
import type { Stored } from '../store/listing.ts'
import type { Writer } from '../store/port.ts'

/** Charges what was used under the order until now; from now on nothing is. Returns the order as it stands in the store. */
export async function closeUsage(
  tx: Writer,
  order: Stored<'order'>,
  it: { readonly startedMs: number | undefined; readonly nowMs: number },
): Promise<Order> {
  const { startedMs, nowMs } = it
  const sinceMs = startedMs ?? nowMs
  const used = use(order.document, { sinceMs, untilMs: nowMs, runs: false })
  await tx.post(consumption(order.document, { ...used, untilMs: nowMs }))
  await tx.save('order', order, used.order)
  return used.order
}

/** What was stopped is not charged for: it is counted from now on. A subscription has no usage. */
export async function reopenUsage(
  tx: Writer,
  order: Stored<'order'>,
  nowMs: number,
): Promise<void> {
  const { usage } = order.document
  if (!usage) return
  const reopened = { ...usage, untilMs: nowMs, runs: true }
  await tx.save('order', order, { ...order.document, usage: reopened })
}
