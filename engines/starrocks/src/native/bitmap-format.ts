/**
 * A BITMAP as StarRocks and its clients exchange it: a byte for the form, then one member, a plain list of up to 32, or Roaring bitmaps
 * in their portable format (one for each upper half of 32 bits). What is read is proved before it is taken.
 * reference: StarRocks' bitmap_value_detail.h; https://github.com/RoaringBitmap/RoaringFormatSpec.
 */
import { byteReader, byteWriter } from './byte-cursor.ts'
import type { ByteReader, ByteWriter } from './byte-cursor.ts'

const FORM = { empty: 0, single32: 1, bitmap32: 2, single64: 3, bitmap64: 4, list: 10 } as const

/** More members are kept as a bitmap. */
const LIST_MAX = 32
/** Of an image that a client sends, where a run of a few bytes can stand for 65 536 members, and of all bitmaps of one call: all sessions wait for it. */
export const MEMBERS_MAX = 1024 * 1024

const COOKIE = 12_346
const COOKIE_WITH_RUNS = 12_347
/** With runs, smaller bitmaps have no table of offsets. */
const OFFSETS_FROM = 4
const ARRAY_MAX = 4096
const BITSET_BYTES = 8192

const LOW_32 = 0xffff_ffffn

interface Run {
  readonly start: number
  readonly last: number
}

/** Members are sorted and differ. */
export function bitmapToBytes(members: readonly bigint[]): Uint8Array {
  const out = byteWriter()
  const [first] = members
  if (first === undefined) return out.u8(FORM.empty).bytes()
  if (members.length === 1)
    return first <= LOW_32
      ? out.u8(FORM.single32).u32(Number(first)).bytes()
      : out.u8(FORM.single64).u64(first).bytes()
  if (members.length <= LIST_MAX) {
    out.u8(FORM.list).u32(members.length)
    for (const member of members) out.u64(member)
    return out.bytes()
  }
  const halves = groupBy(
    members,
    (member) => Number(member >> 32n),
    (member) => Number(member & LOW_32),
  )
  const only = halves.get(0)
  if (halves.size === 1 && only) {
    writeRoaring(out.u8(FORM.bitmap32), only)
    return out.bytes()
  }
  out.u8(FORM.bitmap64).varint(halves.size)
  for (const [high, lows] of halves) writeRoaring(out.u32(high), lows)
  return out.bytes()
}

function groupBy<T>(
  items: readonly T[],
  key: (item: T) => number,
  value: (item: T) => number,
): Map<number, number[]> {
  const groups = new Map<number, number[]>()
  for (const item of items) {
    const at = key(item)
    const group = groups.get(at)
    if (group) group.push(value(item))
    else groups.set(at, [value(item)])
  }
  return groups
}

interface Container {
  readonly key: number
  readonly lows: readonly number[]
  readonly runs?: readonly Run[]
}

function writeRoaring(out: ByteWriter, members: readonly number[]): void {
  const groups = groupBy(
    members,
    (member) => member >>> 16,
    (member) => member & 0xffff,
  )
  const containers = [...groups].map(([key, lows]) => containerOf(key, lows))
  const hasRuns = containers.some(({ runs }) => runs)
  if (hasRuns) {
    out.u32(COOKIE_WITH_RUNS + (containers.length - 1) * 65_536)
    for (let at = 0; at < containers.length; at += 8) out.u8(flagsOf(containers.slice(at, at + 8)))
  } else {
    out.u32(COOKIE).u32(containers.length)
  }
  for (const { key, lows } of containers) out.u16(key).u16(lows.length - 1)
  if (!hasRuns || containers.length >= OFFSETS_FROM) {
    const flags = hasRuns ? 4 + Math.ceil(containers.length / 8) : 8
    let offset = flags + containers.length * 8
    for (const container of containers) {
      out.u32(offset)
      offset += bytesOf(container)
    }
  }
  for (const container of containers) writeContainer(out, container)
}

const flagsOf = (containers: readonly Container[]): number =>
  containers.reduce((flags, { runs }, at) => (runs ? flags | (1 << at) : flags), 0)

