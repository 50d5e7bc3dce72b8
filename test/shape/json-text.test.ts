import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { limits } from '../../src/limits.ts'
import { readJson } from '../../src/shape/json-text.ts'

const read = (text: string) => readJson(Buffer.from(text))

test('property: any small JSON text is read as the platform reads it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), (text) => {
      assert.deepEqual(read(text), { value: JSON.parse(text) as unknown })
    }),
  )
})

test('property: long texts end where the platform ends them, whatever is escaped in them', () => {
  const piece = fc.constantFrom('x', '"', '\\', ',', '[', 'x'.repeat(255), 'x'.repeat(257))
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.array(piece), (one, other) => {
      const many = Array<string>(limits.jsonDepth).fill(other.join(''))
      const text = JSON.stringify([one.join(''), many])
      assert.deepEqual(read(text), { value: JSON.parse(text) as unknown })
    }),
  )
  assert.deepEqual(read(`"${'x'.repeat(1000)}`), { problem: 'not JSON' })
})

test('nesting passes up to its bound, whatever stands in texts', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
  assert.ok('value' in read(nested(limits.jsonDepth)))
  assert.deepEqual(read(nested(limits.jsonDepth + 1)), { problem: 'too deep' })
  assert.deepEqual(read('{"a":'.repeat(limits.jsonDepth + 1)), { problem: 'too deep' })
  const shut = JSON.stringify(['['.repeat(1000), '\\"{'.repeat(1000), '\\'])
  assert.deepEqual(read(shut), { value: JSON.parse(shut) as unknown })
  assert.ok('value' in read(`[${Array(1000).fill('[]').join(',')}]`), 'side by side is not deep')
})

test('values pass up to their bound, on all levels together', () => {
  const list = (count: number) => `[${Array(count).fill('1').join(',')}]`
  assert.ok('value' in read(list(limits.jsonValues - 1)))
  assert.deepEqual(read(list(limits.jsonValues)), { problem: 'too wide' })
  const half = list(limits.jsonValues / 2)
  assert.deepEqual(read(`[${half},${half}]`), { problem: 'too wide' })
  const members = Array.from({ length: limits.jsonValues }, (_, at) => `"k${at}":1`).join(',')
  assert.deepEqual(read(`{${members}}`), { problem: 'too wide' })
  assert.ok('value' in read(JSON.stringify(','.repeat(limits.jsonValues))))
})

test('what is not JSON or not UTF-8 is distinguished, and a mark in front is dropped on demand', () => {
  for (const text of ['', '{', '"', '"\\', '[1,]', 'nul'])
    assert.deepEqual(read(text), { problem: 'not JSON' })
  assert.deepEqual(readJson(Buffer.from([0x22, 0xff, 0x22])), { problem: 'not UTF-8' })
  assert.deepEqual(read('\ufeff1'), { problem: 'not JSON' })
  assert.deepEqual(readJson(Buffer.from('\ufeff1'), { dropMark: true }), { value: 1 })
})
