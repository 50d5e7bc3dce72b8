/**
 * What a change leaves behind, settled in the transaction that records its end: supply and addresses that are not needed any
 * more are released, and its order takes effect or is refunded. A cluster holds during a change the larger of what it held before
 * and what it holds after, so that either end only releases.
 */
import { addressNumber } from '../../kernel/cidr.ts'
import { addressesOf, type Change } from '../../domain/cluster/change.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import type { Reservation } from '../../domain/environment.ts'
import { refundEntries } from '../../domain/ledger.ts'
import { allowanceLeft, renewalItems, total, usageFrom } from '../../domain/order.ts'
import { excess } from '../../domain/supply.ts'
import { refundChangeOrder } from '../../journal/change-order.ts'
import { closeUsage } from '../../journal/usage.ts'
import type { Stored, Writer } from '../../store/port.ts'

/** The cluster without what the change does not need; `change` is what has ended. */
export async function settleChange(
  tx: Writer,
  cluster: Cluster,
  { change, nowMs }: { readonly change: Change; readonly nowMs: number },
): Promise<Cluster> {
  const completed = change.reverting === undefined
  const { before, after } = change.supply
  await releaseNodeAddresses(tx, cluster, change)
  await forgetRules(tx, cluster, change)
  const settled = await releaseExcess(tx, cluster, completed ? after : before)
  if (change.order === undefined) return settled
  if (!completed) {
    await refundChangeOrder(tx, change.order, nowMs)
    return settled
  }
  const order = await tx.findById('order', change.order)
  return order ? takeEffect(tx, settled, { order, nowMs }) : settled
}

/** A group that is gone has no scaling rules. */
async function forgetRules(tx: Writer, { spec }: Cluster, { before }: Change): Promise<void> {
  const kept = new Set(spec.groups.map(({ id }) => id))
  for (const { id } of before.groups) if (!kept.has(id)) await tx.removeChildren('scalingRule', id)
}

async function releaseExcess(
  tx: Writer,
  cluster: Cluster,
  kept: readonly Reservation[],
): Promise<Cluster> {
  const { account, region, reservations: held = [] } = cluster
  for (const each of excess(held, kept)) await tx.release({ account, region }, each)
  return { ...cluster, reservations: kept }
}

/** Those of nodes that the cluster had before, or was to have, and has no longer. */
async function releaseNodeAddresses(tx: Writer, cluster: Cluster, change: Change): Promise<void> {
  const kept = new Set(addressesOf(cluster.spec))
  const known = [...addressesOf(change.before), ...(change.abandoned ?? [])]
  const gone = known.filter((address) => !kept.has(address))
  if (gone.length > 0) await tx.releaseAddresses(cluster.id, gone.map(addressNumber))
}

/**
 * From now on the cluster costs what the order says. Of pay as you go, the hours until now are charged at the old price; a
 * subscription's order was paid with the request, and what it is less is paid back now.
 */
async function takeEffect(
  tx: Writer,
  cluster: Cluster,
  { order, nowMs }: { readonly order: Stored<'order'>; readonly nowMs: number },
): Promise<Cluster> {
  const current = await tx.findById('order', cluster.charge.order ?? '')
  if (cluster.charge.mode === 'prepaid') {
    const less = -total(order.document)
    if (less > 0) await tx.post(refundEntries(order.document, nowMs, less))
    if (current) {
      const next = { ...current.document, renewalItems: renewalItems(order.document) }
      await tx.save('order', current, next)
    }
    return cluster
  }
  const { startedMs } = cluster.status
  const closed = current && (await closeUsage(tx, current, { startedMs, nowMs }))
  const remaining = closed && allowanceLeft(closed)
  const own = order.document.allowance
  const allowance =
    (remaining ?? own) === undefined ? {} : { allowance: (remaining ?? 0) + (own ?? 0) }
  await tx.save('order', order, { ...order.document, ...allowance, usage: usageFrom(nowMs) })
  await tx.enqueue('order', order.document.id, nowMs)
  return { ...cluster, charge: { ...cluster.charge, order: order.document.id } }
}
