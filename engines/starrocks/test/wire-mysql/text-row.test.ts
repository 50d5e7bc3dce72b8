import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { packetOutput, takeFinished } from '../../src/wire-mysql/packet-output.ts'
import { payloadReader } from '../../src/wire-mysql/payload-reader.ts'
import { singlePrecision, textRowWriter } from '../../src/wire-mysql/text-row.ts'
import type { Column, WireValue } from '../../src/session.ts'
import { column } from '../support/scripted-engine.ts'

test('values are written as their text, NULL as its own byte', () => {
  const columns = [
    column('a', 'longlong'),
    column('b', 'double'),
    column('c', 'float'),
    column('d'),
    column('e', 'blob'),
    column('f'),
  ]
  const payload = textRow(columns, [
    -5n,
    1.25,
    Math.fround(0.1),
    'é',
    new Uint8Array([0, 255]),
    null,
  ])
  const reader = payloadReader(payload)
  assert.equal(reader.lenencBytes().toString(), '-5')
  assert.equal(reader.lenencBytes().toString(), '1.25')
  assert.equal(reader.lenencBytes().toString(), '0.1')
  assert.equal(reader.lenencBytes().toString(), 'é')
  assert.deepEqual([...reader.lenencBytes()], [0, 255])
  assert.equal(reader.u8(), 0xfb)
  assert.equal(reader.remaining, 0)
})

test('a single-precision number is written with the fewest digits that restore it', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = singlePrecision(value)
      assert.equal(Math.fround(Number(text)), value)
      const significant = text.replace(/e.*$/, '').replace(/[-.]/g, '').replace(/^0+/, '')
      assert.ok(significant.replace(/0+$/, '').length <= 9, text)
    }),
  )
  assert.equal(singlePrecision(Math.fround(16.1)), '16.1')
  assert.equal(singlePrecision(Math.fround(3.4028235e38)), '3.4028235e+38')
  assert.equal(singlePrecision(-0), '-0')
  assert.equal(singlePrecision(Math.fround(1e-7)), '1e-7')
})

function textRow(columns: readonly Column[], row: readonly WireValue[]): Buffer {
  const out = packetOutput(1_000)
  textRowWriter(out, columns)(row)
  return takeFinished(out).subarray(4)
}
