/** What a change would cost, without beginning it: the order that it would be bought with, made as the change makes it. */
import { requireIdle } from '../../domain/cluster/change.ts'
import type { Charge } from '../../domain/cluster/cluster.ts'
import type { Order } from '../../domain/order.ts'
import { discounted } from '../billing/order-placement.ts'
import { priceChange, type ChangeCall, type ChangeParts } from './change.ts'
import { presentCluster } from './modify.ts'

export interface Quote {
  readonly charge: Charge['mode']
  /** With what its coupon takes off; absent where the price stays. */
  readonly order?: Order
  /** The order that the cluster runs on now. */
  readonly current?: Order
}

/**
 * Throws ClusterNotFound, ClusterBusy, NotSupported, what is proposed throws, and ResourceMissing or ResourceUnfit for the
 * coupon. Neither supply nor funds are asked: whoever asks for a price need not be able to pay it.
 */
export function quoteChange(
  { store, clock, placement }: Pick<ChangeParts, 'store' | 'clock' | 'placement'>,
  { call, id, propose }: ChangeCall,
): Promise<Quote> {
  return store.read(async (tx) => {
    const { document: was } = await presentCluster(tx, call, id)
    requireIdle(was, 'change')
    const { action, spec, terms } = propose(was)
    placement.checkChange(was, action, spec)
    const { order: running, mode: charge } = was.charge
    const current = running === undefined ? undefined : await tx.findById('order', running)
    const priced = await priceChange(tx, was, { terms, nowMs: clock.now() })
    const discountedOrder = priced && (await discounted(tx, priced.order, priced.coupon))
    return {
      charge,
      ...(discountedOrder ? { order: discountedOrder.order } : {}),
      ...(current ? { current: current.document } : {}),
    }
  })
}
