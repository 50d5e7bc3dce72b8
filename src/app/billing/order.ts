/**
 * What may be done about orders: pay an unpaid one, which starts its cluster, or cancel it; renew a subscription before or after
 * its end; give one back for what is left of it. Each is one unit of work. Throws BillingProblem.
 */
import { begun, isStopped, unused, type BillingRules } from '../../domain/billing.ts'
import { advance, type Cluster } from '../../domain/cluster/cluster.ts'
import { amountText } from '../../domain/money.ts'
import { available, covers, refundEntries, isInArrears, purchase } from '../../domain/ledger.ts'
import type { Verb } from '../../domain/operation.ts'
import { orderLifecycle, renewalPrice, settleOrder, total, type Order } from '../../domain/order.ts'
import { fundsOf } from '../../journal/funds.ts'
import { addToHistory, finishOperations } from '../../journal/history.ts'
import type { Listing, Page, Reader, Stored, Writer } from '../../store/port.ts'
import { limits } from '../../limits.ts'
import type { Call } from '../call.ts'
import { presentCluster } from '../cluster/modify.ts'
import type { BillingParts } from './billing.ts'
import { placeRenewal, stepsOfReturn } from './renewal.ts'
import { missing, refused } from './problem.ts'

export type OrderListing = Pick<Listing, 'account' | 'parent' | 'states' | 'behindSeq' | 'limit'>

export interface Orders {
  /** The latest first. */
  list(listing: OrderListing): Promise<Page<'order'>>
  /** The one of the caller's cluster that is still to be paid. Throws ClusterNotFound. */
  unpaid(call: Call, cluster: string): Promise<Order | undefined>
  pay(id: string): Promise<Order>
  cancel(id: string): Promise<Order>
  /** Buys one more term like the last one; a stopped cluster comes back. Returns the renewal. */
  renew(cluster: string): Promise<Order>
  /** Ends a subscription and pays back what is left of it. Returns the order by which it is paid back. */
  refund(cluster: string): Promise<Order>
}

export function orders(parts: BillingParts): Orders {
  const { store } = parts
  const write = <T>(work: (tx: Writer) => Promise<T>) => store.write(work)
  return {
    list: (listing) =>
      store.read((tx) => tx.list('order', { ...listing, order: 'newest', offset: 0 })),
    unpaid: (call, cluster) =>
      store.read(async (tx) => {
        const { id: parent, account } = (await presentCluster(tx, call, cluster)).document
        const listing = { account, parent, states: ['unpaid'], order: 'newest' } as const
        const { rows } = await tx.list('order', { ...listing, limit: 1, offset: 0 })
        return rows[0]?.document
      }),
    pay: (id) => write((tx) => pay(tx, parts, id)),
    cancel: (id) => write((tx) => cancel(tx, parts, id)),
    renew: (id) => write((tx) => renew(tx, parts, id)),
    refund: (id) => write((tx) => refund(tx, parts, id)),
  }
}

async function pay(tx: Writer, parts: BillingParts, id: string): Promise<Order> {
  const nowMs = parts.clock.now()
  const { order, cluster } = await unpaid(tx, id, 'pay')
  const was = order.document
  const rules = rulesOf(parts, cluster.document.product)
  await demandFunds(tx, was.account, total(was))
  const months = was.months ?? 1
  const charge = begun(cluster.document.charge, { fromMs: nowMs, months, order: id }, rules)
  const untilMs = charge.expiresMs ?? nowMs
  const paid = { ...settleOrder(was, 'pay', nowMs), period: { fromMs: nowMs, untilMs } }
  await tx.save('order', order, paid)
  await tx.post(purchase(paid, nowMs))
  const creating = advance(cluster.document, 'pay', { nowMs, reason: 'waiting for nodes' })
  await tx.save('cluster', cluster, { ...creating, charge })
  await tx.enqueue('cluster', cluster.document.id, nowMs)
  await tx.enqueue('order', id, untilMs)
  await tx.addAudit(audited(parts, cluster, 'pay'))
  return paid
}

async function cancel(tx: Writer, parts: BillingParts, id: string): Promise<Order> {
  const nowMs = parts.clock.now()
  const { order, cluster } = await unpaid(tx, id, 'cancel')
  const cancelled = settleOrder(order.document, 'cancel', nowMs)
  await tx.save('order', order, cancelled)
  const reason = 'the order was cancelled'
  await finishOperations(tx, cluster.document, { status: 'failed', nowMs, detail: reason })
  await tx.save('cluster', cluster, advance(cluster.document, 'release', { nowMs, reason }))
  await record(tx, parts, { cluster, verb: 'delete', steps: ['stop', 'remove'] })
  return cancelled
}

async function renew(tx: Writer, parts: BillingParts, id: string): Promise<Order> {
  const { cluster, order } = await subscription(tx, id)
  const { product, account, status } = cluster.document
  const { state } = status
  if (state !== 'running' && !isStopped(cluster.document))
    throw refused(`the cluster ${id} is ${state}; one that runs or was stopped can be renewed`)
  await demandFunds(tx, account, renewalPrice(order.document))
  const rules = rulesOf(parts, product)
  const renewal = await placeRenewal(tx, parts, { cluster, order, rules })
  const steps = stepsOfReturn(cluster.document)
  await record(tx, parts, { cluster, verb: 'renew', ...(steps ? { steps } : {}) })
  return renewal
}

