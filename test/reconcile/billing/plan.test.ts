import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Charge } from '../../../src/domain/cluster/cluster.ts'
import { clusterLifecycle } from '../../../src/domain/cluster/lifecycle.ts'
import type { Order } from '../../../src/domain/order.ts'
import { planBilling, type Books } from '../../../src/reconcile/billing/plan.ts'
import { sampleOrder, sampleRules } from '../../support/fixture/order.ts'
import { sampleCluster, type SampleMembers } from '../../support/fixture/sample.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const END_MS = 30 * DAY_MS
const unbounded = { balance: 0, credit: null }

function subscribed(
  members: SampleMembers = {},
  charge: Partial<Charge> = {},
  more: Partial<Books> = {},
): Books {
  const order = sampleOrder({ months: 1, period: { fromMs: 0, untilMs: END_MS } })
  const bought = { mode: 'prepaid', autoRenew: false, order: order.id, expiresMs: END_MS } as const
  const cluster = sampleCluster({
    ...members,
    status: { state: 'running', ...members.status },
    charge: { ...bought, ...charge },
  })
  return { order, cluster, funds: unbounded, rules: sampleRules, ...more }
}

function metered(
  members: SampleMembers = {},
  order: Partial<Order> = {},
  more: Partial<Books> = {},
): Books {
  const charge = { mode: 'postpaid', autoRenew: false, order: 'o-1', ...members.charge } as const
  const status = { state: 'running', startedMs: HOUR_MS / 2, ...members.status } as const
  const cluster = sampleCluster({ ...members, status, charge })
  return { order: sampleOrder(order), cluster, funds: unbounded, rules: sampleRules, ...more }
}

test('an unpaid order waits until its deadline, and is cancelled then or with its cluster', () => {
  const order = sampleOrder({ state: 'unpaid', deadlineMs: 100 })
  const books = subscribed({ status: { state: 'unpaid' } }, {}, { order })
  assert.deepEqual(planBilling(books, 99), { do: 'wait', untilMs: 100 })
  assert.equal(planBilling(books, 100).do, 'cancel')
  assert.equal(
    planBilling(subscribed({ status: { state: 'deleting' } }, {}, { order }), 5).do,
    'cancel',
  )
  assert.equal(planBilling({ ...books, cluster: undefined }, 5).do, 'cancel')
})

test('a subscription rests until its end; then it is renewed, or stopped and kept from its end on', () => {
  assert.deepEqual(planBilling(subscribed(), END_MS - 1), { do: 'wait', untilMs: END_MS })
  const releaseMs = END_MS + sampleRules.keptMs.expired
  const stop = { why: 'expired', releaseMs }
  assert.deepEqual(planBilling(subscribed(), END_MS + DAY_MS), { do: 'stop', stop })
  const renewing = subscribed({}, { autoRenew: true })
  assert.equal(planBilling(renewing, END_MS).do, 'renew')
  const poor = { ...renewing, funds: { balance: 999, credit: 0 } }
  assert.equal(planBilling(poor, END_MS).do, 'stop')
  assert.equal(planBilling({ ...poor, funds: { balance: 999, credit: 1 } }, END_MS).do, 'renew')
})

test('one that was stopped is released when its time is over, unless it can be renewed', () => {
  const stop = { why: 'expired', releaseMs: END_MS + DAY_MS } as const
  const books = subscribed({ status: { state: 'suspended' } }, { stop })
  assert.deepEqual(planBilling(books, END_MS), { do: 'wait', untilMs: stop.releaseMs })
  assert.equal(planBilling(books, stop.releaseMs).do, 'release')
  const renewing = subscribed({ status: { state: 'suspended' } }, { stop, autoRenew: true })
  assert.equal(planBilling(renewing, END_MS + 1).do, 'renew')
})

test('what its owner isolated is kept for a while and never renewed by itself', () => {
  const away = subscribed({ status: { state: 'isolated', stateSinceMs: 7 } }, { autoRenew: true })
  const stop = { why: 'owner-isolated', releaseMs: 7 + sampleRules.keptMs.expired } as const
  assert.deepEqual(planBilling(away, 8), { do: 'keep', stop })
  const kept = subscribed({ status: { state: 'isolated' } }, { autoRenew: true, stop })
  assert.deepEqual(planBilling(kept, 8), { do: 'wait', untilMs: stop.releaseMs })
})

test('one in transition is stopped as soon as it runs', () => {
  for (const state of ['creating', 'changing', 'resuming'] as const) {
    const books = subscribed({ status: { state } })
    assert.deepEqual(planBilling(books, END_MS), { do: 'wait', untilMs: END_MS + 60_000 })
  }
})

test('an order that a later one followed, or that was refunded, has nothing more to do', () => {
  assert.equal(planBilling(subscribed({}, { order: 'o-2' }), END_MS).do, 'nothing')
  for (const state of ['cancelled', 'refunded'] as const)
    assert.equal(
      planBilling(subscribed({}, {}, { order: sampleOrder({ state }) }), END_MS).do,
      'nothing',
    )
})

