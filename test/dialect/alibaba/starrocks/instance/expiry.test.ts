import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  NEVER_MS,
  nextDayMs,
  subscriptionEndMs,
} from '../../../../../src/dialect/alibaba/starrocks/instance/expiry.ts'

const cases: readonly [string, number, string][] = [
  // Times in UTC; midnight in UTC+8 is 16:00 of the day before.
  ['2026-01-15T03:04:05Z', 1, '2026-02-15T16:00:00.000Z'],
  ['2026-01-15T17:00:00Z', 1, '2026-02-16T16:00:00.000Z'],
  ['2026-01-31T00:00:00Z', 1, '2026-02-28T16:00:00.000Z'],
  ['2028-01-31T00:00:00Z', 1, '2028-02-29T16:00:00.000Z'],
  ['2026-11-30T00:00:00Z', 3, '2027-02-28T16:00:00.000Z'],
  ['2026-06-01T00:00:00Z', 60, '2031-06-01T16:00:00.000Z'],
]
for (const [start, months, end] of cases) {
  test(`${months} months from ${start} end at ${end}`, () => {
    assert.equal(new Date(subscriptionEndMs(Date.parse(start), months)).toISOString(), end)
  })
}

test('a subscription ends at a midnight of UTC+8, and a longer one never earlier', () => {
  const start = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000)
  fc.assert(
    fc.property(start, fc.integer({ min: 1, max: 60 }), (startMs, months) => {
      const end = subscriptionEndMs(startMs, months)
      assert.equal((end + 8 * 3_600_000) % 86_400_000, 0)
      assert.ok(end > startMs + months * 28 * 86_400_000)
      assert.ok(end < startMs + (months * 31 + 1) * 86_400_000)
      assert.ok(subscriptionEndMs(startMs, months + 1) > end)
    }),
  )
})

test('never is the far future that the service shows', () => {
  assert.equal(new Date(NEVER_MS).toISOString(), '2124-12-04T16:00:00.000Z')
})

test('the next day begins at 16:00 UTC, and at that moment the one after it is next', () => {
  const next = (text: string) => new Date(nextDayMs(Date.parse(text))).toISOString()
  assert.equal(next('2026-03-11T02:00:00Z'), '2026-03-11T16:00:00.000Z')
  assert.equal(next('2026-03-11T15:59:59.999Z'), '2026-03-11T16:00:00.000Z')
  assert.equal(next('2026-03-11T16:00:00Z'), '2026-03-12T16:00:00.000Z')
})
