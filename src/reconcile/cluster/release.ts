/**
 * Releases what a cluster holds, in the transaction that records its end. What it holds is part of its own document, which is
 * saved without it in the same transaction: a second release finds nothing.
 */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { refundEntries } from '../../domain/ledger.ts'
import { settleOrder, total } from '../../domain/order.ts'
import type { Reader, Stored, Writer } from '../../store/port.ts'
import { limits } from '../../limits.ts'

/** Stock and quotas; a cluster that failed to be made holds none. Returns the cluster without them. */
export async function releaseReservations(tx: Writer, cluster: Cluster): Promise<Cluster> {
  const { account, region, reservations = [] } = cluster
  if (reservations.length === 0) return cluster
  for (const each of reservations) await tx.release({ account, region }, each)
  return { ...cluster, reservations: [] }
}

/** Addresses, scaling rules and users too; only when nothing runs any more that could answer under them. */
export async function releaseAll(tx: Writer, cluster: Cluster): Promise<Cluster> {
  await tx.releaseAddresses(cluster.id)
  for (const { id } of cluster.spec.groups) await tx.removeChildren('scalingRule', id)
  await tx.removeChildren('directory', cluster.id)
  await tx.removeChildren('scalingStrategy', cluster.id)
  await tx.removeChildren('inspection', cluster.id)
  return releaseReservations(tx, cluster)
}

/** What was paid for a cluster that could not be made is paid back; of pay as you go, nothing was paid yet. */
export async function refund(tx: Writer, cluster: Cluster, nowMs: number): Promise<void> {
  for (const order of await ordersOf(tx, cluster)) {
    const was = order.document
    if (was.state !== 'paid') continue
    await tx.save('order', order, settleOrder(was, 'refund', nowMs))
    if (was.months !== undefined) await tx.post(refundEntries(was, nowMs, total(was)))
  }
}

async function ordersOf(tx: Reader, cluster: Cluster): Promise<readonly Stored<'order'>[]> {
  const { rows } = await tx.list('order', {
    account: cluster.account,
    parent: cluster.id,
    order: 'oldest',
    limit: limits.openOperations,
    offset: 0,
  })
  return rows
}