function containerOf(key: number, lows: readonly number[]): Container {
  const runs: Run[] = []
  let start = lows[0] ?? 0
  for (const [at, low] of lows.entries()) {
    if (lows[at + 1] === low + 1) continue
    runs.push({ start, last: low })
    start = lows[at + 1] ?? 0
  }
  const plain = { key, lows }
  const withRuns = { key, lows, runs }
  return bytesOf(withRuns) < bytesOf(plain) ? withRuns : plain
}

const bytesOf = ({ lows, runs }: Container): number => {
  if (runs) return 2 + 4 * runs.length
  return lows.length <= ARRAY_MAX ? 2 * lows.length : BITSET_BYTES
}

function writeContainer(out: ByteWriter, { lows, runs }: Container): void {
  if (runs) {
    out.u16(runs.length)
    for (const { start, last } of runs) out.u16(start).u16(last - start)
  } else if (lows.length <= ARRAY_MAX) {
    for (const low of lows) out.u16(low)
  } else {
    const bits = new Uint8Array(BITSET_BYTES)
    for (const low of lows) bits[low >> 3] = (bits[low >> 3] ?? 0) | (1 << (low & 7))
    for (const byte of bits) out.u8(byte)
  }
}

/** Sorted, each once; undefined for what is no bitmap. */
export function bitmapFromBytes(image: Uint8Array): readonly bigint[] | undefined {
  try {
    const members = readForm(byteReader(image))
    return isAscending(members)
      ? members
      : [...new Set(members)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** As all but a short list are: sorting a million would take a second. */
const isAscending = (members: readonly bigint[]): boolean =>
  members.every((member, at) => at === 0 || (members[at - 1] ?? member) < member)

function readForm(input: ByteReader): readonly bigint[] {
  const form = input.u8()
  if (form === FORM.empty) return []
  if (form === FORM.single32) return [BigInt(input.u32())]
  if (form === FORM.single64) return [input.u64()]
  if (form === FORM.list) return input.repeated(input.u32(), 8, () => input.u64())
  const members: bigint[] = []
  if (form === FORM.bitmap32) readRoaring(input, 0n, members)
  else if (form === FORM.bitmap64) {
    const count = input.varint()
    for (let at = 0; at < count; at += 1) {
      const high = BigInt(input.u32()) << 32n
      readRoaring(input, high, members)
    }
  } else throw new RangeError('no such form')
  return members
}

function readRoaring(input: ByteReader, high: bigint, members: bigint[]): void {
  const cookie = input.u32()
  const hasRuns = (cookie & 0xffff) === COOKIE_WITH_RUNS
  if (!hasRuns && cookie !== COOKIE) throw new RangeError('no Roaring bitmap')
  const count = hasRuns ? (cookie >>> 16) + 1 : input.u32()
  if (count > 65_536) throw new RangeError('too many containers')
  const flags = hasRuns ? input.repeated(Math.ceil(count / 8), 1, () => input.u8()) : []
  const heads = input.repeated(count, 4, () => ({ key: input.u16(), size: input.u16() + 1 }))
  if (!hasRuns || count >= OFFSETS_FROM) input.skip(4 * count)
  for (const [at, { key, size }] of heads.entries()) {
    const base = high + BigInt(key * 65_536)
    const isRun = (((flags[at >> 3] ?? 0) >> (at & 7)) & 1) === 1
    for (const low of isRun ? readRuns(input) : readPlain(input, size)) {
      if (members.length >= MEMBERS_MAX)
        throw new Error(`A bitmap of more than ${MEMBERS_MAX} members cannot be read`)
      members.push(base + BigInt(low))
    }
  }
}

function readRuns(input: ByteReader): readonly number[] {
  const runs = input.repeated(input.u16(), 4, () => ({ start: input.u16(), more: input.u16() }))
  const lows: number[] = []
  for (const { start, more } of runs) {
    if (start + more > 0xffff || lows.length > 0xffff) throw new RangeError('a run is too long')
    for (let low = start; low <= start + more; low += 1) lows.push(low)
  }
  return lows
}

function readPlain(input: ByteReader, size: number): readonly number[] {
  if (size <= ARRAY_MAX) return input.repeated(size, 2, () => input.u16())
  const bits = input.repeated(BITSET_BYTES, 1, () => input.u8())
  const lows: number[] = []
  for (const [at, byte] of bits.entries())
    for (let bit = 0; bit < 8; bit += 1) if ((byte >> bit) & 1) lows.push(at * 8 + bit)
  return lows
}
