import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { payloadReader } from '../../src/wire-mysql/payload-reader.ts'
import type { PayloadReader } from '../../src/wire-mysql/payload-reader.ts'

test('a reader never reads beyond its payload', () => {
  const reads: ((reader: PayloadReader) => unknown)[] = [
    (reader) => reader.u8(),
    (reader) => reader.u16(),
    (reader) => reader.u24(),
    (reader) => reader.u32(),
    (reader) => reader.u64(),
    (reader) => reader.i8(),
    (reader) => reader.i16(),
    (reader) => reader.i32(),
    (reader) => reader.i64(),
    (reader) => reader.f32(),
    (reader) => reader.f64(),
    (reader) => reader.lenenc(),
    (reader) => reader.lenencBytes(),
    (reader) => reader.nulBytes(),
    (reader) => reader.openNulBytes(),
    (reader) => reader.bytes(9),
  ]
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 24 }),
      fc.array(fc.nat(reads.length - 1), { maxLength: 20 }),
      (payload, order) => {
        const reader = payloadReader(Buffer.from(payload))
        for (const index of order) {
          const before = reader.remaining
          try {
            reads[index]?.(reader)
          } catch (error) {
            assert.equal((error as Error).name, 'MalformedPacket')
            return
          }
          assert.ok(reader.remaining >= 0 && reader.remaining <= before)
        }
      },
    ),
  )
})

test('lengths that are none are malformed', () => {
  for (const hex of ['fb', 'ff', 'feffffffffffffffff', 'fc01', 'fd0101', 'fe01020304']) {
    assert.throws(() => payloadReader(Buffer.from(hex, 'hex')).lenenc(), {
      name: 'MalformedPacket',
    })
  }
})

test('text without its NUL is malformed where the NUL is required and whole where it is not', () => {
  assert.throws(() => payloadReader(Buffer.from('abc')).nulBytes(), { name: 'MalformedPacket' })
  assert.equal(payloadReader(Buffer.from('abc')).openNulBytes().toString(), 'abc')
  const reader = payloadReader(Buffer.from('ab\0cd\0'), 1)
  assert.equal(reader.nulBytes().toString(), 'b')
  assert.equal(reader.openNulBytes().toString(), 'cd')
  assert.equal(reader.remaining, 0)
})
