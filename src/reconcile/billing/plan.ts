/**
 * What is due for a cluster and the order that it runs on. Pure: the documents, the account's funds and the time decide the next
 * step. Each step is of its own due time, however late it is found: a subscription that ended while nobody looked is kept from its
 * end on, and what was used is charged hour by hour until the money would have run out.
 */
import { isStopped, type BillingRules } from '../../domain/billing.ts'
import type { Charge, Cluster } from '../../domain/cluster/cluster.ts'
import { stateTraits } from '../../domain/cluster/lifecycle.ts'
import { available, covers, isInArrears, type Funds } from '../../domain/ledger.ts'
import { listPrice, renewalPrice, type Order } from '../../domain/order.ts'

export interface Books {
  readonly order: Order
  /** Undefined once its document is gone. */
  readonly cluster: Cluster | undefined
  readonly funds: Funds
  readonly rules: BillingRules
}

export type BillingStep =
  /** The order was not paid in time, or its cluster was given up before. */
  | { readonly do: 'cancel'; readonly reason: string }
  /** Charges what was used up to then; `runs` says whether anything follows. */
  | { readonly do: 'meter'; readonly untilMs: number; readonly runs: boolean }
  | { readonly do: 'note-arrears'; readonly sinceMs: number | undefined }
  | { readonly do: 'renew' }
  | { readonly do: 'stop'; readonly stop: NonNullable<Charge['stop']> }
  /** It was isolated by its owner: from now on its release is known. */
  | { readonly do: 'keep'; readonly stop: NonNullable<Charge['stop']> }
  | { readonly do: 'resume' }
  | { readonly do: 'release'; readonly reason: string }
  | { readonly do: 'wait'; readonly untilMs: number }
  | { readonly do: 'nothing' }

const HOUR_MS = 3_600_000
/** How often a cluster that is in transition is looked at when it should be stopped. */
const RETRY_MS = 60_000

export function planBilling(books: Books, nowMs: number): BillingStep {
  const { order, cluster } = books
  if (order.state === 'unpaid') return planUnpaid(books, nowMs)
  if (order.state !== 'paid' || !cluster || cluster.charge.order !== order.id) return nothing
  if (cluster.charge.mode === 'prepaid') return planSubscription({ ...books, cluster }, nowMs)
  return planUse({ ...books, cluster }, nowMs)
}

const nothing: BillingStep = { do: 'nothing' }

type Present = Books & { readonly cluster: Cluster }

function planUnpaid({ order, cluster }: Books, nowMs: number): BillingStep {
  if (cluster?.status.state !== 'unpaid')
    return { do: 'cancel', reason: 'its cluster was given up' }
  const dueMs = order.deadlineMs ?? Infinity
  if (nowMs >= dueMs) return { do: 'cancel', reason: 'the order was not paid in time' }
  return wait(dueMs)
}

function planSubscription(it: Present, nowMs: number): BillingStep {
  const { cluster, rules } = it
  if (isStopped(cluster)) return planStopped(it, nowMs)
  if (!stateTraits[cluster.status.state].billed) return nothing
  const endMs = cluster.charge.expiresMs ?? Infinity
  if (nowMs < endMs) return wait(endMs)
  if (!stateTraits[cluster.status.state].stoppable) return wait(nowMs + RETRY_MS)
  if (isRenewable(it)) return { do: 'renew' }
  const stop = { why: 'expired', releaseMs: endMs + rules.keptMs.expired } as const
  return { do: 'stop', stop }
}

function planStopped(it: Present, nowMs: number): BillingStep {
  const { cluster, funds, rules } = it
  const { stop } = cluster.charge
  if (!stop) {
    const releaseMs = cluster.status.stateSinceMs + rules.keptMs.expired
    return { do: 'keep', stop: { why: 'owner-isolated', releaseMs } }
  }
  if (stop.why === 'expired' && isRenewable(it)) return { do: 'renew' }
  if (stop.why === 'overdue' && !isInArrears(funds)) return { do: 'resume' }
  if (nowMs >= stop.releaseMs) return { do: 'release', reason: reasons[stop.why] }
  return wait(stop.releaseMs)
}

const reasons: { readonly [why in NonNullable<Charge['stop']>['why']]: string } = {
  expired: 'the subscription ended and was not renewed',
  overdue: 'the account was in arrears for too long',
  'owner-isolated': 'it was isolated and not restored',
}

/** A renewal costs the list price: what was off the first order was for that one. */
function isRenewable({ cluster, order, funds }: Present): boolean {
  return cluster.charge.autoRenew && covers(funds, renewalPrice(order))
}

function planUse(it: Present, nowMs: number): BillingStep {
  const { cluster } = it
  const fromMs = meteredFrom(it)
  if (isStopped(cluster)) {
    if (fromMs !== undefined)
      return { do: 'meter', untilMs: cluster.status.stateSinceMs, runs: false }
    return planStopped(it, nowMs)
  }
  if (!stateTraits[cluster.status.state].billed) {
    const endMs = cluster.status.releasedMs ?? cluster.status.stateSinceMs
    return fromMs === undefined ? nothing : { do: 'meter', untilMs: endMs, runs: false }
  }
  if (fromMs === undefined) return nextHour(it, nowMs)
  return isInArrears(it.funds) ? planArrears(it, fromMs, nowMs) : planHours(it, fromMs, nowMs)
}

/** Whole hours, as many as the money lasts; with unbounded credit nobody has to look again. */
function planHours(it: Present, fromMs: number, nowMs: number): BillingStep {
  const { cluster, order, funds } = it
  if (cluster.charge.overdueMs !== undefined) return { do: 'note-arrears', sinceMs: undefined }
  const anHour = listPrice(order) - order.discount
  const left = available(funds)
  const lastsMs = left === undefined || anHour <= 0 ? Infinity : (left / anHour) * HOUR_MS
  const untilMs = Math.min(
    floorHour(nowMs),
    Math.max(hourAfter(fromMs), hourAfter(fromMs + lastsMs)),
  )
  return untilMs > fromMs ? { do: 'meter', untilMs, runs: true } : nextHour(it, nowMs)
}

function planArrears(it: Present, fromMs: number, nowMs: number): BillingStep {
  const { cluster, rules } = it
  const { overdueMs } = cluster.charge
  if (overdueMs === undefined) return { do: 'note-arrears', sinceMs: fromMs }
  const stopMs = overdueMs + rules.graceMs
  const untilMs = Math.min(nowMs >= stopMs ? nowMs : floorHour(nowMs), stopMs)
  if (untilMs > fromMs) return { do: 'meter', untilMs, runs: true }
  if (nowMs < stopMs) return wait(Math.min(hourAfter(nowMs), stopMs))
  if (!stateTraits[cluster.status.state].stoppable) return wait(nowMs + RETRY_MS)
  return { do: 'stop', stop: { why: 'overdue', releaseMs: stopMs + rules.keptMs.overdue } }
}

/** From when on nothing was charged yet; undefined while nothing is to be charged. */
function meteredFrom({ order, cluster }: Present): number | undefined {
  if (order.usage) return order.usage.runs ? order.usage.untilMs : undefined
  return cluster.status.startedMs
}

function nextHour({ funds }: Present, nowMs: number): BillingStep {
  return available(funds) === undefined ? nothing : wait(hourAfter(nowMs))
}

function floorHour(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS
}

function hourAfter(ms: number): number {
  return floorHour(ms) + HOUR_MS
}

function wait(untilMs: number): BillingStep {
  return untilMs === Infinity ? nothing : { do: 'wait', untilMs }
}
