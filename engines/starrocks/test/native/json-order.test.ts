import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareJson } from '../../src/native/json-order.ts'

test('kinds stand in the order of their numbers in StarRocks', () => {
  const ordered = ['null', 'true', '[]', '{}', '1.5', '100', '1', '"x"']
  for (const [at, value] of ordered.entries())
    for (const [other, against] of ordered.entries()) {
      // Numbers compare by value whatever they are.
      if ([4, 5, 6].includes(at) && [4, 5, 6].includes(other)) continue
      assert.equal(
        Math.sign(compareJson(value, against) ?? 9),
        Math.sign(at - other),
        `${value} ${against}`,
      )
    }
})

test('values of one kind', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['1', '1.0', 0],
    ['9007199254740993', '9007199254740992', 1],
    ['"a"', '"B"', 1],
    ['"é"', '"z"', 1],
    ['"\u{1f600}"', '"\uffee"', 1],
    ['false', 'true', -1],
    ['[1, 2]', '[3]', 1],
    ['[1, 2]', '[1, 3]', -1],
    ['{"b": 1, "a": 2}', '{"a": 2, "b": 1}', 0],
    ['{"a": 1}', '{"b": 1}', 1],
    ['{"a": 1}', '{"a": 1, "b": 1}', -1],
    ['{"a": {"b": [null]}}', '{"a": {"b": [null]}}', 0],
    ['[-6, 9, 10]', '[-6, 9, 1e1]', 0],
    ['{"a": 9}', '{"a": "1.5"}', -1],
    ['{"a": 10}', '{"a": true}', 1],
    ['[5]', '["5"]', -1],
    ['-0', '0', 0],
    ['9007199254740993', '9007199254740992.0', 1],
    ['[0.12345678901234567, 10000000000000001]', '[0.12345678901234567, 10000000000000000]', 1],
    ['["1,9007199254740993"]', '["1,9007199254740992"]', 1],
    ['{"9007199254740993": 9007199254740993}', '{"9007199254740993": 9007199254740993}', 0],
    ['[9007199254740993, "n1"]', '[9007199254740993, "\\"1234567890123456"]', 1],
    ['{"b": 1, "a": 2}', '{"b": 3, "a": 1}', 1],
    ['{"a": 1, "a": 2}', '{"a": 9, "a": 2}', 0],
    ['{"a": 1, "b": 1, "a": 2}', '{"a": 2, "b": 1}', 0],
    ['{"c": 1, "b": 1, "a": 2, "b": 3}', '{"a": 2, "b": 3, "c": 1}', 0],
    ['{"b": 3, "a": 2, "b": 1}', '{"a": 2, "b": 3}', -1],
    ['{"b": 1, "a": 1, "b": 1}', '{"a": 1, "b": 1, "c": 1}', -1],
    ['{"c": 1, "b": 1, "a": 1, "c": 1}', '{"a": 1, "b": 1, "a": 1}', 1],
    ['{"b": {"\\"": 1}, "a": {"\\\\": 1}}', '{"b": {"\\"": 1}, "a": {"\\"": 1}}', 1],
  ]
  for (const [a, b, expected] of cases)
    assert.equal(Math.sign(compareJson(a, b) ?? 9), expected, `${a} ${b}`)
  assert.equal(compareJson('{', '1'), undefined)
})

const key = fc.string({ unit: fc.constantFrom('"', '\\', 'a', '/'), minLength: 1, maxLength: 2 })
const members = fc.dictionary(key, fc.integer({ min: 0, max: 1 }), {
  maxKeys: 3,
  noNullPrototype: true,
})

/** By the members themselves, as they were before they were written. */
function plainOrder(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>) {
  const first = Object.keys(a)
    .toSorted()
    .find((name) => a[name] !== b[name])
  if (first === undefined) return Math.sign(Object.keys(a).length - Object.keys(b).length)
  return Object.hasOwn(b, first) ? Math.sign((a[first] ?? 0) - (b[first] ?? 0)) : 1
}

test('objects are compared by their keys as they are, in whatever order and however they are written', () => {
  fc.assert(
    fc.property(members, members, (a, b) => {
      const compared = compareJson(JSON.stringify(a), JSON.stringify(b))
      assert.equal(Math.sign(compared ?? 9), plainOrder(a, b))
      const turned = Object.fromEntries(Object.entries(a).toReversed())
      assert.equal(compareJson(JSON.stringify(a), JSON.stringify(turned)), 0)
    }),
    { numRuns: 5_000, seed: 3 },
  )
})

test('a text of megabytes in a JSON with long numbers is compared', () => {
  const json = (last: number) => `["${'a'.repeat(20_000_000)}", 900719925474099${last}]`
  assert.equal(compareJson(json(3), json(2)), 1)
})
