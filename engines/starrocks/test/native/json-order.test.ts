import assert from 'node:assert/strict'
import { test } from 'node:test'
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
  ]
  for (const [a, b, expected] of cases)
    assert.equal(Math.sign(compareJson(a, b) ?? 9), expected, `${a} ${b}`)
  assert.equal(compareJson('{', '1'), undefined)
})
