import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  compactList,
  compactText,
  int32Bytes,
  NO_TAGS,
  varintBytes,
  wireReader,
} from '../src/wire.ts'

test('what is written is read again', () => {
  const long = 'ü'.repeat(200)
  const bytes = Buffer.concat([
    int32Bytes(-7),
    compactText(long),
    compactText(''),
    compactList([int32Bytes(1), int32Bytes(2)]),
    NO_TAGS,
    int32Bytes(5),
  ])
  const reader = wireReader(bytes)
  assert.equal(reader.int32(), -7)
  assert.equal(reader.compactText(), long)
  assert.equal(reader.compactText(), '')
  assert.deepEqual(reader.compactList(reader.int32), [1, 2])
  reader.tags()
  assert.equal(reader.int32(), 5)
  assert.throws(() => reader.int32(), RangeError)
})

test('tags of newer versions are skipped, and null texts and lists are empty', () => {
  const tag = Buffer.concat([varintBytes(1), varintBytes(300), varintBytes(2), Buffer.of(9, 9)])
  const reader = wireReader(
    Buffer.concat([tag, Buffer.of(0, 0, 0xff, 0xff), int32Bytes(-1), int32Bytes(4)]),
  )
  reader.tags()
  assert.equal(reader.compactText(), '')
  assert.deepEqual(reader.compactList(reader.int32), [])
  assert.equal(reader.text(), '')
  assert.deepEqual(reader.list(reader.int32), [])
  assert.equal(reader.int32(), 4)
})

test('lengths that lie are refused, not believed', () => {
  const huge = wireReader(Buffer.concat([int32Bytes(2 ** 30), int32Bytes(1)]))
  assert.throws(() => huge.list(huge.int32), RangeError)
  assert.throws(() => wireReader(Buffer.alloc(9, 0xff)).tags(), RangeError)
})