async function refund(tx: Writer, parts: BillingParts, id: string): Promise<Order> {
  const nowMs = parts.clock.now()
  const { cluster, order: current } = await subscription(tx, id)
  const { state } = cluster.document.status
  if (state !== 'running' && !isStopped(cluster.document))
    throw refused(`the cluster ${id} is ${state}; one that runs or was stopped can be unsubscribed`)
  const { currency } = current.document
  const order = await refundUnused(tx, parts, { cluster: cluster.document, currency })
  const reason = 'the subscription was unsubscribed'
  await tx.save('cluster', cluster, advance(cluster.document, 'release', { nowMs, reason }))
  await record(tx, parts, { cluster, verb: 'delete', steps: ['stop', 'remove'] })
  return order
}

/** Settles what is unused of all that was paid ahead for the cluster; returns the order by which it is paid back. */
export async function refundUnused(
  tx: Writer,
  parts: Pick<BillingParts, 'clock' | 'random' | 'rules'>,
  it: { readonly cluster: Cluster; readonly currency: string },
): Promise<Order> {
  const { cluster, currency } = it
  const nowMs = parts.clock.now()
  const { back, of } = await unusedOf(tx, cluster, nowMs)
  for (const paid of of) await tx.save('order', paid, settleOrder(paid.document, 'refund', nowMs))
  const order: Order = {
    id: rulesOf(parts, cluster.product).drawOrderId(parts.random, nowMs),
    account: cluster.account,
    cluster: cluster.id,
    kind: 'refund',
    state: 'paid',
    currency,
    discount: 0,
    createdMs: nowMs,
    paidMs: nowMs,
    items: [{ name: 'unused time', amount: 0 - back }],
  }
  await tx.insert('order', order, nowMs)
  await tx.post(refundEntries(order, nowMs, back))
  return order
}

/** What the unused time of a cluster's orders is worth, and which orders it is of. */
export async function unusedOf(
  tx: Reader,
  { account, id: parent }: Pick<Cluster, 'account' | 'id'>,
  nowMs: number,
): Promise<{ readonly back: number; readonly of: readonly Stored<'order'>[] }> {
  const listing = { account, parent, states: ['paid'], order: 'newest', offset: 0 } as const
  const { rows } = await tx.list('order', { ...listing, limit: limits.pageSize })
  const of = rows.filter(({ document }) => unused(document, nowMs) !== undefined)
  const back = of.reduce((sum, { document }) => sum + (unused(document, nowMs) ?? 0), 0)
  return { back, of }
}

interface Pair {
  readonly order: Stored<'order'>
  readonly cluster: Stored<'cluster'>
}

async function unpaid(tx: Reader, id: string, event: 'pay' | 'cancel'): Promise<Pair> {
  const order = await tx.findById('order', id)
  if (!order) throw missing('order', id)
  const { state, cluster: owner } = order.document
  if (!orderLifecycle.next(state, event)) throw refused(`the order ${id} is ${state} already`)
  const cluster = await tx.findById('cluster', owner)
  if (cluster?.document.status.state !== 'unpaid')
    throw refused(`the cluster ${owner} of the order ${id} was given up`)
  return { order, cluster }
}

async function subscription(tx: Reader, id: string): Promise<Pair> {
  const cluster = await tx.findById('cluster', id)
  if (!cluster) throw missing('cluster', id)
  const { mode, order: current = '' } = cluster.document.charge
  const order = await tx.findById('order', current)
  if (mode !== 'prepaid' || !order) throw refused(`the cluster ${id} has no subscription`)
  return { order, cluster }
}

async function demandFunds(tx: Reader, account: string, wanted: number): Promise<void> {
  const funds = await fundsOf(tx, account)
  if (covers(funds, wanted) && !isInArrears(funds)) return
  const left = amountText(available(funds) ?? 0)
  throw refused(`the account ${account} has ${left}; ${amountText(wanted)} are needed`)
}

interface HistoryRecord {
  readonly cluster: Stored<'cluster'>
  readonly verb: Verb
  readonly steps?: readonly string[]
}

async function record(tx: Writer, parts: BillingParts, it: HistoryRecord): Promise<void> {
  const { cluster, verb, steps } = it
  const nowMs = parts.clock.now()
  const { atMs: _, ...who } = audited(parts, cluster, verb)
  await addToHistory(tx, { ...who, verb, steps }, { nowMs, random: parts.random })
  if (steps) await tx.enqueue('cluster', cluster.document.id, nowMs)
}

function audited({ clock, random }: BillingParts, { document }: Stored<'cluster'>, verb: string) {
  const { account, region, id: subject } = document
  const what = { action: `billing:${verb}`, requestId: random.uuid(), region, subject }
  return { atMs: clock.now(), account, principal: 'admin', ...what }
}

/** Of the product whose cluster it is. */
export function rulesOf({ rules }: Pick<BillingParts, 'rules'>, product: string): BillingRules {
  const found = rules.get(product)
  if (!found) throw new Error(`no billing rules are known for ${product}`)
  return found
}
