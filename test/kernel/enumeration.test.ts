import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listed } from '../../src/kernel/enumeration.ts'

const words = (count: number) => Array.from({ length: count }, (_, at) => `w${at}`)

test('a long list is cut, and the rest is counted', () => {
  assert.equal(listed(['a', 1]), 'a, 1')
  assert.equal(listed(words(25)), words(25).join(', '), 'one word is as long as its count')
  assert.equal(listed(words(40)), `${words(24).join(', ')} and 16 more`)
  assert.equal(listed([]), '')
})
