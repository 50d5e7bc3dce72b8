/**
 * What the owner of a cluster may do about its subscription: begin one, buy one more term, end it for pay as you go, say whether it is
 * renewed, and ask what is left of it. Each is one unit of work, and throws faults: a client of the cloud asks.
 */
import { begun, isStopped, type Term } from '../../domain/billing.ts'
import { changeVerb, requireIdle } from '../../domain/cluster/change.ts'
import type { Charge, Cluster } from '../../domain/cluster/cluster.ts'
import type { Reservation } from '../../domain/environment.ts'
import { Fault } from '../../domain/fault.ts'
import { usageFrom, type Order, type OrderItem } from '../../domain/order.ts'
import { excess, merged } from '../../domain/supply.ts'
import { closeUsage } from '../../journal/usage.ts'
import type { Stored, Writer } from '../../store/port.ts'
import type { Call } from '../call.ts'
import type { Sealer } from '../../kernel/seal.ts'
import { claimIdempotencyKey, findAnswer, type IdempotencyKey } from '../cluster/idempotency.ts'
import {
  modifyCluster,
  presentCluster,
  recordOperation,
  type Requirement,
} from '../cluster/modify.ts'
import type { Environments } from '../environment/environments.ts'
import type { BillingParts } from './billing.ts'
import { place } from './order-placement.ts'
import { refundUnused, rulesOf, unusedOf } from './order.ts'
import { placeRenewal, stepsOfReturn } from './renewal.ts'

/** A term as its vendor prices it for the cluster as it is in the transaction. */
export interface TermPurchase extends Term {
  readonly currency: string
  /** A code that takes something off; one that is in no catalogue takes nothing off. */
  readonly coupon?: string
}

/** What a cluster of pay as you go becomes. */
export interface SubscriptionPurchase extends TermPurchase {
  readonly autoRenew: boolean
  /** All that it holds of its account's supply from then on. */
  readonly reservations: readonly Reservation[]
}

/** What a subscription becomes: its price by the hour, and all that it holds of its account's supply from then on. */
export interface HourlyPurchase {
  readonly currency: string
  readonly items: readonly OrderItem[]
  readonly discount: number
  readonly reservations: readonly Reservation[]
  /** What the account must have at hand, in ten-thousandths. */
  readonly reserve: number
}

export interface SubscriptionEnd {
  readonly key: IdempotencyKey
  readonly buy: (was: Cluster) => HourlyPurchase
}

export interface Subscriptions {
  /**
   * From now on the cluster is paid for by the term; what it used until now is charged. Returns the order. Throws ClusterNotFound,
   * ClusterBusy, NotSupported for one that has a subscription, BalanceShort, and what refuses supply or coupon.
   */
  begin(call: Call, id: string, buy: (was: Cluster) => SubscriptionPurchase): Promise<Order>
  /**
   * Returns the order of the term; a stopped cluster comes back. Throws ClusterNotFound, ClusterBusy, NotSupported for one that has
   * no subscription, BalanceShort, and what refuses the coupon.
   */
  renew(call: Call, id: string, buy: (was: Cluster) => TermPurchase): Promise<Order>
  /**
   * From now on the cluster is paid for as it is used, and what is left of all that was paid ahead is paid back. Throws ClusterNotFound,
   * ClusterBusy, NotSupported for one that has no subscription, BalanceShort, IdempotencyConflict, and what refuses supply.
   */
  end(call: Call, id: string, it: SubscriptionEnd): Promise<void>
  /** Whether it is renewed at its end. Throws ClusterNotFound and what `require` does. */
  setRenewal(
    call: Call,
    id: string,
    it: { readonly autoRenew: boolean; readonly require: Requirement },
  ): Promise<void>
  /** What is left of all that was paid ahead, as it would be paid back now. Throws ClusterNotFound and what `require` does. */
  refundable(call: Call, id: string, require: (was: Cluster) => void): Promise<number>
}

export interface SubscriptionParts extends BillingParts {
  readonly sealer: Sealer
  readonly environments: Pick<Environments, 'reallocate'>
}

export function subscriptions(parts: SubscriptionParts): Subscriptions {
  const { store, clock } = parts
  return {
    begin: (call, id, buy) => store.write((tx) => begin(tx, parts, { call, id, buy })),
    renew: (call, id, buy) => store.write((tx) => renew(tx, parts, { call, id, buy })),
    end: (call, id, it) => store.write((tx) => end(tx, parts, { call, id, ...it })),
    setRenewal: (call, id, it) =>
      store.write(async (tx) => {
        const { autoRenew, require } = it
        const modify = (was: Cluster): Cluster => {
          require(was)
          return { ...was, charge: { ...was.charge, autoRenew } }
        }
        await modifyCluster(tx, parts, { call, id, verb: 'set-renewal', billed: true, modify })
      }),
    refundable: (call, id, require) =>
      store.read(async (tx) => {
        const { document } = await presentCluster(tx, call, id)
        require(document)
        return (await unusedOf(tx, document, clock.now())).back
      }),
  }
}

interface Asked<P> {
  readonly call: Call
  readonly id: string
  readonly buy: (was: Cluster) => P
}

