import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextOccurrence, type Recurrence } from '../../src/domain/recurrence.ts'

const SHANGHAI = 8 * 60 * 60_000
const at = (text: string) => Date.parse(`${text}+08:00`)
const rule = (members: Partial<Recurrence>): Recurrence => ({
  every: 'day',
  interval: 1,
  days: [],
  from: { year: 2026, month: 3, day: 2 },
  time: { hour: 5, minute: 50, second: 0 },
  offsetMs: SHANGHAI,
  ...members,
})
/** So many times, from one on. */
function times(it: Recurrence, after: string, count: number): readonly string[] {
  const found: string[] = []
  let next = nextOccurrence(it, at(after))
  while (next !== undefined && found.length < count) {
    found.push(new Date(next + SHANGHAI).toISOString().slice(0, 19))
    next = nextOccurrence(it, next)
  }
  return found
}

test('once is due on its date, in its zone, and never again', () => {
  const once = rule({ every: 'once' })
  assert.deepEqual(times(once, '2026-01-01T00:00:00', 5), ['2026-03-02T05:50:00'])
  assert.deepEqual(times(once, '2026-03-02T05:50:00', 5), [])
})

test('days are counted from the first date, and a moment that is now has passed', () => {
  const third = rule({ interval: 3 })
  assert.deepEqual(times(third, '2026-03-02T05:50:00', 2), [
    '2026-03-05T05:50:00',
    '2026-03-08T05:50:00',
  ])
  assert.deepEqual(times(rule({}), '2026-03-10T05:49:59', 1), ['2026-03-10T05:50:00'])
})

test('weeks begin on Monday; every second one is counted from that of the first date', () => {
  // 2026-03-02 is a Monday.
  const weekly = rule({ every: 'week', interval: 2, days: [1, 7] })
  assert.deepEqual(times(weekly, '2026-03-01T00:00:00', 4), [
    '2026-03-02T05:50:00',
    '2026-03-08T05:50:00',
    '2026-03-16T05:50:00',
    '2026-03-22T05:50:00',
  ])
  assert.deepEqual(times(rule({ every: 'week' }), '2026-03-02T06:00:00', 1), [
    '2026-03-09T05:50:00',
  ])
})

test('months that lack the day are left out', () => {
  const monthly = rule({ every: 'month', days: [31] })
  assert.deepEqual(times(monthly, '2026-03-01T00:00:00', 3), [
    '2026-03-31T05:50:00',
    '2026-05-31T05:50:00',
    '2026-07-31T05:50:00',
  ])
  const from = { year: 2026, month: 2, day: 1 }
  const never = rule({ every: 'month', interval: 12, days: [30], from })
  assert.equal(nextOccurrence(never, at('2026-01-01T00:00:00')), undefined)
})
