import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { matchesWildcard } from '../../src/wire-mysql/field-list-pattern.ts'

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
    assert.equal(matchesWildcard(name, pattern), expected, `${name} LIKE ${pattern}`)
  }
})

test('patterns match exactly when the same regular expression does', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 })
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_'), maxLength: 8 })
  fc.assert(
    fc.property(letters, pattern, (name, like) => {
      const expected = new RegExp(`^${like.replaceAll('%', '.*').replaceAll('_', '.')}$`).test(name)
      assert.equal(matchesWildcard(name, like), expected)
    }),
  )
})
