/** The catalogue of coupons: `/_emrys/coupons`. */
import type { Billing } from '../../app/billing/billing.ts'
import type { Coupon, Reduction } from '../../domain/coupon.ts'
import { amountText } from '../../domain/money.ts'
import { listed, optionalTextIn, sliceOf, sliceQuery, textIn } from '../identity/answer.ts'
import {
  AdminProblem,
  optionalWhole,
  timeOf,
  wholeMember,
  type PageRequest,
  type Page,
} from '../page.ts'
import { amountIn, page } from './answer.ts'

export interface CouponRow {
  readonly code: string
  /** Whose it is; null is everybody's. */
  readonly account: string | null
  /** `20%` or an amount. */
  readonly off: string
  readonly validUntil: string | null
  readonly uses: number | null
  readonly used: number
}

export function couponPages({ coupons }: Billing): readonly Page[] {
  return [
    page('GET', 'coupons', {
      does: 'the catalogue of coupons',
      query: sliceQuery,
      async answer(request) {
        const slice = sliceOf(request)
        return listed(await coupons.list(slice), slice, rowOf)
      },
    }),
    page('POST', 'coupons', {
      does: 'adds a coupon: {"code":"…","percent":20} or {"code":"…","amount":"50.00"} [,"validUntil":"2030-01-01T00:00:00Z"][,"uses":1][,"account":"…"]',
      members: ['code', 'percent', 'amount', 'validUntil', 'uses', 'account'],
      async answer(request) {
        const made = await coupons.add({
          id: textIn(request, 'code'),
          account: optionalTextIn(request, 'account') ?? '',
          off: reductionIn(request),
          validUntilMs: timeIn(request, 'validUntil'),
          uses: optionalWhole(request.members, 'uses', { min: 1, max: 1_000_000_000 }) ?? null,
        })
        return rowOf(made)
      },
    }),
    page('POST', 'coupons/{name}/remove', {
      does: 'removes a coupon; orders that it was used for keep their discount',
      async answer({ name }) {
        await coupons.remove(name)
        return {}
      },
    }),
  ]
}

function reductionIn(request: PageRequest): Reduction {
  const { percent, amount } = request.members
  if ((percent === undefined) === (amount === undefined))
    throw new AdminProblem('either percent or amount is required')
  if (percent !== undefined)
    return { percent: wholeMember(request.members, 'percent', { min: 1, max: 100 }) }
  return { amount: amountIn(request, 'amount') }
}

function timeIn(request: PageRequest, name: string): number | null {
  const text = optionalTextIn(request, name)
  if (text === undefined) return null
  const ms = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(ms))
    throw new AdminProblem(`${name} must be a time such as 2030-01-01T00:00:00Z`)
  return ms
}

function rowOf({ id, account, off, validUntilMs, uses, used }: Coupon): CouponRow {
  return {
    code: id,
    account: account === '' ? null : account,
    off: 'percent' in off ? `${off.percent}%` : amountText(off.amount),
    validUntil: validUntilMs === null ? null : timeOf(validUntilMs),
    uses,
    used,
  }
}
