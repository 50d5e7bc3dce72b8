/** Held to the matcher of SHOW, which is written without regular expressions. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { likeMatcher } from '../../../src/like-pattern.ts'
import { testClient } from '../../support/open-engine.ts'

/** Characters of RE2's language, of marks between pieces, of several bytes, and both wildcards and the escape character. */
const CHARACTERS = ['a', 'b', '_', '_', '%', '%', '\\', '0', ':', '.', '(', '^', 'é', '𝄞', '\n']

/** The same ones each time. */
function generator(seed: number) {
  let state = seed
  const below = (bound: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * bound)
  }
  return {
    below,
    text: (length: number) =>
      Array.from({ length }, () => CHARACTERS[below(CHARACTERS.length)] ?? '').join(''),
  }
}

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\')}'`

/** As a literal, and as a value that is known when it runs. */
const conditions = (text: string, pattern: string) => [
  `${quoted(text)} LIKE ${quoted(pattern)}`,
  `${quoted(text)} LIKE concat(${quoted(pattern)}, '')`,
]

/** An escape character with nothing behind it is an error of its own. */
const ended = (pattern: string) => pattern.replace(/\\+$/, '')

/** One that the pattern matches: anything for each `%`. */
function matched(pattern: string, anything: () => string): string {
  return pattern.replaceAll(
    /\\([^])|([%_])|[^]/gu,
    (all, escaped?: string, wildcard?: string) =>
      escaped ?? (wildcard === '%' ? anything() : wildcard === '_' ? 'é' : all),
  )
}

test('LIKE answers as its definition has it, whatever stands in text and pattern', async (t) => {
  const { client } = await testClient(t)
  const { below, text } = generator(7)
  const cases = Array.from({ length: 600 }, () => {
    const pattern = ended(text(below(9)))
    const of = below(2) === 0 ? text(below(7)) : matched(pattern, () => text(below(3)))
    return [of, pattern] as const
  })
  const sql = cases.flatMap(([of, pattern]) => conditions(of, pattern))
  const [answers] = await client.rows(`SELECT ${sql.join(', ')}`)
  const expected = cases.flatMap(([of, pattern]) => {
    const is = likeMatcher(pattern, true)(of) ? 1 : 0
    return [is, is]
  })
  assert.ok(expected.includes(1) && expected.includes(0))
  assert.deepEqual(answers, expected)
})

test('so does it where the pattern is matched in pieces', async (t) => {
  const { client } = await testClient(t)
  const { below, text } = generator(11)
  for (const length of [399, 400, 401, 1_000, 3_000]) {
    const pattern = ended(text(length))
    const yes = matched(pattern, () => text(below(3)))
    for (const value of [yes, `${yes}b`, `b${yes}`, yes.slice(0, -1), yes.slice(5), '', pattern]) {
      const is = likeMatcher(pattern, true)(value) ? 1 : 0
      assert.deepEqual(await client.rows(`SELECT ${quoted(value)} LIKE ${quoted(pattern)}`), [[is]])
    }
    assert.deepEqual(await client.rows(`SELECT NULL LIKE ${quoted(pattern)}`), [[null]])
  }
})

test('a pattern of more wildcards than anybody writes is refused', async (t) => {
  const { client } = await testClient(t)
  const { message } = await client.refusal(`SELECT 'a' LIKE '${'%a_'.repeat(20_000)}'`)
  assert.match(message, /too many wildcards/)
})
