/** One more term of a subscription, in the transaction that records who bought it: its order, its payment, and the cluster. */
import { isStopped, renewed, type BillingRules, type Term } from '../../domain/billing.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import type { Order } from '../../domain/order.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { Stored, Writer } from '../../store/port.ts'
import { place } from './order-placement.ts'

export interface Renewal {
  readonly cluster: Stored<'cluster'>
  /** The one that it runs on. */
  readonly order: Stored<'order'>
  readonly rules: BillingRules
  /** Without it, one more term like the last one. */
  readonly term?: Term
  readonly coupon?: string
}

/** Returns the renewal; a stopped cluster comes back. Throws BalanceShort, and what refuses the coupon. */
export async function placeRenewal(
  tx: Writer,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  { cluster, order, rules, term, coupon }: Renewal,
): Promise<Order> {
  const nowMs = clock.now()
  const pair = { order: order.document, cluster: cluster.document }
  const id = rules.drawOrderId(random, nowMs)
  const next = renewed(pair, { id, nowMs, rules, ...(term ? { term } : {}) })
  const placed = await place(tx, next.order, coupon === undefined ? {} : { coupon })
  await tx.save('cluster', cluster, next.cluster)
  await tx.enqueue('order', id, next.cluster.charge.expiresMs ?? nowMs)
  if (isStopped(cluster.document)) await tx.enqueue('cluster', cluster.document.id, nowMs)
  return placed
}

/** What a stopped cluster goes through once it is paid for again; nothing for one that runs. */
export function stepsOfReturn(cluster: Pick<Cluster, 'status'>): readonly string[] | undefined {
  return isStopped(cluster) ? ['start', 'verify'] : undefined
}
