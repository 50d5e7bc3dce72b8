import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { likeMatcher } from '../src/like-pattern.ts'

test('patterns match as LIKE does', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['id', '%', true],
    ['id', 'ID', true],
    ['order_id', 'order\\_id', true],
    ['orderXid', 'order\\_id', false],
    ['orderXid', 'order_id', true],
    ['abcabd', '%ab_', true],
    ['abc', 'ab', false],
    ['abc', '', false],
    ['', '%%', true],
    ['100%', '100\\%', true],
    ['%any', '%any', true],
    ['x%any', 'x\\%any', true],
    ['日本', '_本', true],
  ]
  for (const [name, pattern, expected] of cases) {
    assert.equal(likeMatcher(pattern, false)(name), expected, `${name} LIKE ${pattern}`)
  }
})

test('patterns match exactly when the same regular expression does', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 })
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_'), maxLength: 8 })
  fc.assert(
    fc.property(letters, pattern, (name, like) => {
      const expected = new RegExp(`^${like.replaceAll('%', '.*').replaceAll('_', '.')}$`).test(name)
      assert.equal(likeMatcher(like, false)(name), expected)
    }),
  )
})

test('the case of names counts where they are those of objects', () => {
  assert.ok(likeMatcher('T%', false)('t1') && likeMatcher('T%', true)('T1'))
  assert.ok(!likeMatcher('T%', true)('t1'))
})

test('a pattern of many wildcards, or of megabytes, is answered at once', () => {
  const names = Array.from({ length: 500 }, (_, at) => `${'a'.repeat(60)}${at}`)
  for (const pattern of [
    `${'%_'.repeat(30)}0x`,
    `${'%a'.repeat(40)}b`,
    '%'.repeat(4e6),
    `${'_'.repeat(4e6)}%`,
  ]) {
    const startedMs = process.cpuUsage().user / 1000
    const match = likeMatcher(pattern, false)
    for (const name of names) match(name)
    const tookMs = process.cpuUsage().user / 1000 - startedMs
    assert.ok(tookMs < 2_000, `${pattern.slice(0, 20)} took ${tookMs} ms`)
  }
})
