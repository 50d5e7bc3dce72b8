import assert from 'node:assert/strict'
import { test } from 'node:test'
import { windowAt } from '../../../src/domain/cluster/maintenance.ts'

const HOUR_MS = 3_600_000
const window = (fromHour: number, toHour: number) => ({
  fromHour,
  toHour,
  offsetMs: 8 * HOUR_MS,
})
const at = (text: string) => Date.parse(text)

test('a window is open from its first hour up to its last, by its own clocks', () => {
  const night = window(0, 6)
  const beganMs = at('2026-02-28T16:00:00Z')
  const nextMs = at('2026-03-01T16:00:00Z')
  assert.deepEqual(windowAt(night, beganMs), { beganMs, nextMs })
  assert.deepEqual(windowAt(night, beganMs + 6 * HOUR_MS - 1), { beganMs, nextMs })
  assert.deepEqual(windowAt(night, beganMs + 6 * HOUR_MS), { beganMs: undefined, nextMs })
  assert.deepEqual(windowAt(night, beganMs - 1), { beganMs: undefined, nextMs: beganMs })
})

test('the last hour of a day ends with it', () => {
  const beganMs = at('2026-03-01T15:00:00Z')
  const nextMs = at('2026-03-02T15:00:00Z')
  assert.deepEqual(windowAt(window(23, 24), beganMs), { beganMs, nextMs })
  assert.deepEqual(windowAt(window(23, 24), beganMs + HOUR_MS), { beganMs: undefined, nextMs })
})
