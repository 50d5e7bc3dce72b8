/**
 * Reads the fields of one packet payload, front to back. Every read is checked against the end of the payload:
 * a field that does not fit throws MalformedPacket, nothing is ever read beyond.
 *
 * Source: MySQL protocol description, "Basic Types" (fixed and length-encoded integers and strings).
 */
import { MalformedPacket } from './protocol-error.ts'

export interface PayloadReader {
  readonly remaining: number
  u8(): number
  u16(): number
  u24(): number
  u32(): number
  u64(): bigint
  i8(): number
  i16(): number
  i32(): number
  i64(): bigint
  f32(): number
  f64(): number
  /** A length-encoded integer; beyond 2^53 it is malformed, as nothing on this wire counts so far. */
  lenenc(): number
  bytes(length: number): Buffer
  lenencBytes(): Buffer
  /** Up to the next NUL, which is consumed; malformed without one. */
  nulBytes(): Buffer
  /** Up to the next NUL or to the end: some clients leave the last NUL away. */
  openNulBytes(): Buffer
  rest(): Buffer
}

export function payloadReader(payload: Buffer, start = 0): PayloadReader {
  let at = start
  const advance = (length: number): number => {
    const from = at
    if (length > payload.length - from) throw new MalformedPacket(`needs ${length} bytes more`)
    at = from + length
    return from
  }
  const bytes = (length: number): Buffer => {
    const from = advance(length)
    return payload.subarray(from, at)
  }
  const lenenc = (): number => {
    const first = payload.readUInt8(advance(1))
    if (first < 0xfb) return first
    if (first === 0xfc) return payload.readUInt16LE(advance(2))
    if (first === 0xfd) return payload.readUIntLE(advance(3), 3)
    if (first !== 0xfe) throw new MalformedPacket('not a length')
    const wide = payload.readBigUInt64LE(advance(8))
    if (wide > BigInt(Number.MAX_SAFE_INTEGER)) throw new MalformedPacket('length beyond 2^53')
    return Number(wide)
  }
  const nulOr = (missing: () => number): Buffer => {
    const end = payload.indexOf(0, at)
    if (end < 0) return bytes(missing() - at)
    const text = payload.subarray(at, end)
    at = end + 1
    return text
  }
  return {
    get remaining() {
      return payload.length - at
    },
    u8: () => payload.readUInt8(advance(1)),
    u16: () => payload.readUInt16LE(advance(2)),
    u24: () => payload.readUIntLE(advance(3), 3),
    u32: () => payload.readUInt32LE(advance(4)),
    u64: () => payload.readBigUInt64LE(advance(8)),
    i8: () => payload.readInt8(advance(1)),
    i16: () => payload.readInt16LE(advance(2)),
    i32: () => payload.readInt32LE(advance(4)),
    i64: () => payload.readBigInt64LE(advance(8)),
    f32: () => payload.readFloatLE(advance(4)),
    f64: () => payload.readDoubleLE(advance(8)),
    lenenc,
    bytes,
    lenencBytes: () => bytes(lenenc()),
    nulBytes: () =>
      nulOr(() => {
        throw new MalformedPacket('text without its end')
      }),
    openNulBytes: () => nulOr(() => payload.length),
    rest: () => bytes(payload.length - at),
  }
}
