import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readParameters } from '../../src/wire-mysql/binary-parameter.ts'
import type { ParameterSource } from '../../src/wire-mysql/binary-parameter.ts'
import { payloadReader } from '../../src/wire-mysql/payload-reader.ts'
import { SqlError } from '../../src/session.ts'
import type { Parameter } from '../../src/session.ts'

const UNSIGNED = 0x8000

/** Type, its bytes on the wire in hexadecimal, and what it means. */
const vectors: readonly (readonly [number, string, Parameter])[] = [
  [0x01, 'ff', -1],
  [0x01 | UNSIGNED, 'ff', 255],
  [0x02, '0080', -32_768],
  [0x02 | UNSIGNED, '0080', 32_768],
  [0x03, 'ffffffff', -1],
  [0x03 | UNSIGNED, 'ffffffff', 4_294_967_295],
  [0x09, 'feffffff', -2],
  [0x08, 'ffffffffffffff7f', 9_223_372_036_854_775_807n],
  [0x08 | UNSIGNED, 'ffffffffffffffff', 18_446_744_073_709_551_615n],
  [0x0d, 'ea07', 2026],
  [0x04, '0000c03f', 1.5],
  [0x05, '000000000000f8bf', -1.5],
  [0x00, '03312e35', '1.5'],
  [0xf6, '052d312e3530', '-1.50'],
  [0x0a, '04ea070203', '2026-02-03'],
  [0x0a, '00', '0000-00-00'],
  [0x0c, '00', '0000-00-00 00:00:00'],
  [0x0c, '04ea070203', '2026-02-03 00:00:00'],
  [0x0c, '07ea070203040506', '2026-02-03 04:05:06'],
  [0x07, '0bea07020304050607000000', '2026-02-03 04:05:06.000007'],
  [0x0b, '00', '00:00:00'],
  [0x0b, '080000000000010203', '01:02:03'],
  [0x0b, '0c01010000000102030a000000', '-25:02:03.000010'],
  [0xfd, '03c3a978', 'éx'],
  [0xfe, '00', ''],
  [0x0f, '0161', 'a'],
  [0xf5, '027b7d', '{}'],
  [0xf7, '0161', 'a'],
  [0xfd, '02ff00', new Uint8Array([255, 0])],
  [0xfc, '0161', new Uint8Array([0x61])],
  [0xf9, '0161', new Uint8Array([0x61])],
  [0x10, '0105', new Uint8Array([5])],
]

test('every parameter type is decoded as the protocol description says', () => {
  for (const [type, hex, expected] of vectors) {
    const { values } = read(execution([[type, hex]]), { count: 1 })
    assert.deepEqual(values, [expected], `type 0x${type.toString(16)} of ${hex}`)
  }
})

test('all types together, with NULLs anywhere between them, keep their places', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...vectors), fc.boolean()), {
        minLength: 1,
        maxLength: 40,
      }),
      (chosen) => {
        const parts = chosen.map(
          ([[type, hex], absent]) => [type, absent ? undefined : hex] as const,
        )
        const { values } = read(execution(parts), { count: parts.length })
        assert.deepEqual(
          values,
          chosen.map(([[, , value], absent]) => (absent ? null : value)),
        )
      },
    ),
  )
})

test('types are remembered for an execution that does not send them again', () => {
  const first = read(execution([[0x03, '01000000']]), { count: 1 })
  const again = Buffer.concat([Buffer.from([0, 0]), Buffer.from('02000000', 'hex')])
  assert.deepEqual(read(again, { count: 1, types: first.types }).values, [2])
})

test('an execution that never bound its types is refused', () => {
  const payload = Buffer.from('000001000000', 'hex')
  assert.throws(() => read(payload, { count: 1 }), isErrno(1210))
})

test('values that came ahead take the place of those in the packet', () => {
  const payload = Buffer.concat([
    Buffer.from([0, 1]),
    Buffer.from('fd00fc000300', 'hex'),
    Buffer.from('07000000', 'hex'),
  ])
  const longData = new Map([
    [0, [Buffer.from('a'), Buffer.from('b')]],
    [1, [Buffer.from('c')]],
  ])
  const { values } = read(payload, { count: 3, longData })
  assert.deepEqual(values, ['ab', new Uint8Array([0x63]), 7])
})

test('dates and times that are none are refused', () => {
  const wrong: readonly (readonly [number, string])[] = [
    [0x0a, '04ea070d03'],
    [0x0a, '04ea070120'],
    [0x0a, '0410270101'],
    [0x0c, '07ea070203180506'],
    [0x0c, '07ea0702030405063c'.slice(0, 14) + '3c'],
    [0x0c, '0bea07020304050640420f00'],
    [0x0b, '080023000000010203'],
  ]
  for (const [type, hex] of wrong) {
    assert.throws(() => read(execution([[type, hex]]), { count: 1 }), isErrno(1210), hex)
  }
})

test('lengths of dates and times that do not exist are malformed', () => {
  for (const [type, hex] of [
    [0x0a, '03ea0702'],
    [0x0c, '05ea07020304'],
    [0x0b, '0400000000'],
  ] as const) {
    assert.throws(() => read(execution([[type, hex]]), { count: 1 }), { name: 'MalformedPacket' })
  }
})

test('a type that no parameter can have is refused by its number', () => {
  assert.throws(() => read(execution([[0xff, '00']]), { count: 1 }), isErrno(1210))
  assert.throws(() => read(execution([[0x20, '00']]), { count: 1 }), isErrno(1210))
})

test('bytes after the last parameter, and a flag that is neither 0 nor 1, are malformed', () => {
  const whole = execution([[0x01, '05']])
  assert.throws(() => read(Buffer.concat([whole, Buffer.alloc(1)]), { count: 1 }), {
    name: 'MalformedPacket',
  })
  whole[1] = 2
  assert.throws(() => read(whole, { count: 1 }), { name: 'MalformedPacket' })
})

test('every truncation of an execution is malformed', () => {
  const whole = execution(vectors.map(([type, hex]) => [type, hex] as const))
  for (let length = 0; length < whole.length; length++) {
    assert.throws(() => read(whole.subarray(0, length), { count: vectors.length }), {
      name: 'MalformedPacket',
    })
  }
})

function read(payload: Buffer, binding: Partial<ParameterSource>) {
  return readParameters(payloadReader(payload), {
    count: 0,
    types: undefined,
    longData: new Map(),
    ...binding,
  })
}

/** NULL bitmap, flag, types and values; a value left out is NULL. */
function execution(parts: readonly (readonly [number, string | undefined])[]): Buffer {
  const nulls = Buffer.alloc((parts.length + 7) >> 3)
  const types = Buffer.alloc(parts.length * 2)
  for (const [index, [type, hex]] of parts.entries()) {
    types.writeUInt16LE(type, index * 2)
    if (hex === undefined) nulls[index >> 3] = (nulls[index >> 3] ?? 0) | (1 << (index & 7))
  }
  const values = parts.map(([, hex]) => Buffer.from(hex ?? '', 'hex'))
  return Buffer.concat([nulls, Buffer.from([1]), types, ...values])
}

function isErrno(errno: number): (error: unknown) => boolean {
  return (error) => error instanceof SqlError && error.errno === errno
}
