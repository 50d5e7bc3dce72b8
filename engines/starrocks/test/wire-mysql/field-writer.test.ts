import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import * as field from '../../src/wire-mysql/field-writer.ts'
import {
  beginPacket,
  endPacket,
  packetOutput,
  takeFinished,
} from '../../src/wire-mysql/packet-output.ts'
import type { PacketOutput } from '../../src/wire-mysql/packet-output.ts'
import { payloadReader } from '../../src/wire-mysql/payload-reader.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 200 }).map((value) => value.toWellFormed())
const withoutNul = text.map((value) => value.replaceAll('\0', ''))

test('a length-encoded integer takes the shortest form at every edge', () => {
  const edges: readonly (readonly [number, string])[] = [
    [0, '00'],
    [250, 'fa'],
    [251, 'fcfb00'],
    [65_535, 'fcffff'],
    [65_536, 'fd000001'],
    [16_777_215, 'fdffffff'],
    [16_777_216, 'fe0000000100000000'],
    [Number.MAX_SAFE_INTEGER, 'feffffffffffff1f00'],
  ]
  for (const [value, hex] of edges) {
    const bytes = written((out) => field.putLenenc(out, value))
    assert.equal(bytes.toString('hex'), hex)
    assert.equal(payloadReader(bytes).lenenc(), value)
  }
})

test('every field reads back as it was written', () => {
  fc.assert(
    fc.property(
      fc.record({
        u8: fc.nat(0xff),
        u16: fc.nat(0xffff),
        u32: fc.nat(0xffff_ffff),
        i64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        f32: fc.float({ noNaN: true }),
        f64: fc.double({ noNaN: true }),
        lenenc: fc.maxSafeNat(),
        bytes: fc.uint8Array({ maxLength: 400 }),
        lenencText: text,
        nulText: withoutNul,
        last: text,
      }),
      (value) => {
        const bytes = written((out) => {
          field.putU8(out, value.u8)
          field.putU16(out, value.u16)
          field.putU32(out, value.u32)
          field.putI64(out, value.i64)
          field.putF32(out, value.f32)
          field.putF64(out, value.f64)
          field.putLenenc(out, value.lenenc)
          field.putLenencBytes(out, value.bytes)
          field.putLenencText(out, value.lenencText)
          field.putNulText(out, value.nulText)
          field.putZeros(out, 3)
          field.putText(out, value.last)
        })
        const reader = payloadReader(bytes)
        assert.equal(reader.u8(), value.u8)
        assert.equal(reader.u16(), value.u16)
        assert.equal(reader.u32(), value.u32)
        assert.equal(reader.i64(), value.i64)
        assert.equal(reader.f32(), value.f32)
        assert.equal(reader.f64(), value.f64)
        assert.equal(reader.lenenc(), value.lenenc)
        assert.deepEqual(reader.lenencBytes(), Buffer.from(value.bytes))
        assert.equal(reader.lenencBytes().toString(), value.lenencText)
        assert.equal(reader.nulBytes().toString(), value.nulText)
        assert.deepEqual(reader.bytes(3), Buffer.alloc(3))
        assert.equal(reader.rest().toString(), value.last)
        assert.equal(reader.remaining, 0)
      },
    ),
  )
})

test('text of every length around the short forms is written whole, also beyond ASCII', () => {
  for (const unit of ['a', 'é', '漢', '😀']) {
    for (let length = 0; length < 130; length++) {
      const value = 'x'.repeat(length % 7) + unit.repeat(length)
      const bytes = written((out) => field.putLenencText(out, value))
      assert.equal(payloadReader(bytes).lenencBytes().toString(), value)
    }
  }
})

test('bits set afterwards land in the packet being built', () => {
  const bytes = written((out) => {
    field.putZeros(out, 4)
    field.setBits(out, 2, 0b101)
    field.setBits(out, 2, 0b010)
  })
  assert.deepEqual([...bytes], [0, 0, 7, 0])
})

function written(write: (out: PacketOutput) => void): Buffer {
  const out = packetOutput(1_000_000)
  beginPacket(out)
  write(out)
  endPacket(out)
  return takeFinished(out).subarray(4)
}
