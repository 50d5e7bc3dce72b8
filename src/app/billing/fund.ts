/**
 * What accounts have and owe. An account is without a bound until it is given one; then its clusters are charged hour by hour,
 * stopped when the money is used up, and resumed when there is some again: `wallet` marks ask the reconciler to look at all of them.
 * Throws BillingProblem.
 */
import { statesWhere } from '../../domain/cluster/lifecycle.ts'
import type { Funds, Wallet } from '../../domain/ledger.ts'
import { use } from '../../domain/order.ts'
import type { LedgerListing, Posted } from '../../store/ledger.ts'
import { Conflict, type Reader } from '../../store/port.ts'
import { limits } from '../../limits.ts'
import type { BillingParts } from './billing.ts'
import { missing, refused } from './problem.ts'

export interface AccountFunds extends Funds {
  readonly account: string
  /** Used by its clusters and not charged yet; less discounts. */
  readonly accrued: number
}

export interface Payment {
  readonly account: string
  readonly amount: number
  readonly currency: string
  /** Of whoever pays: the same one is not taken twice. */
  readonly reference: string
}

export interface FundsOf {
  of(account: string): Promise<AccountFunds>
  /** How much the account may owe; null is without a bound. */
  setCredit(account: string, credit: number | null): Promise<AccountFunds>
  pay(it: Payment): Promise<AccountFunds>
  /** The latest first. */
  ledger(listing: LedgerListing): Promise<readonly Posted[]>
}

export function funds(parts: BillingParts): FundsOf {
  const { store, clock } = parts
  const of = (account: string) => store.read((tx) => fundsNow(tx, account, clock.now()))
  return {
    of,
    async setCredit(account, credit) {
      await store.write(async (tx) => {
        await demandAccount(tx, account)
        const wallet: Wallet = { id: account, account, credit }
        const was = await tx.find('wallet', account, account)
        if (was) await tx.save('wallet', was, wallet)
        else await tx.insert('wallet', wallet, clock.now())
        await tx.enqueue('wallet', account, clock.now())
      })
      return of(account)
    },
    async pay({ account, amount, currency, reference }) {
      await store.write(async (tx) => {
        await demandAccount(tx, account)
        const key = `payment/${account}/${reference}`
        const about = { account, currency, order: '', cluster: '', text: `payment ${reference}` }
        const entry = { key, atMs: clock.now(), kind: 'payment', amount, ...about } as const
        await tx.post([entry]).catch((problem: unknown) => {
          if (!(problem instanceof Conflict)) throw problem
          throw refused(`the payment ${reference} was taken already`)
        })
        await tx.enqueue('wallet', account, clock.now())
      })
      return of(account)
    },
    ledger: (listing) => store.read((tx) => tx.ledger(listing)),
  }
}

async function fundsNow(tx: Reader, account: string, nowMs: number): Promise<AccountFunds> {
  await demandAccount(tx, account)
  const credit = (await tx.find('wallet', account, account))?.document.credit ?? null
  const balance = await tx.balance(account)
  const { amounts } = await accruedBy(tx, account, { nowMs, most: limits.visibilityScan })
  const accrued = [...amounts.values()].reduce((sum, each) => sum + each, 0)
  return { account, credit, balance, accrued }
}

export interface Accrued {
  /** By currency; less discounts. */
  readonly amounts: ReadonlyMap<string, number>
  /** Whether these are all clusters. */
  readonly whole: boolean
}

/** By clusters that run on pay as you go, of the newest so many. */
export async function accruedBy(
  tx: Reader,
  account: string,
  { nowMs, most }: { readonly nowMs: number; readonly most: number },
): Promise<Accrued> {
  const amounts = new Map<string, number>()
  const { rows, total } = await tx.list('cluster', {
    account,
    states: statesWhere(({ billed }) => billed),
    order: 'newest',
    limit: most,
    offset: 0,
  })
  for (const { document: cluster } of rows) {
    const { mode, order: id = '' } = cluster.charge
    if (mode !== 'postpaid' || cluster.status.startedMs === undefined) continue
    const order = await tx.findById('order', id)
    if (!order || order.document.usage?.runs === false) continue
    const stretch = { sinceMs: cluster.status.startedMs, untilMs: nowMs, runs: true }
    const { charge, discount } = use(order.document, stretch)
    const { currency } = order.document
    amounts.set(currency, (amounts.get(currency) ?? 0) + charge - discount)
  }
  return { amounts, whole: total <= most }
}

async function demandAccount(tx: Reader, account: string): Promise<void> {
  if (!(await tx.findById('account', account))) throw missing('account', account)
}
