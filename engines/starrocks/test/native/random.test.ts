import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../src/native/random.ts'

// The C++ standard says of mt19937_64 which number its default seed gives at the 10 000th call.
test('the sequence is that of mt19937_64', () => {
  let last = 0
  for (let call = 0; call < 10_000; call += 1) last = seededRandom(5489n, 1n)
  assert.equal(last, Number(9_981_545_732_273_789_042n) / 2 ** 64)
})

test('each statement begins its own', () => {
  const first = seededRandom(7n, 2n)
  assert.notEqual(seededRandom(7n, 2n), first)
  assert.equal(seededRandom(7n, 3n), first)
})
