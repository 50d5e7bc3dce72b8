import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { putBytes } from '../../src/wire-mysql/field-writer.ts'
import { PIECE_MAX, packetInput } from '../../src/wire-mysql/packet-input.ts'
import {
  abandonPacket,
  beginPacket,
  endPacket,
  finishedBytes,
  packetOutput,
  takeFinished,
} from '../../src/wire-mysql/packet-output.ts'
import type { PacketOutput } from '../../src/wire-mysql/packet-output.ts'
import { SqlError } from '../../src/session.ts'

const LIMIT = 40_000_000

test('what is written is what the other side reads, with packets abandoned and buffers taken in between', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ packet: fc.uint8Array({ maxLength: 3_000 }) }) },
    { weight: 1, arbitrary: fc.record({ abandoned: fc.uint8Array({ maxLength: 20_000 }) }) },
    { weight: 2, arbitrary: fc.constant({ take: true }) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.nat(255), (steps, sequence) => {
      const out = packetOutput(LIMIT)
      out.sequence = sequence
      const expected: Buffer[] = []
      const sent: Buffer[] = []
      for (const one of steps) {
        if ('packet' in one) {
          write(out, one.packet)
          expected.push(Buffer.from(one.packet))
        } else if ('abandoned' in one) {
          beginPacket(out)
          putBytes(out, one.abandoned)
          abandonPacket(out)
        } else sent.push(takeFinished(out))
      }
      sent.push(takeFinished(out))
      const input = packetInput(LIMIT)
      for (const buffer of sent) input.push(buffer)
      for (const [index, payload] of expected.entries()) {
        const packet = input.take((sequence + index) & 0xff)
        assert.deepEqual(packet?.payload, payload)
      }
      assert.equal(input.held, 0)
      assert.equal(finishedBytes(out), 0)
    }),
  )
})

test('a payload around multiples of 16 MiB is cut into pieces that join to the same payload', () => {
  for (const size of [PIECE_MAX - 1, PIECE_MAX, PIECE_MAX + 1, PIECE_MAX * 2, PIECE_MAX * 2 + 77]) {
    const payload = Buffer.alloc(size)
    for (let at = 0; at < size; at += 4_093) payload[at] = (at / 4_093) & 0xff
    const out = packetOutput(LIMIT)
    out.sequence = 254
    write(out, Buffer.from('before'))
    write(out, payload)
    write(out, Buffer.from('after'))
    const input = packetInput(LIMIT)
    input.push(takeFinished(out))
    assert.equal(input.take(254)?.payload.toString(), 'before')
    const joined = input.take(255)
    assert.ok(joined?.payload.equals(payload), `size ${size}`)
    assert.equal(input.take(((joined?.sequence ?? 0) + 1) & 0xff)?.payload.toString(), 'after')
  }
})

test('a payload above the limit throws 1153 and leaves the packets before it as they were', () => {
  const out = packetOutput(10_000)
  write(out, Buffer.from('kept'))
  beginPacket(out)
  assert.throws(
    () => {
      putBytes(out, Buffer.alloc(10_001))
      endPacket(out)
    },
    (error) => error instanceof SqlError && error.errno === 1153,
  )
  abandonPacket(out)
  const input = packetInput(LIMIT)
  input.push(takeFinished(out))
  assert.equal(input.take(0)?.payload.toString(), 'kept')
  assert.equal(input.held, 0)
})

test('a buffer that was handed over is never written again', () => {
  const out = packetOutput(LIMIT)
  write(out, Buffer.from('first'))
  const first = takeFinished(out)
  const copy = Buffer.from(first)
  for (let index = 0; index < 5_000; index++) write(out, Buffer.from('later'))
  assert.deepEqual(first, copy)
})

function write(out: PacketOutput, payload: Uint8Array): void {
  beginPacket(out)
  putBytes(out, payload)
  endPacket(out)
}
