/** What accounts have: `/_emrys/funds/ACCOUNT`; and every movement: `/_emrys/ledger`. */
import type { AccountFunds } from '../../app/billing/fund.ts'
import type { Billing } from '../../app/billing/billing.ts'
import { available } from '../../domain/ledger.ts'
import { amountText } from '../../domain/money.ts'
import type { Posted } from '../../store/ledger.ts'
import { sliceOf, sliceQuery, textIn, type Listed } from '../identity/answer.ts'
import { timeOf, type Page } from '../page.ts'
import { amountIn, page } from './answer.ts'

export interface FundsRow {
  readonly account: string
  readonly balance: string
  /** How much it may owe; null is without a bound. */
  readonly credit: string | null
  readonly available: string | null
  /** Used and not charged yet. */
  readonly accrued: string
}

export interface EntryRow {
  readonly at: string
  readonly account: string
  readonly kind: Posted['kind']
  readonly amount: string
  readonly currency: string
  readonly order: string
  readonly cluster: string
  readonly text: string
}

export function fundPages({ funds }: Billing): readonly Page[] {
  return [
    page('GET', 'funds/{name}', {
      does: "an account's balance, its credit and what it has used since it was charged last",
      answer: async ({ name }) => rowOf(await funds.of(name)),
    }),
    page('PUT', 'funds/{name}', {
      does: 'bounds what an account may owe: {"credit":"0.00"}, or {"credit":"unlimited"}',
      members: ['credit'],
      async answer(request) {
        const unlimited = request.members['credit'] === 'unlimited'
        const credit = unlimited ? null : amountIn(request, 'credit')
        return rowOf(await funds.setCredit(request.name, credit))
      },
    }),
    page('POST', 'funds/{name}/pay', {
      does: 'a payment into an account: {"amount":"100.00","reference":"…"}; a reference is taken once',
      members: ['amount', 'reference'],
      async answer(request) {
        const payment = {
          account: request.name,
          amount: amountIn(request, 'amount'),
          currency: CURRENCY,
          reference: textIn(request, 'reference'),
        }
        return rowOf(await funds.pay(payment))
      },
    }),
    page('GET', 'ledger', {
      does: 'every movement of money, the latest first',
      query: ['account', 'cluster', 'order', ...sliceQuery],
      async answer(request): Promise<Omit<Listed<EntryRow>, 'total'>> {
        const { limit, behindSeq } = sliceOf(request)
        const given = ['account', 'cluster', 'order'].flatMap((name) => {
          const value = request.query.get(name)
          return value === null ? [] : [[name, value] as const]
        })
        const after = behindSeq === undefined ? {} : { behindSeq }
        const rows = await funds.ledger({ limit, ...after, ...Object.fromEntries(given) })
        const next = rows.length === limit ? (rows.at(-1)?.seq ?? null) : null
        return { rows: rows.map(entryOf), next }
      },
    }),
  ]
}

/** Both clouds' prices are in it. */
const CURRENCY = 'CNY'

function rowOf(funds: AccountFunds): FundsRow {
  const left = available(funds)
  return {
    account: funds.account,
    balance: amountText(funds.balance),
    credit: funds.credit === null ? null : amountText(funds.credit),
    available: left === undefined ? null : amountText(left),
    accrued: amountText(funds.accrued),
  }
}

function entryOf({
  atMs,
  account,
  kind,
  amount,
  currency,
  order,
  cluster,
  text,
}: Posted): EntryRow {
  const what = { account, kind, amount: amountText(amount), currency, order, cluster, text }
  return { at: timeOf(atMs), ...what }
}
