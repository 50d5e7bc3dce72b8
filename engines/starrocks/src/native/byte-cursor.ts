/** Numbers in little-endian order, read one after the other. What is not there to be read is a RangeError. */

export interface ByteReader {
  u8(): number
  u16(): number
  u32(): number
  varint(): number
  /** Where so many bytes begin, of which it is known then that they are there. */
  take(bytes: number): number
  /** How many bytes are not taken yet. */
  left(): number
  /** Of all bytes, to read in what was taken. */
  readonly view: DataView
}

export function byteReader(bytes: Uint8Array): ByteReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const take = (count: number): number => {
    const from = at
    at += count
    if (at > view.byteLength) throw new RangeError('the bytes end here')
    return from
  }
  const reader: ByteReader = {
    view,
    take,
    left: () => view.byteLength - at,
    u8: () => view.getUint8(take(1)),
    u16: () => view.getUint16(take(2), true),
    u32: () => view.getUint32(take(4), true),
    varint() {
      let value = 0
      for (let factor = 1; factor < 2 ** 35; factor *= 128) {
        const byte = reader.u8()
        value += (byte & 127) * factor
        if (byte < 128) return value
      }
      throw new RangeError('a number is too long')
    },
  }
  return reader
}
