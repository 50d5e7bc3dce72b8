/** The catalogue of coupons. Throws BillingProblem. */
import { checkCoupon, type Coupon } from '../../domain/coupon.ts'
import type { Page } from '../../store/port.ts'
import { limits } from '../../limits.ts'
import type { Call } from '../call.ts'
import type { BillingParts } from './billing.ts'
import { missing, refused } from './problem.ts'

export interface Coupons {
  add(it: Omit<Coupon, 'used' | 'createdMs'>): Promise<Coupon>
  list(slice: { readonly limit: number; readonly behindSeq?: number }): Promise<Page<'coupon'>>
  remove(code: string): Promise<void>
  /** Undefined when the catalogue has no such code. Throws the fault by which its use is refused. */
  find(call: Call, code: string): Promise<Coupon | undefined>
}

const CODE = /^[\w-]{1,64}$/

export function coupons({ store, clock }: BillingParts): Coupons {
  return {
    async add(it) {
      if (!CODE.test(it.id))
        throw refused('a code is 1 to 64 letters, digits, hyphens and underscores')
      const coupon: Coupon = { ...it, used: 0, createdMs: clock.now() }
      await store.write(async (tx) => {
        if (await tx.findById('coupon', it.id)) throw refused(`there is a coupon ${it.id} already`)
        const all = { account: undefined, order: 'oldest', limit: 1, offset: 0 } as const
        if ((await tx.list('coupon', all)).total >= limits.coupons)
          throw refused(`at most ${limits.coupons} coupons are kept`)
        await tx.insert('coupon', coupon, coupon.createdMs)
      })
      return coupon
    },
    list: (slice) =>
      store.read((tx) =>
        tx.list('coupon', { ...slice, account: undefined, order: 'newest', offset: 0 }),
      ),
    async remove(code) {
      await store.write(async (tx) => {
        const found = await tx.findById('coupon', code)
        if (!found) throw missing('coupon', code)
        await tx.remove('coupon', found)
      })
    },
    async find(call, code) {
      const found = await store.read((tx) => tx.findById('coupon', code))
      if (!found) return undefined
      checkCoupon(found.document, { account: call.principal.account, nowMs: clock.now() })
      return found.document
    },
  }
}
