import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTurns } from '../../src/gateway/turn.ts'

test('what comes before a turn is done in it, in order, at most so much at once', () => {
  const turns: (() => void)[] = []
  const done: number[] = []
  const take = inTurns<number>(
    (begin) => turns.push(begin),
    (item) => {
      done.push(item)
      if (item === 1) take(6)
    },
    3,
  )
  for (const item of [1, 2, 3, 4, 5]) take(item)
  assert.deepEqual([done, turns.length], [[], 1])
  turns.shift()?.()
  assert.deepEqual(done, [1, 2, 3])
  assert.equal(turns.length, 1)
  turns.shift()?.()
  assert.deepEqual(done, [1, 2, 3, 4, 5, 6])
  assert.equal(turns.length, 0)
  take(7)
  turns.shift()?.()
  assert.deepEqual(done.at(-1), 7)
})
