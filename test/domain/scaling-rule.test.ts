import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ends,
  nextEventMs,
  nodesByRule,
  upTo,
  wantedNodes,
  type ScalingRule,
} from '../../src/domain/scaling-rule.ts'
import type { Recurrence } from '../../src/domain/recurrence.ts'
import { sampleGroup } from '../support/fixture/sample.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const startMs = Date.UTC(2026, 2, 1)

const daily = (hour: number, more: Partial<Recurrence> = {}): Recurrence => ({
  every: 'day',
  interval: 1,
  days: [],
  from: { year: 2026, month: 3, day: 1 },
  time: { hour, minute: 0, second: 0 },
  offsetMs: 0,
  ...more,
})

const rule = (members: Partial<ScalingRule> = {}): ScalingRule => ({
  id: 'r-1',
  account: 'a',
  cluster: 'c-1',
  group: 'g-1',
  name: 'r',
  nodes: 3,
  out: daily(8),
  in: daily(20),
  createdMs: startMs,
  seenMs: startMs,
  on: false,
  tried: true,
  ...members,
})

test('nodes are wanted from one time of the day to the other, day after day', () => {
  const wantedAt = (hour: number) => wantedNodes(upTo(rule(), startMs + hour * HOUR_MS))
  assert.deepEqual([0, 7.9, 8, 19.9, 20, 31.9, 32, 44].map(wantedAt), [0, 0, 3, 3, 0, 0, 3, 0])
})

test('what has passed is behind it once, however long nobody looked', () => {
  const far = startMs + 3650 * DAY_MS + 9 * HOUR_MS
  const it = upTo(rule(), far)
  assert.deepEqual([it.on, it.tried, it.seenMs], [true, false, far - HOUR_MS])
  assert.equal(upTo(it, far), it)
  assert.equal(nextEventMs(it), far + 11 * HOUR_MS)
  // A step at a time leads to the same.
  const steps = [1, 9, 19, 21, 30, 33].reduce(
    (now, hour) => upTo(now, startMs + hour * HOUR_MS),
    rule(),
  )
  assert.deepEqual(steps, upTo(rule(), startMs + 33 * HOUR_MS))
})

test('both times at once are an end, and one that never comes is none', () => {
  const same = upTo(rule({ in: daily(8), on: true }), startMs + 9 * HOUR_MS)
  assert.equal(same.on, false)
  const once = rule({ out: daily(8, { every: 'once' }), in: daily(9, { every: 'once' }) })
  const after = upTo(once, startMs + 10 * HOUR_MS)
  assert.deepEqual([after.on, nextEventMs(after)], [false, undefined])
})

test('a rule whose nodes would never go says so', () => {
  assert.ok(ends(rule(), startMs))
  assert.ok(!ends({ out: daily(8), in: daily(7, { every: 'once' }) }, startMs))
  assert.ok(ends({ out: daily(8, { every: 'once' }), in: daily(9) }, startMs))
})

test('one that was removed wants no nodes, and its nodes are found by it', () => {
  assert.equal(wantedNodes(rule({ on: true, removed: true })), 0)
  const group = sampleGroup('g-1', 3)
  const mixed = {
    ...group,
    nodes: group.nodes.map((node, at) => (at === 0 ? node : { ...node, elastic: `r-${at}` })),
  }
  assert.deepEqual(
    nodesByRule(mixed, rule()).nodes.map(({ id }) => id),
    [group.nodes[1]?.id],
  )
})