async function begin(
  tx: Writer,
  parts: SubscriptionParts,
  { call, id, buy }: Asked<SubscriptionPurchase>,
): Promise<Order> {
  const found = await presentCluster(tx, call, id)
  const was = found.document
  requireIdle(was, 'subscribe')
  const bought = buy(was)
  if (was.charge.mode === 'prepaid')
    throw new Fault('NotSupported', { what: 'Another way of paying', detail: 'it is prepaid' })
  const nowMs = parts.clock.now()
  const current = await orderOf(tx, was)
  if (current) await closeUsage(tx, current, { startedMs: was.status.startedMs, nowMs })
  const holding = await exchange(tx, parts, { call, was, after: bought.reservations })
  const rules = rulesOf(parts, was.product)
  const { months, items, currency, coupon } = bought
  const order = await place(
    tx,
    {
      id: rules.drawOrderId(parts.random, nowMs),
      account: was.account,
      cluster: id,
      kind: 'buy',
      state: 'paid',
      currency,
      items,
      discount: 0,
      months,
      period: { fromMs: nowMs, untilMs: rules.endOf(nowMs, months) },
      createdMs: nowMs,
      paidMs: nowMs,
    },
    coupon === undefined ? {} : { coupon },
  )
  const mode: Charge = { mode: 'prepaid', autoRenew: bought.autoRenew }
  const charge = begun(mode, { fromMs: nowMs, months, order: order.id }, rules)
  await recordOperation(tx, parts, { call, id, verb: 'subscribe' })
  await tx.save('cluster', found, { ...holding, charge })
  await tx.enqueue('order', order.id, charge.expiresMs ?? nowMs)
  return order
}

async function end(
  tx: Writer,
  parts: SubscriptionParts,
  { call, id, key, buy }: SubscriptionEnd & { readonly call: Call; readonly id: string },
): Promise<void> {
  if (await findAnswer<object>(tx, parts, call, key)) return
  const found = await presentCluster(tx, call, id)
  const was = found.document
  requireIdle(was, 'unsubscribe')
  const { reservations, reserve, ...price } = buy(was)
  if (was.charge.mode !== 'prepaid')
    throw new Fault('NotSupported', { what: 'Another way of paying', detail: 'it is postpaid' })
  const nowMs = parts.clock.now()
  await refundUnused(tx, parts, { cluster: was, currency: price.currency })
  const holding = await exchange(tx, parts, { call, was, after: reservations })
  const order = await place(
    tx,
    {
      ...price,
      id: rulesOf(parts, was.product).drawOrderId(parts.random, nowMs),
      account: was.account,
      cluster: id,
      kind: 'buy',
      state: 'paid',
      usage: usageFrom(nowMs),
      createdMs: nowMs,
      paidMs: nowMs,
    },
    { reserve },
  )
  await recordOperation(tx, parts, { call, id, verb: 'unsubscribe' })
  const charge: Charge = { mode: 'postpaid', autoRenew: false, order: order.id }
  await tx.save('cluster', found, { ...holding, charge })
  await tx.enqueue('order', order.id, nowMs)
  await claimIdempotencyKey(tx, parts, call, { ...key, answer: {} })
}

/**
 * The cluster with another share of its account's supply. What it no longer needs is released first: a quota that does not tell
 * ways of paying apart must not count it twice.
 */
async function exchange(
  tx: Writer,
  { environments }: SubscriptionParts,
  it: { readonly call: Call; readonly was: Cluster; readonly after: readonly Reservation[] },
): Promise<Cluster> {
  const { call, was, after } = it
  const { account, region, reservations: held = [] } = was
  const less = excess(held, after)
  for (const each of less) await tx.release({ account, region }, each)
  const kept = { ...was, reservations: excess(held, less) }
  const wanted = { spec: was.spec, reservations: merged(after), uses: [] }
  return environments.reallocate(tx, call, { cluster: kept, ...wanted })
}

async function renew(
  tx: Writer,
  parts: SubscriptionParts,
  { call, id, buy }: Asked<TermPurchase>,
): Promise<Order> {
  const cluster = await presentCluster(tx, call, id)
  const was = cluster.document
  requireRenewable(was)
  const { coupon, months, items } = buy(was)
  const order = await orderOf(tx, was)
  if (was.charge.mode !== 'prepaid' || !order)
    throw new Fault('NotSupported', { what: 'A renewal', detail: 'there is no subscription' })
  const steps = stepsOfReturn(was)
  const renewal = await placeRenewal(tx, parts, {
    cluster,
    order,
    rules: rulesOf(parts, was.product),
    term: { months, items },
    ...(coupon === undefined ? {} : { coupon }),
  })
  await recordOperation(tx, parts, { call, id, verb: 'renew', ...(steps ? { steps } : {}) })
  return renewal
}

/** A change that is under way has been priced for the term that there is; what is not made yet has none. */
function requireRenewable(cluster: Cluster): void {
  const { id, status, change } = cluster
  const { state } = status
  if (state === 'running' || state === 'impaired' || isStopped(cluster)) return
  const about = change ? { change: changeVerb(change) } : {}
  throw new Fault('ClusterBusy', { id, state, event: 'renew', ...about })
}

function orderOf(tx: Writer, { charge }: Cluster): Promise<Stored<'order'> | undefined> {
  return tx.findById('order', charge.order ?? '')
}
