/**
 * Fields of an outgoing packet: fixed and length-encoded integers, floats, bytes and UTF-8 text.
 * Source: MySQL protocol description, "Basic Types". Callers keep values in their field's range.
 */
import { reserve } from './packet-output.ts'
import type { PacketOutput } from './packet-output.ts'

/** Up to here a loop over characters beats the call into native code. */
const LOOP_CHARACTERS = 32
/** UTF-8 needs at most 3 bytes per UTF-16 unit: up to here a length fits one byte in any case. */
const SHORT_CHARACTERS = 83
/** Where a payload begins, after its packet's header. */
const HEADER = 4

export function putU8(out: PacketOutput, value: number): void {
  reserve(out, 1)
  out.buffer[out.at++] = value
}

export function putU16(out: PacketOutput, value: number): void {
  reserve(out, 2)
  out.at = out.buffer.writeUInt16LE(value, out.at)
}

export function putU32(out: PacketOutput, value: number): void {
  reserve(out, 4)
  out.at = out.buffer.writeUInt32LE(value, out.at)
}

export function putI64(out: PacketOutput, value: bigint): void {
  reserve(out, 8)
  out.at = out.buffer.writeBigInt64LE(value, out.at)
}

export function putF32(out: PacketOutput, value: number): void {
  reserve(out, 4)
  out.at = out.buffer.writeFloatLE(value, out.at)
}

export function putF64(out: PacketOutput, value: number): void {
  reserve(out, 8)
  out.at = out.buffer.writeDoubleLE(value, out.at)
}

export function putZeros(out: PacketOutput, count: number): void {
  reserve(out, count)
  out.buffer.fill(0, out.at, out.at + count)
  out.at += count
}

/** Sets bits of a byte already written, `offset` bytes after the packet's payload began. */
export function setBits(out: PacketOutput, offset: number, bits: number): void {
  const index = out.packet + HEADER + offset
  out.buffer[index] = (out.buffer[index] ?? 0) | bits
}

export function putLenenc(out: PacketOutput, value: number): void {
  if (value < 0xfb) return putU8(out, value)
  reserve(out, 9)
  const { buffer } = out
  if (value <= 0xffff) {
    buffer[out.at++] = 0xfc
    out.at = buffer.writeUInt16LE(value, out.at)
  } else if (value <= 0xff_ffff) {
    buffer[out.at++] = 0xfd
    out.at = buffer.writeUIntLE(value, out.at, 3)
  } else {
    buffer[out.at++] = 0xfe
    out.at = buffer.writeBigUInt64LE(BigInt(value), out.at)
  }
}

export function putBytes(out: PacketOutput, value: Uint8Array): void {
  reserve(out, value.length)
  out.buffer.set(value, out.at)
  out.at += value.length
}

export function putLenencBytes(out: PacketOutput, value: Uint8Array): void {
  putLenenc(out, value.length)
  putBytes(out, value)
}

export function putText(out: PacketOutput, value: string): void {
  reserve(out, value.length <= SHORT_CHARACTERS ? value.length * 3 : Buffer.byteLength(value))
  out.at = writeText(out.buffer, value, out.at)
}

export function putNulText(out: PacketOutput, value: string): void {
  putText(out, value)
  putU8(out, 0)
}

export function putLenencText(out: PacketOutput, value: string): void {
  if (value.length <= SHORT_CHARACTERS) {
    reserve(out, value.length * 3 + 1)
    const lengthAt = out.at
    out.at = writeText(out.buffer, value, lengthAt + 1)
    out.buffer[lengthAt] = out.at - lengthAt - 1
    return
  }
  const length = Buffer.byteLength(value)
  putLenenc(out, length)
  reserve(out, length)
  out.at += out.buffer.write(value, out.at, 'utf8')
}

/** Returns the end; the room was reserved. */
function writeText(buffer: Buffer, value: string, start: number): number {
  if (value.length > LOOP_CHARACTERS) return start + buffer.write(value, start, 'utf8')
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index)
    if (code > 0x7f) return start + buffer.write(value, start, 'utf8')
    buffer[start + index] = code
  }
  return start + value.length
}
