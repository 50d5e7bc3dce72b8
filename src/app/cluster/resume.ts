/**
 * Bringing back a cluster that was stopped in arrears, by its owner, as soon as its account can pay again. One whose subscription
 * ended is renewed instead.
 */
import { resumed } from '../../domain/billing.ts'
import { Fault } from '../../domain/fault.ts'
import { available, isInArrears } from '../../domain/ledger.ts'
import { fundsOf } from '../../journal/funds.ts'
import { reopenUsage } from '../../journal/usage.ts'
import type { Store } from '../../store/port.ts'
import type { Call } from '../call.ts'
import { presentCluster, recordOperation, type OperationParts } from './modify.ts'

export interface ResumeParts extends OperationParts {
  readonly store: Store
}

/** Throws ClusterNotFound, ClusterBusy, BalanceShort. */
export async function resumeCluster(parts: ResumeParts, call: Call, id: string): Promise<void> {
  const nowMs = parts.clock.now()
  await parts.store.write(async (tx) => {
    const found = await presentCluster(tx, call, id)
    const { account, charge, status } = found.document
    const { state } = status
    if (state !== 'suspended' || charge.stop?.why !== 'overdue')
      throw new Fault('ClusterBusy', { id, state, event: 'resume' })
    const funds = await fundsOf(tx, account)
    if (isInArrears(funds))
      throw new Fault('BalanceShort', { wanted: 0, available: available(funds) ?? 0 })
    const order = await tx.findById('order', charge.order ?? '')
    if (order) await reopenUsage(tx, order, nowMs)
    await tx.save('cluster', found, resumed(found.document, nowMs))
    await recordOperation(tx, parts, { call, id, verb: 'restore', steps: ['start', 'verify'] })
    await tx.enqueue('cluster', id, nowMs)
    // A bounded account is charged by the hour.
    if (order) await tx.enqueue('order', order.document.id, nowMs)
  })
}