test('with unbounded credit nobody looks until something happens; then whole hours are charged', () => {
  const used = { untilMs: 2 * HOUR_MS, usedMs: 1, charged: 0, discounted: 0, runs: true }
  assert.equal(planBilling(metered({}, { usage: used }), 2.5 * HOUR_MS).do, 'nothing')
  const step = planBilling(metered(), 2.5 * HOUR_MS)
  assert.deepEqual(step, { do: 'meter', untilMs: 2 * HOUR_MS, runs: true })
})

test('with a bound, hours are charged one by one as far as the money lasts', () => {
  const funds = { balance: 2_500, credit: 0 }
  const step = planBilling(metered({}, {}, { funds }), 50 * HOUR_MS)
  // 2.5 hours from half past: it is used up at three, and the hour that begins then is charged.
  assert.deepEqual(step, { do: 'meter', untilMs: 4 * HOUR_MS, runs: true })
  const usage = { untilMs: HOUR_MS, usedMs: HOUR_MS / 2, charged: 500, discounted: 0, runs: true }
  const rested = planBilling(metered({}, { usage }, { funds }), 1.5 * HOUR_MS)
  assert.deepEqual(rested, { do: 'wait', untilMs: 2 * HOUR_MS })
})

test('in arrears it is charged through its grace, stopped at the end of it, and charged no more', () => {
  const funds = { balance: -1, credit: 0 }
  const usage = { untilMs: HOUR_MS, usedMs: HOUR_MS / 2, charged: 500, discounted: 0, runs: true }
  const noted = planBilling(metered({}, { usage }, { funds }), 9 * HOUR_MS)
  assert.deepEqual(noted, { do: 'note-arrears', sinceMs: HOUR_MS })
  const overdue = metered(
    { charge: { mode: 'postpaid', autoRenew: false, overdueMs: HOUR_MS } },
    { usage },
    { funds },
  )
  const stopMs = HOUR_MS + sampleRules.graceMs
  assert.deepEqual(planBilling(overdue, 9 * HOUR_MS), { do: 'meter', untilMs: stopMs, runs: true })
  const charged = { ...overdue, order: { ...overdue.order, usage: { ...usage, untilMs: stopMs } } }
  const stop = { why: 'overdue', releaseMs: stopMs + sampleRules.keptMs.overdue }
  assert.deepEqual(planBilling(charged, 9 * HOUR_MS), { do: 'stop', stop })
  const rich = { ...overdue, funds: { balance: 5, credit: 0 } }
  assert.deepEqual(planBilling(rich, 9 * HOUR_MS), { do: 'note-arrears', sinceMs: undefined })
})

test('a stopped one is resumed when there is money again', () => {
  const stop = { why: 'overdue', releaseMs: 9 * DAY_MS } as const
  const charge = { mode: 'postpaid', autoRenew: false, stop } as const
  const usage = { untilMs: 5, usedMs: 5, charged: 5, discounted: 0, runs: false }
  const books = metered({ status: { state: 'suspended' }, charge }, { usage })
  assert.equal(planBilling({ ...books, funds: { balance: -1, credit: 0 } }, 6).do, 'wait')
  assert.equal(planBilling({ ...books, funds: { balance: 0, credit: 0 } }, 6).do, 'resume')
})

test('what was released is charged up to then, once', () => {
  const gone = { status: { state: 'deleted', releasedMs: 5 * HOUR_MS + 7 } } as const
  const last = planBilling(metered(gone), 90 * HOUR_MS)
  assert.deepEqual(last, { do: 'meter', untilMs: 5 * HOUR_MS + 7, runs: false })
  const usage = { untilMs: 9, usedMs: 9, charged: 9, discounted: 0, runs: false }
  assert.equal(planBilling(metered(gone, { usage }), 90 * HOUR_MS).do, 'nothing')
})

test('every step that changes a cluster is legal in the state it is planned for', () => {
  const events = { stop: 'suspend', resume: 'resume', release: 'release' } as const
  let planned = 0
  for (const state of clusterLifecycle.states) {
    const stops = [
      undefined,
      { why: 'expired', releaseMs: 5 },
      { why: 'overdue', releaseMs: 5 },
    ] as const
    for (const stop of stops)
      for (const funds of [unbounded, { balance: -1, credit: 0 }]) {
        const more = { ...(stop && { stop }), overdueMs: 0 }
        for (const books of [
          subscribed({ status: { state } }, more, { funds }),
          metered({ status: { state } }, {}, { funds }),
        ]) {
          const step = planBilling(books, END_MS + 90 * DAY_MS)
          if (!(step.do in events)) continue
          planned++
          const event = events[step.do as keyof typeof events]
          const suspended = state === 'isolated' && event === 'resume' ? 'restore' : event
          assert.ok(clusterLifecycle.next(state, suspended), `${state} ${step.do}`)
        }
      }
  }
  assert.ok(planned > 3)
})
