import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renewed, unused } from '../../src/domain/billing.ts'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import { sampleOrder, sampleRules } from '../support/fixture/order.ts'
import { sampleCluster, type SampleMembers } from '../support/fixture/sample.ts'

const DAY_MS = 24 * 3_600_000
const END_MS = 30 * DAY_MS
const order = sampleOrder({ months: 1, discount: 400, period: { fromMs: 0, untilMs: END_MS } })

function bought(members: SampleMembers): Cluster {
  const charge = { mode: 'prepaid', autoRenew: true, months: 1, order: order.id } as const
  const term = { beginsMs: 0, monthsBought: 1, expiresMs: END_MS }
  return sampleCluster({ ...members, charge: { ...charge, ...term, ...members.charge } })
}

const renew = (cluster: Cluster, nowMs: number) =>
  renewed({ order, cluster }, { id: 'o-2', nowMs, rules: sampleRules })

test('a running subscription continues where it ends, early or late, at the list price', () => {
  for (const nowMs of [DAY_MS, END_MS, END_MS + DAY_MS]) {
    const next = renew(bought({ status: { state: 'running' } }), nowMs)
    assert.deepEqual(next.order.period, { fromMs: END_MS, untilMs: 2 * END_MS })
    assert.deepEqual([next.order.kind, next.order.discount], ['renew', 0])
    const { charge, status } = next.cluster
    assert.deepEqual([status.state, charge.order, charge.monthsBought], ['running', 'o-2', 2])
  }
})

test('one that ended starts over and comes back', () => {
  const nowMs = END_MS + 3 * DAY_MS
  const ended = bought({ status: { state: 'suspended' } })
  const stop = { why: 'expired', releaseMs: END_MS + 9 * DAY_MS } as const
  const next = renew({ ...ended, charge: { ...ended.charge, stop } }, nowMs)
  assert.deepEqual(next.order.period, { fromMs: nowMs, untilMs: nowMs + 30 * DAY_MS })
  const { charge, status } = next.cluster
  assert.deepEqual([status.state, charge.stop, charge.beginsMs], ['resuming', undefined, nowMs])
})

test('one that its owner isolated before its end loses nothing that was paid for', () => {
  const next = renew(bought({ status: { state: 'isolated' } }), 5 * DAY_MS)
  assert.equal(next.cluster.status.state, 'resuming')
  assert.deepEqual(next.order.period, { fromMs: END_MS, untilMs: 2 * END_MS })
})

test('what is left of a term is its share of what was paid, rounded down', () => {
  assert.equal(unused(order, 0), 600)
  assert.equal(unused(order, 10 * DAY_MS + 1), 399)
  assert.equal(unused({ ...order, period: { fromMs: END_MS, untilMs: 2 * END_MS } }, 0), 600)
  for (const over of [
    unused(order, END_MS),
    unused({ ...order, state: 'refunded' }, 0),
    unused({ ...order, kind: 'refund' }, 0),
  ])
    assert.equal(over, undefined)
})
