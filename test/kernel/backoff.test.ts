import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backoffMs } from '../../src/kernel/backoff.ts'

test('waiting doubles from the first to the most, with up to half of it taken off', () => {
  const bounds = { firstMs: 100, mostMs: 1000 }
  assert.deepEqual(
    [1, 2, 3, 4, 5, 99].map((attempt) => backoffMs(attempt, 1, bounds)),
    [100, 200, 400, 800, 1000, 1000],
  )
  assert.deepEqual(
    [1, 2, 5].map((attempt) => backoffMs(attempt, 0, bounds)),
    [50, 100, 500],
  )
})
