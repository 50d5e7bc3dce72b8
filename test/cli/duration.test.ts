import assert from 'node:assert/strict'
import { test } from 'node:test'
import { durationMs, spanText } from '../../src/cli/duration.ts'

test('spans are read as people write them', () => {
  assert.equal(durationMs('90s'), 90_000)
  assert.equal(durationMs('1h30m'), 5_400_000)
  assert.equal(durationMs('2d'), 172_800_000)
  assert.equal(durationMs('250ms'), 250)
  assert.equal(durationMs('1.5h'), 5_400_000)
})

test('what is no span is refused with examples', () => {
  for (const text of ['', '5', 'soon', '-1h', '1h x', '1 h'])
    assert.throws(() => durationMs(text), /no span of time; write for example 90s/)
})

test('spans are shown in their two largest units', () => {
  assert.deepEqual([0, 999, 61_000, 5_400_000, 273_600_000, -5].map(spanText), [
    '0s',
    '0s',
    '1m 1s',
    '1h 30m',
    '3d 4h',
    '0s',
  ])
})
