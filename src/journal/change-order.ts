/** The order of a change that was not completed, in the transaction that records the change's end. */
import { refundEntries } from '../domain/ledger.ts'
import { settleOrder, total } from '../domain/order.ts'
import type { Writer } from '../store/port.ts'

/** What was paid for the change is paid back. Does nothing for an order that was settled already. */
export async function refundChangeOrder(tx: Writer, id: string, nowMs: number): Promise<void> {
  const order = await tx.findById('order', id)
  const was = order?.document
  if (was?.state !== 'paid') return
  await tx.save('order', order!, settleOrder(was, 'refund', nowMs))
  // Pay as you go has not been charged under it yet; what would have been paid back was not paid back yet either.
  if (was.period !== undefined && total(was) > 0)
    await tx.post(refundEntries(was, nowMs, total(was)))
}
