import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { PIECE_MAX, packetInput } from '../../src/wire-mysql/packet-input.ts'
import { FramingError } from '../../src/wire-mysql/protocol-error.ts'
import { framed } from '../support/raw-mysql-client.ts'

const LIMIT = 100_000

test('packets come out whole and in order, however the stream is cut into segments', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
      (payloads, cuts) => {
        const stream = Buffer.concat(payloads.map((payload) => framed(0, payload)))
        const input = packetInput(LIMIT)
        const found: Buffer[] = []
        for (let at = 0, cut = 0; at < stream.length; cut++) {
          const size = cuts[cut % cuts.length] ?? 1
          input.push(stream.subarray(at, at + size))
          at += size
          for (let packet = input.take(0); packet; packet = input.take(0))
            found.push(packet.payload)
        }
        assert.deepEqual(
          found,
          payloads.map((payload) => Buffer.from(payload)),
        )
        assert.equal(input.held, 0)
        assert.equal(input.announced, 0)
      },
    ),
  )
})

test('pieces of 16 MiB are joined, an empty last piece included', () => {
  for (const extra of [0, 1, 5]) {
    const input = packetInput(PIECE_MAX + 10)
    const whole = Buffer.alloc(PIECE_MAX + extra, 'x')
    input.push(framed(0, whole.subarray(0, PIECE_MAX)))
    assert.equal(input.take(0), undefined)
    assert.equal(input.announced, PIECE_MAX)
    input.push(framed(1, whole.subarray(PIECE_MAX)))
    const packet = input.take(0)
    assert.ok(packet?.payload.equals(whole))
    assert.equal(packet?.sequence, 1)
  }
})

test('a packet above the limit is refused at its header, also when only its pieces together are', () => {
  const input = packetInput(1_000)
  input.push(framed(0, Buffer.alloc(1_001)).subarray(0, 4))
  assert.throws(() => input.take(0), isFraming(1153))
  const joined = packetInput(PIECE_MAX + 10)
  joined.push(framed(0, Buffer.alloc(PIECE_MAX)))
  joined.push(framed(1, Buffer.alloc(11)).subarray(0, 4))
  assert.throws(() => joined.take(0), isFraming(1153))
})

test('a packet of exactly the limit is accepted', () => {
  const input = packetInput(1_000)
  input.push(framed(0, Buffer.alloc(1_000)))
  assert.equal(input.take(0)?.payload.length, 1_000)
})

test('a wrong sequence number is refused, in a first piece and in a later one', () => {
  const first = packetInput(LIMIT)
  first.push(framed(1, Buffer.from('x')))
  assert.throws(() => first.take(0), isFraming(1156))
  const later = packetInput(PIECE_MAX * 2)
  later.push(framed(255, Buffer.alloc(PIECE_MAX)))
  later.push(framed(1, Buffer.alloc(1)))
  assert.throws(() => later.take(255), isFraming(1156))
})

test('sequence numbers continue at 0 after 255', () => {
  const input = packetInput(PIECE_MAX * 2)
  input.push(framed(255, Buffer.alloc(PIECE_MAX)))
  input.push(framed(0, Buffer.alloc(1)))
  assert.equal(input.take(255)?.sequence, 0)
})

function isFraming(errno: number): (error: unknown) => boolean {
  return (error) => error instanceof FramingError && error.refusal.errno === errno
}
