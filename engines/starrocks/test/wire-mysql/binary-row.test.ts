import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { binaryRowWriter } from '../../src/wire-mysql/binary-row.ts'
import { packetOutput, takeFinished } from '../../src/wire-mysql/packet-output.ts'
import type { Column, WireType, WireValue } from '../../src/session.ts'
import { column } from '../support/scripted-engine.ts'

/** Type, value, and its bytes on the wire. */
const vectors: readonly (readonly [WireType, WireValue, string])[] = [
  ['tiny', -128, '80'],
  ['tiny', 127n, '7f'],
  ['short', -2, 'feff'],
  ['long', -2_147_483_648, '00000080'],
  ['long', '17', '11000000'],
  ['longlong', -1n, 'ffffffffffffffff'],
  ['longlong', 9_223_372_036_854_775_807n, 'ffffffffffffff7f'],
  ['longlong', 5, '0500000000000000'],
  ['float', 1.5, '0000c03f'],
  ['double', -1.5, '000000000000f8bf'],
  ['double', '1.5', '000000000000f83f'],
  ['newdecimal', '-1.50', '052d312e3530'],
  ['date', '2026-02-03', '04ea070203'],
  ['datetime', '2026-02-03 00:00:00', '04ea070203'],
  ['datetime', '2026-02-03', '04ea070203'],
  ['datetime', '2026-02-03 04:05:06', '07ea070203040506'],
  ['datetime', '2026-02-03 00:00:00.5', '0bea07020300000020a10700'],
  ['time', '-25:02:03', '080101000000010203'],
  ['time', '00:00:00', '080000000000000000'],
  ['var_string', 'é', '02c3a9'],
  ['string', '', '00'],
  ['blob', new Uint8Array([0, 255]), '0200ff'],
  ['json', '{}', '027b7d'],
]

test('every column type is written as the protocol description says', () => {
  for (const [type, value, hex] of vectors) {
    const payload = binaryRow([column('c', type)], [value])
    assert.equal(payload.toString('hex'), `0000${hex}`, `${type} ${String(value)}`)
  }
})

test('the NULL bitmap begins at its third bit and covers any number of columns', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 80 }), (absent) => {
      const columns = absent.map((_, index) => column(`c${index}`, 'tiny'))
      const payload = binaryRow(
        columns,
        absent.map((isNull, index) => (isNull ? null : index)),
      )
      const bitmap = payload.subarray(1, 1 + ((absent.length + 9) >> 3))
      for (const [index, isNull] of absent.entries()) {
        const bit = index + 2
        assert.equal((((bitmap[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1, isNull)
      }
      const present = absent.flatMap((isNull, index) => (isNull ? [] : [index]))
      assert.deepEqual([...payload.subarray(1 + bitmap.length)], present)
    }),
  )
})

test('a value that its column cannot hold is never written', () => {
  const wrong: readonly (readonly [WireType, WireValue])[] = [
    ['tiny', 128],
    ['short', -32_769],
    ['long', 2_147_483_648],
    ['long', 1.5],
    ['long', 'x'],
    ['longlong', 9_223_372_036_854_775_808n],
    ['longlong', 1.5],
    ['longlong', new Uint8Array(1)],
    ['double', ''],
    ['double', 'x'],
    ['date', '2026-2-3'],
    ['date', 5],
    ['datetime', '2026-02-03T04:05:06'],
    ['time', '1:2'],
    ['null', 'x'],
  ]
  for (const [type, value] of wrong) {
    assert.throws(() => binaryRow([column('c', type)], [value]), Error, `${type} ${String(value)}`)
  }
})

function binaryRow(columns: readonly Column[], row: readonly WireValue[]): Buffer {
  const out = packetOutput(10_000)
  binaryRowWriter(out, columns)(row)
  return takeFinished(out).subarray(4)
}
