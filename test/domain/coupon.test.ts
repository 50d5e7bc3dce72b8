import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { applyCoupon, checkCoupon, type Coupon, type Reduction } from '../../src/domain/coupon.ts'
import { Fault } from '../../src/domain/fault.ts'
import { listPrice, total } from '../../src/domain/order.ts'
import { sampleOrder } from '../support/fixture/order.ts'

function coupon(members: Partial<Coupon> = {}): Coupon {
  const off: Reduction = { percent: 10 }
  return {
    id: 'k',
    account: '',
    off,
    validUntilMs: null,
    uses: null,
    used: 0,
    createdMs: 0,
    ...members,
  }
}

const at = { account: 'a', nowMs: 100 }

test('a coupon without bounds may be used by anybody, at any time, as often as they like', () => {
  checkCoupon(coupon({ used: 1_000_000 }), { account: 'z', nowMs: 9e15 })
})

test("somebody else's coupon is not there", () => {
  assert.throws(
    () => checkCoupon(coupon({ account: 'b' }), at),
    (it) => it instanceof Fault && it.code === 'ResourceMissing',
  )
  checkCoupon(coupon({ account: 'a' }), at)
})

test('a coupon ends with its time and with its last use', () => {
  checkCoupon(coupon({ validUntilMs: 101, uses: 2, used: 1 }), at)
  for (const [over, why] of [
    [coupon({ validUntilMs: 100 }), /expired at 1970/],
    [coupon({ uses: 1, used: 1 }), /was used already/],
    [coupon({ uses: 3, used: 3 }), /was used 3 times/],
  ] as const)
    assert.throws(
      () => checkCoupon(over, at),
      (it) =>
        it instanceof Fault &&
        it.code === 'ResourceUnfit' &&
        why.test((it as Fault<'ResourceUnfit'>).facts.problem),
    )
})

test('nothing ever costs less than nothing, and never more than without the coupon', () => {
  const reduction: fc.Arbitrary<Reduction> = fc.oneof(
    fc.record({ percent: fc.integer({ min: 1, max: 100 }) }),
    fc.record({ amount: fc.integer({ min: 0, max: 5_000_000 }) }),
  )
  const amount = fc.integer({ min: 0, max: 2_000_000 })
  fc.assert(
    fc.property(reduction, amount, amount, (off, price, before) => {
      const discount = Math.min(before, price)
      const order = sampleOrder({ items: [{ name: 'it', amount: price }], discount, months: 1 })
      const reduced = applyCoupon(order, { id: 'k', off })
      assert.equal(reduced.coupon, 'k')
      assert.equal(listPrice(reduced), price)
      assert.ok(total(reduced) >= 0 && total(reduced) <= total(order))
    }),
  )
})

test('of pay as you go a share comes off the hour, an amount off what is used in all', () => {
  const order = sampleOrder({ items: [{ name: 'an hour', amount: 999 }] })
  const share = applyCoupon(order, { id: 'k', off: { percent: 50 } })
  assert.deepEqual([share.discount, share.allowance], [499, undefined])
  const fixed = applyCoupon(order, { id: 'k', off: { amount: 5_000 } })
  assert.deepEqual([fixed.discount, fixed.allowance], [0, 5_000])
})

test('of the rest of a term, an amount comes off at once', () => {
  const period = { fromMs: 0, untilMs: 1 }
  const order = sampleOrder({ items: [{ name: 'more', amount: 999 }], period })
  const reduced = applyCoupon(order, { id: 'k', off: { amount: 500 } })
  assert.deepEqual([total(reduced), reduced.allowance], [499, undefined])
})
