import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { hasWildcard, matchesBeyond, wildcardMatcher } from '../../src/domain/wildcard-matcher.ts'

/** The definition, written down without a thought for cost. */
function naive(pattern: readonly string[], value: readonly string[]): boolean {
  const [head, ...rest] = pattern
  if (head === undefined) return value.length === 0
  if (head === '*')
    return naive(rest, value) || (value.length > 0 && naive(pattern, value.slice(1)))
  return value.length > 0 && (head === '?' || head === value[0]) && naive(rest, value.slice(1))
}

const cases: readonly [pattern: string, value: string, matches: boolean][] = [
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['*', 'anything:at/all', true],
  ['***', 'x', true],
  ['a', 'a', true],
  ['a', 'A', false],
  ['a*', 'a', true],
  ['a*', 'ba', false],
  ['*a', 'ba', true],
  ['*a', 'ab', false],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['ab*ba', 'aba', false],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'acb', false],
  ['*ab*ab*', 'ab', false],
  ['*ab*ab*', 'abab', true],
  ['a*bc*bc', 'abc', false],
  ['?', '', false],
  ['?', 'a', true],
  ['?', 'ab', false],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['*?', '', false],
  ['?*', 'abc', true],
  ['*?b', 'aab', true],
  ['i-?', 'i-😀', true],
  ['i-??', 'i-😀', false],
  ['a.c', 'abc', false],
  ['a+', 'aa', false],
  ['[ab]', 'a', false],
  ['a\\*', 'a\\b', true],
]

for (const [pattern, value, matches] of cases) {
  test(`the pattern ${JSON.stringify(pattern)} ${matches ? 'matches' : 'does not match'} ${JSON.stringify(value)}`, () => {
    assert.equal(wildcardMatcher(pattern)(value), matches)
  })
}

test('a pattern agrees with the definition on every short text', () => {
  const patterns = fc.array(fc.constantFrom('a', 'b', '*', '?', '😀'), { maxLength: 8 })
  const values = fc.array(fc.constantFrom('a', 'b', '😀'), { maxLength: 8 })
  fc.assert(
    fc.property(patterns, values, (pattern, value) => {
      assert.equal(wildcardMatcher(pattern.join(''))(value.join('')), naive(pattern, value))
    }),
    { numRuns: 3000 },
  )
})

test('a pattern without stars and question marks matches only itself', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (pattern, value) => {
      fc.pre(!hasWildcard(pattern))
      assert.equal(wildcardMatcher(pattern)(pattern), true)
      assert.equal(wildcardMatcher(pattern)(value), pattern === value)
    }),
  )
})

for (const [kind, unit] of [
  ['stars between letters', 'a*'],
  ['stars between question marks', '*?a'],
] as const) {
  test(`a pattern of 2 000 characters with ${kind} is refused at once by a value made to mislead it`, () => {
    const matches = wildcardMatcher(`${unit.repeat(2000 / unit.length)}b`)
    const value = 'a'.repeat(4000)
    const before = process.cpuUsage()
    assert.equal(matches(value), false)
    const { user, system } = process.cpuUsage(before)
    const spentMs = (user + system) / 1000
    // At most 2 000 × 4 000 steps; a backtracking matcher would not end before the universe does.
    assert.ok(spentMs < 1000, `took ${spentMs} ms`)
  })
}

test('whether a pattern matches something that begins so is what trying every ending says', () => {
  const symbols = ['a', 'b', '*', '?'] as const
  const text = (from: readonly string[], maxLength: number) =>
    fc.array(fc.constantFrom(...from), { maxLength }).map((parts) => parts.join(''))
  const endings = ['']
  for (const ending of endings) if (ending.length < 4) endings.push(`${ending}a`, `${ending}b`)
  fc.assert(
    fc.property(text(symbols, 5), text(['a', 'b'], 4), (pattern, beginning) => {
      const matches = wildcardMatcher(pattern)
      // What four more characters do not make a match of, none do: a pattern of five has room for as many.
      const found = endings.some((ending) => matches(beginning + ending))
      const beyond = matchesBeyond(pattern, beginning)
      if (found) assert.ok(beyond)
      if (beyond && pattern.length <= 4) assert.ok(found)
    }),
  )
  assert.equal(matchesBeyond('one/*/x', 'one/'), true)
  assert.equal(matchesBeyond('one/a', 'one/b'), false)
  assert.equal(matchesBeyond('', 'a'), false)
})
