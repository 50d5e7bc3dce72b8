/**
 * Reconciles the order that a cluster runs on: charges what was used, renews, stops and releases, each when it is due. Its key is
 * the order's id; a mark stands at the next time at which something is due.
 *
 * Every step is one unit of work that reads what it decides by: the documents, the ledger and the marks move together or not at
 * all, so that a step that is repeated after any failure finds itself done.
 */
import type { Clock } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import { isStopped, renewed, resumed, type BillingRules } from '../../domain/billing.ts'
import { advance, type Cluster } from '../../domain/cluster/cluster.ts'
import { consumption, purchase } from '../../domain/ledger.ts'
import type { Verb } from '../../domain/operation.ts'
import { settleOrder, use } from '../../domain/order.ts'
import { fundsOf } from '../../journal/funds.ts'
import { addToHistory, finishOperations } from '../../journal/history.ts'
import { reopenUsage } from '../../journal/usage.ts'
import type { Store, Stored, Writer } from '../../store/port.ts'
import { planBilling, type Books, type BillingStep } from './plan.ts'
import type { Outcome } from '../cluster/step.ts'

export interface BillingReconciler {
  readonly kind: 'order'
  reconcile(id: string): Promise<Outcome>
}

export interface BillingReconcilerOptions {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  /** By API product. */
  readonly rules: ReadonlyMap<string, BillingRules>
}

/** Years of hours are charged in a few steps; a subscription may have many months to catch up with. */
const STEPS_MAX = 64

export function billingReconciler(options: BillingReconcilerOptions): BillingReconciler {
  const { store, clock } = options
  return {
    kind: 'order',
    async reconcile(id) {
      for (let step = 0; step < STEPS_MAX; step++) {
        const outcome = await store.write((tx) => stepOf(tx, options, id))
        if (outcome) return outcome
      }
      return { done: false, againInMs: 0 }
    },
  }

  async function stepOf(
    tx: Writer,
    { rules, random }: BillingReconcilerOptions,
    id: string,
  ): Promise<Outcome | undefined> {
    const order = await tx.findById('order', id)
    if (!order) return { done: true }
    const cluster = await tx.findById('cluster', order.document.cluster)
    const ruling = cluster && rules.get(cluster.document.product)
    if (!cluster || !ruling) return { done: true }
    const nowMs = clock.now()
    const books = {
      order: order.document,
      cluster: cluster.document,
      rules: ruling,
      funds: await fundsOf(tx, order.document.account),
    }
    const step = planBilling(books, nowMs)
    if (step.do === 'nothing') return { done: true }
    if (step.do === 'wait') return { done: false, againAtMs: step.untilMs }
    await execute(tx, { step, books, order, cluster, nowMs, random })
    return undefined
  }
}

interface BillingContext {
  readonly step: Exclude<BillingStep, { do: 'nothing' | 'wait' }>
  readonly books: Books
  readonly order: Stored<'order'>
  readonly cluster: Stored<'cluster'>
  readonly nowMs: number
  readonly random: Random
}

async function execute(tx: Writer, it: BillingContext): Promise<void> {
  const { step, cluster, nowMs } = it
  const was = cluster.document
  const charged = (more: Partial<Cluster['charge']>) => ({ ...was.charge, ...more })
  switch (step.do) {
    case 'cancel':
      return cancel(tx, it, step.reason)
    case 'meter':
      return meter(tx, it, step)
    case 'renew':
      return renew(tx, it)
    case 'note-arrears': {
      const { overdueMs: _, ...charge } = was.charge
      const { sinceMs } = step
      const next = sinceMs === undefined ? charge : { ...charge, overdueMs: sinceMs }
      return tx.save('cluster', cluster, { ...was, charge: next })
    }
    case 'keep':
      return tx.save('cluster', cluster, { ...was, charge: charged({ stop: step.stop }) })
    case 'stop': {
      await stopUsage(tx, it)
      const event = it.books.rules.stops
      const reason = step.stop.why === 'expired' ? 'the subscription has ended' : 'in arrears'
      const stopped = advance(was, event, { nowMs, reason })
      await tx.save('cluster', cluster, { ...stopped, charge: charged({ stop: step.stop }) })
      await record(tx, it, { verb: 'isolate' })
      return tx.enqueue('cluster', was.id, nowMs)
    }
    case 'resume': {
      await reopenUsage(tx, it.order, nowMs)
      await tx.save('cluster', cluster, resumed(was, nowMs))
      return recordAndEnqueue(tx, it, { verb: 'restore', steps: ['start', 'verify'] })
    }
    case 'release': {
      const gone = advance(was, 'release', { nowMs, reason: step.reason })
      await tx.save('cluster', cluster, gone)
      return recordAndEnqueue(tx, it, { verb: 'delete', steps: ['stop', 'remove'] })
    }
  }
}

/** The order, its cluster with it, and the operation that was waiting for the payment. */
async function cancel(tx: Writer, it: BillingContext, reason: string): Promise<void> {
  const { order, cluster, nowMs } = it
  await tx.save('order', order, settleOrder(order.document, 'cancel', nowMs))
  if (cluster.document.status.state !== 'unpaid') return
  await finishOperations(tx, cluster.document, { status: 'failed', nowMs, detail: reason })
  await tx.save('cluster', cluster, advance(cluster.document, 'release', { nowMs, reason }))
  await recordAndEnqueue(tx, it, { verb: 'delete', steps: ['stop', 'remove'] })
}

async function meter(
  tx: Writer,
  { order, cluster }: BillingContext,
  { untilMs, runs }: { readonly untilMs: number; readonly runs: boolean },
): Promise<void> {
  const sinceMs = cluster.document.status.startedMs ?? untilMs
  const used = use(order.document, { sinceMs, untilMs, runs })
  await tx.post(consumption(order.document, { ...used, untilMs }))
  await tx.save('order', order, used.order)
}

/** A subscription has none. */
async function stopUsage(tx: Writer, { order }: BillingContext): Promise<void> {
  const { usage } = order.document
  if (usage) await tx.save('order', order, { ...order.document, usage: { ...usage, runs: false } })
}

async function renew(tx: Writer, it: BillingContext): Promise<void> {
  const { order, cluster, books, nowMs, random } = it
  const { rules } = books
  const id = rules.drawOrderId(random, nowMs)
  const pair = { order: order.document, cluster: cluster.document }
  const next = renewed(pair, { id, nowMs, rules })
  await tx.insert('order', next.order, nowMs)
  await tx.post(purchase(next.order, nowMs))
  await tx.save('cluster', cluster, next.cluster)
  await tx.enqueue('order', id, next.cluster.charge.expiresMs ?? nowMs)
  const steps = isStopped(cluster.document) ? { steps: ['start', 'verify'] } : {}
  return recordAndEnqueue(tx, it, { verb: 'renew', ...steps })
}

interface HistoryRecord {
  readonly verb: Verb
  readonly steps?: readonly string[]
}

/** Records it, and asks for what the cluster needs now. */
async function recordAndEnqueue(
  tx: Writer,
  it: BillingContext,
  entry: HistoryRecord,
): Promise<void> {
  await record(tx, it, entry)
  if (entry.steps) await tx.enqueue('cluster', it.cluster.document.id, it.nowMs)
}

async function record(
  tx: Writer,
  { cluster, nowMs, random }: BillingContext,
  { verb, steps }: HistoryRecord,
): Promise<void> {
  const { id: subject, account, region } = cluster.document
  const who = { account, principal: 'system/billing', requestId: '', action: `billing:${verb}` }
  await addToHistory(tx, { ...who, region, subject, verb, steps }, { nowMs, random })
}
