/** Values as Kafka's protocol writes them (kafka.apache.org/protocol): big-endian, with lengths before texts and lists. */

/** What an answer holds, in its order. Throws a RangeError where it ends too early. */
export interface WireReader {
  int16(): number
  int32(): number
  skip(bytes: number): void
  /** Empty where there is none. */
  text(): string
  list<T>(each: () => T): readonly T[]
  /** Of the newer messages. */
  compactText(): string
  compactList<T>(each: () => T): readonly T[]
  /** What newer versions may add to a message. */
  tags(): void
}

export function wireReader(bytes: Buffer): WireReader {
  let at = 0
  const taken = (count: number) => {
    if (count < 0 || at + count > bytes.length) throw new RangeError('the answer is too short')
    at += count
    return at - count
  }
  const int16 = () => bytes.readInt16BE(taken(2))
  const int32 = () => bytes.readInt32BE(taken(4))
  const varint = () => {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes.readUInt8(taken(1))
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new RangeError('a number of the answer is too long')
  }
  const textOf = (length: number) => {
    const from = taken(Math.max(0, length))
    return bytes.toString('utf8', from, at)
  }
  const listOf = <T>(count: number, each: () => T) => {
    const values: T[] = []
    for (let number = 0; number < count; number++) values.push(each())
    return values
  }
  return {
    int16,
    int32,
    skip: (count) => void taken(count),
    text: () => textOf(int16()),
    list: (each) => listOf(int32(), each),
    compactText: () => textOf(varint() - 1),
    compactList: (each) => listOf(varint() - 1, each),
    tags() {
      for (let count = varint(); count > 0; count--) {
        varint()
        taken(varint())
      }
    },
  }
}

export function int32Bytes(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

export function varintBytes(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.of(...bytes, rest)
    bytes.push((rest & 0x7f) | 0x80)
  }
}

export function compactText(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([varintBytes(bytes.length + 1), bytes])
}

export function compactList(values: readonly Buffer[]): Buffer {
  return Buffer.concat([varintBytes(values.length + 1), ...values])
}

export const NO_TAGS = Buffer.of(0)
