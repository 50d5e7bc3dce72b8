/** Numbers in little-endian order, written one after the other and read so again. What is not there to be read is a RangeError. */

export interface ByteWriter {
  u8(value: number): ByteWriter
  u16(value: number): ByteWriter
  u32(value: number): ByteWriter
  u64(value: bigint): ByteWriter
  /** Seven bits a byte, the lowest first. */
  varint(value: number): ByteWriter
  bytes(): Uint8Array
}

export function byteWriter(): ByteWriter {
  let buffer = Buffer.alloc(64)
  let length = 0
  const put = (bytes: number, write: (buffer: Buffer, at: number) => void): ByteWriter => {
    if (length + bytes > buffer.length)
      buffer = Buffer.concat([buffer, Buffer.alloc(buffer.length + bytes)])
    write(buffer, length)
    length += bytes
    return writer
  }
  const writer: ByteWriter = {
    u8: (value) => put(1, (to, at) => to.writeUInt8(value, at)),
    u16: (value) => put(2, (to, at) => to.writeUInt16LE(value, at)),
    u32: (value) => put(4, (to, at) => to.writeUInt32LE(value, at)),
    u64: (value) => put(8, (to, at) => to.writeBigUInt64LE(value, at)),
    varint(value) {
      let rest = value
      for (; rest > 127; rest = Math.floor(rest / 128)) writer.u8((rest & 127) | 128)
      return writer.u8(rest)
    },
    bytes: () => buffer.subarray(0, length),
  }
  return writer
}

export interface ByteReader {
  u8(): number
  u16(): number
  u32(): number
  u64(): bigint
  varint(): number
  skip(bytes: number): void
  /** Nothing is read, and no memory taken, before it is known that all of them are there. */
  repeated<T>(count: number, bytesOfEach: number, read: () => T): T[]
}

export function byteReader(bytes: Uint8Array): ByteReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const next = (count: number): number => {
    const from = at
    at += count
    if (at > view.byteLength) throw new RangeError('the bytes end here')
    return from
  }
  const reader: ByteReader = {
    u8: () => view.getUint8(next(1)),
    u16: () => view.getUint16(next(2), true),
    u32: () => view.getUint32(next(4), true),
    u64: () => view.getBigUint64(next(8), true),
    varint() {
      let value = 0
      for (let factor = 1; factor < 2 ** 35; factor *= 128) {
        const byte = reader.u8()
        value += (byte & 127) * factor
        if (byte < 128) return value
      }
      throw new RangeError('a number is too long')
    },
    skip: (count) => void next(count),
    repeated(count, bytesOfEach, read) {
      if (count * bytesOfEach > view.byteLength - at) throw new RangeError('there are fewer')
      return Array.from({ length: count }, read)
    },
  }
  return reader
}
