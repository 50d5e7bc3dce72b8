import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../src/domain/fault.ts'
import { throttle, type Throttle } from '../../src/gateway/throttle.ts'

/** The start of a second. */
const SECOND_MS = 1_700_000_000_000

/** How many of `count` requests in a row are admitted. */
function admitted(limiter: Throttle, key: string, atMs: number, count: number): number {
  let passed = 0
  for (let n = 0; n < count; n++) {
    try {
      limiter.admit(key, atMs)
      passed++
    } catch (problem) {
      if (!(problem instanceof Fault) || problem.code !== 'Throttled') throw problem
    }
  }
  return passed
}

for (const limit of [1, 2, 20]) {
  test(`with a limit of ${limit}, exactly ${limit} requests of a second are admitted`, () => {
    const limiter = throttle(limit)
    assert.equal(admitted(limiter, 'k', SECOND_MS, limit), limit)
    assert.equal(admitted(limiter, 'k', SECOND_MS, 1), 0)
  })
}

test('the refusal counts the requests of the second, the refused ones among them', () => {
  const limiter = throttle(2)
  assert.equal(admitted(limiter, 'k', SECOND_MS, 2), 2)
  for (const seen of [3, 4])
    assert.throws(
      () => limiter.admit('k', SECOND_MS),
      (problem) => {
        assert.ok(problem instanceof Fault && problem.code === 'Throttled')
        assert.deepEqual(problem.facts, { seen, limit: 2 })
        return true
      },
    )
})

test('a window is a whole second: its last millisecond belongs to it, the next one does not', () => {
  const limiter = throttle(3)
  assert.equal(admitted(limiter, 'k', SECOND_MS, 2), 2)
  assert.equal(admitted(limiter, 'k', SECOND_MS + 999, 2), 1)
  assert.equal(admitted(limiter, 'k', SECOND_MS + 1000, 4), 3)
  assert.equal(admitted(limiter, 'k', SECOND_MS + 1999, 1), 0)
})

test('windows are those of the clock, not of the first request', () => {
  const limiter = throttle(1)
  assert.equal(admitted(limiter, 'k', SECOND_MS + 999, 2), 1)
  assert.equal(admitted(limiter, 'k', SECOND_MS + 1000, 2), 1)
})

test('each caller has a count of its own, and all of them begin again together', () => {
  const limiter = throttle(2)
  assert.equal(admitted(limiter, 'a', SECOND_MS, 3), 2)
  assert.equal(admitted(limiter, 'b', SECOND_MS + 500, 3), 2)
  assert.equal(admitted(limiter, 'b', SECOND_MS + 1000, 3), 2)
  assert.equal(admitted(limiter, 'a', SECOND_MS + 1500, 3), 2)
})

test('a limit of 0 is none', () => {
  assert.equal(admitted(throttle(0), 'k', SECOND_MS, 1000), 1000)
})
