/**
 * After an account's money or credit changed: asks for a look at every order that the change could matter to, a page at a time.
 * Work that is enqueued twice is one work item, so it may start over after any failure.
 */
import type { Clock } from '../../kernel/clock.ts'
import { statesWhere } from '../../domain/cluster/lifecycle.ts'
import type { Store } from '../../store/port.ts'
import { limits } from '../../limits.ts'
import type { Outcome } from '../cluster/step.ts'

export interface WalletReconciler {
  readonly kind: 'wallet'
  reconcile(account: string): Promise<Outcome>
}

const billable = statesWhere(({ billed, stopped }) => billed || stopped)

export function walletReconciler({
  store,
  clock,
}: {
  readonly store: Store
  readonly clock: Clock
}): WalletReconciler {
  return {
    kind: 'wallet',
    async reconcile(account) {
      let behindSeq: number | undefined
      do {
        behindSeq = await markPage(account, behindSeq)
      } while (behindSeq !== undefined)
      return { done: true }
    },
  }

  /** Returns where the next page begins. */
  function markPage(account: string, after: number | undefined): Promise<number | undefined> {
    return store.write(async (tx) => {
      const { rows } = await tx.list('cluster', {
        account,
        states: billable,
        order: 'newest',
        limit: limits.pageSize,
        offset: 0,
        ...(after === undefined ? {} : { behindSeq: after }),
      })
      for (const { document } of rows)
        if (document.charge.order !== undefined)
          await tx.enqueue('order', document.charge.order, clock.now())
      return rows.length === limits.pageSize ? rows.at(-1)?.seq : undefined
    })
  }
}
