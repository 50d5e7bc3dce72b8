import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson, isSameJson } from '../../src/kernel/json.ts'

test('the order of members does not matter, that of items does', () => {
  assert.equal(
    canonicalJson({ b: 1, a: { d: [1, 2], c: null } }),
    '{"a":{"c":null,"d":[1,2]},"b":1}',
  )
  assert.notEqual(canonicalJson([1, 2]), canonicalJson([2, 1]))
})

test('an absent member and an undefined one are the same', () => {
  assert.equal(canonicalJson({ a: 1, b: undefined }), canonicalJson({ a: 1 }))
})

test('canonical text reads back as the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) =>
      assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value))),
    ),
  )
})

test('two values are the same where their canonical texts are', () => {
  const name = fc.constantFrom('a', 'b', 'constructor', '10', '9')
  const leaf = fc.constantFrom(0, 1, '', 'a', null, undefined, true, NaN)
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 3 }),
    ),
  }))
  fc.assert(
    fc.property(value, value, (one, other) => {
      assert.equal(isSameJson(one, other), canonicalJson(one) === canonicalJson(other))
      assert.ok(isSameJson(one, structuredClone(one)))
    }),
  )
})

test('members come in the order of their names, whatever these are', () => {
  assert.equal(canonicalJson({ 9: 1, 10: 2, b: 3, B: 4 }), '{"10":2,"9":1,"B":4,"b":3}')
})
