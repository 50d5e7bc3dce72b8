/**
 * The ledger: every movement of an account's money, in the order in which it happened. Entries are only ever added. The sum of
 * an account's entries is its balance: payments and refunds, less what it consumed at list prices less discounts.
 *
 * Amounts are signed, in whole ten-thousandths of the currency; an account is kept in the one currency of its cloud's prices.
 */
import { listPrice, type Order } from './order.ts'

/** `payment` is money paid in; `charge` what something costs at its list price; `discount` and `refund` are credited. */
export const entryKinds = ['payment', 'charge', 'discount', 'refund'] as const
export type EntryKind = (typeof entryKinds)[number]

export interface Entry {
  /** Says what the movement is for; a second entry of the same key is refused. */
  readonly key: string
  readonly atMs: number
  readonly account: string
  readonly kind: EntryKind
  readonly amount: number
  readonly currency: string
  /** Empty where no order, or no cluster, is concerned. */
  readonly order: string
  readonly cluster: string
  /** For people. */
  readonly text: string
}

/** What an account may owe: null is without bound. An account without a wallet is one without bound. */
export interface Wallet {
  /** The account. */
  readonly id: string
  readonly account: string
  readonly credit: number | null
}

export interface Funds {
  readonly balance: number
  readonly credit: number | null
}

/** How much more can be spent; negative in arrears, undefined where there is no bound. */
export function available({ balance, credit }: Funds): number | undefined {
  return credit === null ? undefined : balance + credit
}

export function covers(funds: Funds, amount: number): boolean {
  const left = available(funds)
  return left === undefined || left >= amount
}

export function isInArrears(funds: Funds): boolean {
  return (available(funds) ?? 0) < 0
}

export function purchase(order: Order, atMs: number): readonly Entry[] {
  const text = `order ${order.id} (${order.kind})`
  return movements(order, {
    key: `order/${order.id}`,
    atMs,
    text,
    charge: listPrice(order),
    discount: order.discount,
  })
}

export function consumption(
  order: Order,
  used: { readonly untilMs: number; readonly charge: number; readonly discount: number },
): readonly Entry[] {
  const { untilMs, charge, discount } = used
  const text = `use until ${new Date(untilMs).toISOString()}`
  return movements(order, {
    key: `use/${order.id}/${untilMs}`,
    atMs: untilMs,
    text,
    charge,
    discount,
  })
}

export function refundEntries(order: Order, atMs: number, amount: number): readonly Entry[] {
  if (amount === 0) return []
  const text = `refund of order ${order.id}`
  return [{ ...concerning(order), key: `refund/${order.id}`, atMs, text, kind: 'refund', amount }]
}

interface Movements {
  readonly key: string
  readonly atMs: number
  readonly text: string
  readonly charge: number
  readonly discount: number
}

/** Nothing moved is no entry. */
function movements(order: Order, it: Movements): readonly Entry[] {
  const { key, atMs, text } = it
  const entry = (kind: 'charge' | 'discount', amount: number): readonly Entry[] =>
    amount === 0 ? [] : [{ ...concerning(order), key: `${key}/${kind}`, atMs, text, kind, amount }]
  return [...entry('charge', -it.charge), ...entry('discount', it.discount)]
}

function concerning({ account, currency, id, cluster }: Order) {
  return { account, currency, order: id, cluster }
}
