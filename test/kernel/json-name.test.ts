import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseJson, withListedNames } from '../../src/kernel/json-name.ts'

/** Of few letters, so that some are the beginning of how others are written. */
const name = fc.string({ unit: fc.constantFrom('"', '\\', 'a', '/', '\n', '{', ':'), maxLength: 3 })

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, 1, -2.5),
    name,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
}))

test('names are read as they are written, whatever names other objects have', () => {
  fc.assert(
    fc.property(value, fc.boolean(), (given, isSpaced) => {
      const text = JSON.stringify(given, undefined, isSpaced ? 2 : 0)
      assert.equal(JSON.stringify(parseJson(text)), JSON.stringify(given))
    }),
    { numRuns: 5_000, seed: 7 },
  )
})

test('of equal names the last one counts, however they are written', () => {
  assert.deepEqual(parseJson(String.raw`{"\u0061": 1, "b": 2, "a": 3}`), { a: 3, b: 2 })
  assert.deepEqual(parseJson(String.raw`{"a": 1, "\u0061": 2}`), { a: 2 })
})

test('numbers become what the caller makes of them', () => {
  const numberOf = (number: number, written: string) => `${number} ${written}`
  const text = String.raw`{"\"": [1.50, {"\\": 1e2}], "a": "3"}`
  assert.deepEqual(parseJson(text, numberOf), { '"': ['1.5 1.50', { '\\': '100 1e2' }], a: '3' })
  assert.deepEqual(parseJson('[1.0]', numberOf), ['1 1.0'])
})

test('what is no JSON is refused as JSON.parse does', () => {
  for (const text of ['', '{', String.raw`{"\"" 1}`, String.raw`{"\x": 1}`, String.raw`["\"": 1]`])
    assert.throws(() => parseJson(text), SyntaxError, text)
})

test('a long text of escapes takes no more stack than a short one', () => {
  const long = '\\"'.repeat(3_000_000)
  assert.deepEqual(Object.keys(parseJson(`{"${long}": 1}`) as object), ['"'.repeat(3_000_000)])
})

test('an object becomes a list of names and values', () => {
  assert.equal(
    withListedNames('{"a" : {}, "b{": [":}", {"c":1}]}'),
    '{"listed":["a" , {"listed":[]}, "b{", [":}", {"listed":["c",1]}]]}',
  )
})
