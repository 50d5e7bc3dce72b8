import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../../src/domain/fault.ts'
import {
  allowanceLeft,
  listPrice,
  orderLifecycle,
  settleOrder,
  shareOfDiscount,
  total,
  use,
  type OrderEvent,
} from '../../src/domain/order.ts'
import { sampleOrder } from '../support/fixture/order.ts'

const events: readonly OrderEvent[] = ['pay', 'cancel', 'refund']
const HOUR_MS = 3_600_000

test('every state and event pair of an order is legal by the table or refused with its names', () => {
  const legal = orderLifecycle.states.flatMap((state) =>
    events.flatMap((event) => {
      const order = sampleOrder({ state })
      const next = orderLifecycle.next(state, event)
      if (next) return [`${state} ${event} ${settleOrder(order, event, 5).state}`]
      assert.throws(
        () => settleOrder(order, event, 5),
        (it) => it instanceof Fault && it.code === 'OrderSettled',
      )
      return []
    }),
  )
  assert.deepEqual(legal, ['unpaid pay paid', 'unpaid cancel cancelled', 'paid refund refunded'])
})

test('an order remembers when it was paid and when it was closed', () => {
  const paid = settleOrder(sampleOrder({ state: 'unpaid' }), 'pay', 7)
  assert.equal(paid.paidMs, 7)
  assert.deepEqual([settleOrder(paid, 'refund', 9).closedMs, paid.closedMs], [9, undefined])
})

test('what is to be paid is the sum of the items less the discount', () => {
  const order = sampleOrder({
    items: [
      { name: 'a', amount: 7 },
      { name: 'b', amount: 5 },
    ],
    discount: 2,
  })
  assert.deepEqual([listPrice(order), total(order)], [12, 10])
})

test('however use is cut into stretches, it costs the same, and never less than nothing', () => {
  const stretches = fc.array(fc.integer({ min: 0, max: 40 * HOUR_MS }), {
    minLength: 1,
    maxLength: 30,
  })
  const price = fc.integer({ min: 0, max: 90_000_000 })
  fc.assert(
    fc.property(
      stretches,
      price,
      fc.integer({ min: 0, max: 100 }),
      fc.option(price),
      (cuts, anHour, off, allowance) => {
        const order = sampleOrder({
          items: [{ name: 'an hour', amount: anHour }],
          discount: Math.floor((anHour * off) / 100),
          ...(allowance === null ? {} : { allowance }),
        })
        let now = order
        let untilMs = 1_000
        let sum = 0
        for (const cut of cuts) {
          untilMs += cut
          const used = use(now, { sinceMs: 1_000, untilMs, runs: true })
          assert.ok(used.charge >= 0 && used.discount >= 0)
          sum += used.charge - used.discount
          now = used.order
        }
        const whole = use(order, { sinceMs: 1_000, untilMs, runs: true })
        assert.equal(sum, whole.charge - whole.discount)
        assert.ok(sum >= 0)
      },
    ),
  )
})

test('an hour costs its price, half an hour half of it, and an allowance is used up first', () => {
  const order = sampleOrder({ items: [{ name: 'an hour', amount: 1001 }], allowance: 1200 })
  const half = use(order, { sinceMs: 0, untilMs: HOUR_MS / 2, runs: true })
  assert.deepEqual([half.charge, half.discount], [501, 501])
  const more = use(half.order, { sinceMs: 0, untilMs: 2 * HOUR_MS, runs: true })
  assert.deepEqual([more.charge, more.discount], [1501, 699])
})

test('what pays back a part of an order takes back the discount on that part', () => {
  const items = (amount: number) => [{ name: 'it', amount }]
  const bought = sampleOrder({ items: items(1_000), discount: 250 })
  assert.equal(shareOfDiscount({ items: items(-400) }, bought), -100)
  assert.equal(shareOfDiscount({ items: items(-1_000) }, bought), -250)
  assert.equal(shareOfDiscount({ items: items(-1) }, bought), -1)
  assert.equal(shareOfDiscount({ items: items(-400) }, sampleOrder({ discount: 0 })), 0)
  assert.equal(shareOfDiscount({ items: items(-400) }, sampleOrder({ items: [] })), 0)
})

test('of an allowance is left what no use has taken; what comes off every hour takes none of it', () => {
  const hours = (order: Parameters<typeof use>[0], count: number) =>
    use(order, { sinceMs: 0, untilMs: count * HOUR_MS, runs: true }).order
  const order = sampleOrder({
    items: [{ name: 'it', amount: 1_000 }],
    discount: 100,
    allowance: 2_500,
  })
  assert.deepEqual(
    [order, hours(order, 1), hours(order, 2), hours(order, 5)].map(allowanceLeft),
    [2_500, 1_600, 700, 0],
  )
  assert.equal(allowanceLeft(hours(sampleOrder(), 3)), undefined)
})
