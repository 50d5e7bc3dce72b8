import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { spacedJson } from '../../src/storage/json-text.ts'

test('JSON is printed with one space after commas and colons, and nowhere else', () => {
  assert.equal(
    spacedJson('{"a":[1,2.50],\n "b" : "x, y: \\"z\\"" }'),
    '{"a": [1, 2.50], "b": "x, y: \\"z\\""}',
  )
  assert.equal(spacedJson('[]'), '[]')
})

test('printing changes no value and is done once', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const printed = spacedJson(JSON.stringify(value))
      assert.deepEqual(JSON.parse(printed), JSON.parse(JSON.stringify(value)))
      assert.equal(spacedJson(printed), printed)
    }),
  )
})
