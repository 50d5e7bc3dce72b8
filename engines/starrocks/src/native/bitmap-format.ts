/**
 * A BITMAP as StarRocks and its clients exchange it: a byte for the form, then one member, a plain list of up to 32, or Roaring bitmaps
 * in their portable format (one for each upper half of 32 bits). What is read is proved before it is taken.
 * reference: StarRocks' bitmap_value_detail.h; https://github.com/RoaringBitmap/RoaringFormatSpec.
 */
import { byteReader } from './byte-cursor.ts'
import type { ByteReader } from './byte-cursor.ts'
import { membersOf, roomForMembers } from './member-list.ts'
import type { Members, MemberRoom } from './member-list.ts'

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

/** Members are sorted and differ. */
export function bitmapToBytes(list: BigUint64Array): Uint8Array {
  const members = membersOf(list)
  const { count } = members
  if (count === 0) return Uint8Array.of(FORM.empty)
  if (count === 1) return oneMember(members)
  if (count <= LIST_MAX) return shortList(list)
  const halves = halvesOf(members)
  const [only] = halves
  const isSmall = halves.length === 1 && members.high(0) === 0
  const size = halves.reduce((sum, { bytes }) => sum + bytes + (isSmall ? 0 : 4), 0)
  const image = Buffer.alloc(1 + (isSmall ? 0 : varintBytes(halves.length)) + size)
  if (isSmall && only) {
    image.writeUInt8(FORM.bitmap32)
    writeRoaring(image, 1, members, only)
    return image
  }
  image.writeUInt8(FORM.bitmap64)
  let at = writeVarint(image, 1, halves.length)
  for (const half of halves) {
    image.writeUInt32LE(members.high(half.containers[0]?.from ?? 0), at)
    at = writeRoaring(image, at + 4, members, half)
  }
  return image
}

function oneMember(members: Members): Uint8Array {
  const isSmall = members.high(0) === 0
  const image = Buffer.alloc(isSmall ? 5 : 9)
  image.writeUInt8(isSmall ? FORM.single32 : FORM.single64)
  image.writeUInt32LE(members.low(0), 1)
  if (!isSmall) image.writeUInt32LE(members.high(0), 5)
  return image
}

function shortList(list: BigUint64Array): Uint8Array {
  const image = Buffer.alloc(5 + list.byteLength)
  image.writeUInt8(FORM.list)
  image.writeUInt32LE(list.length, 1)
  image.set(new Uint8Array(list.buffer, list.byteOffset, list.byteLength), 5)
  return image
}

/** Members that have their upper 48 bits in common, by their places. */
interface Container {
  readonly from: number
  readonly to: number
  /** How many runs they are, where that takes less room; otherwise 0. */
  readonly runs: number
}

/** Members that have their upper 32 bits in common. */
interface Half {
  readonly containers: readonly Container[]
  readonly hasRuns: boolean
  readonly bytes: number
}

function halvesOf(members: Members): readonly Half[] {
  const halves: Half[] = []
  let containers: Container[] = []
  for (let from = 0; from < members.count;) {
    const container = containerFrom(members, from)
    containers.push(container)
    from = container.to
    if (from < members.count && members.high(from) === members.high(from - 1)) continue
    halves.push(halfOf(containers))
    containers = []
  }
  return halves
}

function containerFrom(members: Members, from: number): Container {
  const [high, key] = [members.high(from), members.low(from) >>> 16]
  let runs = 1
  let to = from + 1
  for (; to < members.count; to += 1) {
    const low = members.low(to)
    if (low >>> 16 !== key || members.high(to) !== high) break
    if (low !== members.low(to - 1) + 1) runs += 1
  }
  return { from, to, runs: runBytes(runs) < plainBytes(to - from) ? runs : 0 }
}

const runBytes = (runs: number): number => 2 + 4 * runs
const plainBytes = (count: number): number => (count <= ARRAY_MAX ? 2 * count : BITSET_BYTES)

const bytesOf = ({ from, to, runs }: Container): number =>
  runs > 0 ? runBytes(runs) : plainBytes(to - from)

function halfOf(containers: readonly Container[]): Half {
  const hasRuns = containers.some(({ runs }) => runs > 0)
  const inside = containers.reduce((sum, container) => sum + bytesOf(container), 0)
  const offsets = hasOffsets(containers, hasRuns) ? 4 * containers.length : 0
  const bytes = headBytes(containers, hasRuns) + 4 * containers.length + offsets + inside
  return { containers, hasRuns, bytes }
}

const headBytes = (containers: readonly Container[], hasRuns: boolean): number =>
  hasRuns ? 4 + Math.ceil(containers.length / 8) : 8

const hasOffsets = (containers: readonly Container[], hasRuns: boolean): boolean =>
  !hasRuns || containers.length >= OFFSETS_FROM

/** Answers where it ends. */
function writeRoaring(image: Buffer, from: number, members: Members, half: Half): number {
  const { containers, hasRuns } = half
  if (hasRuns) image.writeUInt32LE(COOKIE_WITH_RUNS + (containers.length - 1) * 65_536, from)
  else {
    image.writeUInt32LE(COOKIE, from)
    image.writeUInt32LE(containers.length, from + 4)
  }
  const heads = from + headBytes(containers, hasRuns)
  const offsets = heads + 4 * containers.length
  const isListed = hasOffsets(containers, hasRuns)
  let at = offsets + (isListed ? 4 * containers.length : 0)
  for (const [index, container] of containers.entries()) {
    if (container.runs > 0) {
      const flags = from + 4 + (index >> 3)
      image.writeUInt8(image.readUInt8(flags) | (1 << (index & 7)), flags)
    }
    image.writeUInt16LE(members.low(container.from) >>> 16, heads + 4 * index)
    image.writeUInt16LE(container.to - container.from - 1, heads + 4 * index + 2)
    if (isListed) image.writeUInt32LE(at - from, offsets + 4 * index)
    writeContainer(image, at, members, container)
    at += bytesOf(container)
  }
  return at
}

function writeContainer(image: Buffer, at: number, members: Members, container: Container): void {
  const { from, to, runs } = container
  if (runs > 0) writeRuns(image, at, members, container)
  else if (to - from <= ARRAY_MAX)
    for (let place = from; place < to; place += 1)
      image.writeUInt16LE(members.low(place) & 0xffff, at + 2 * (place - from))
  else
    for (let place = from; place < to; place += 1) {
      const low = members.low(place) & 0xffff
      const byte = at + (low >> 3)
      image[byte] = (image[byte] ?? 0) | (1 << (low & 7))
    }
}

function writeRuns(
  image: Buffer,
  at: number,
  members: Members,
  { from, to, runs }: Container,
): void {
  image.writeUInt16LE(runs, at)
  let next = at + 2
  for (let start = from; start < to;) {
    let end = start + 1
    while (end < to && members.low(end) === members.low(end - 1) + 1) end += 1
    image.writeUInt16LE(members.low(start) & 0xffff, next)
    image.writeUInt16LE(end - start - 1, next + 2)
    next += 4
    start = end
  }
}

/** Seven bits a byte, the lowest first. */
function writeVarint(image: Buffer, from: number, value: number): number {
  let [at, rest] = [from, value]
  for (; rest > 127; rest = Math.floor(rest / 128)) at = image.writeUInt8((rest & 127) | 128, at)
  return image.writeUInt8(rest, at)
}

const varintBytes = (value: number): number => (value < 128 ? 1 : 1 + varintBytes(value >>> 7))

/** Sorted, each once; undefined for what is no bitmap. */
export function bitmapFromBytes(image: Uint8Array): BigUint64Array | undefined {
  try {
    const room = roomForMembers(MEMBERS_MAX)
    readForm(byteReader(image), room)
    return room.sorted()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function readForm(input: ByteReader, room: MemberRoom): void {
  const form = input.u8()
  if (form === FORM.empty) return
  if (form === FORM.single32) room.add(input.u32(), 0)
  else if (form === FORM.single64) room.add(input.u32(), input.u32())
  else if (form === FORM.list) readList(input, room)
  else if (form === FORM.bitmap32) readRoaring(input, 0, room)
  else if (form === FORM.bitmap64) {
    const count = input.varint()
    for (let at = 0; at < count; at += 1) {
      const high = input.u32()
      readRoaring(input, high, room)
    }
  } else throw new RangeError('no such form')
}

function readList({ view, take, u32 }: ByteReader, room: MemberRoom): void {
  const bytes = 8 * u32()
  const from = take(bytes)
  for (let at = from; at < from + bytes; at += 8)
    room.add(view.getUint32(at, true), view.getUint32(at + 4, true))
}

function readRoaring(input: ByteReader, high: number, room: MemberRoom): void {
  const { view, take } = input
  const cookie = input.u32()
  const hasRuns = (cookie & 0xffff) === COOKIE_WITH_RUNS
  if (!hasRuns && cookie !== COOKIE) throw new RangeError('no Roaring bitmap')
  const count = hasRuns ? (cookie >>> 16) + 1 : input.u32()
  if (count > 65_536) throw new RangeError('too many containers')
  const flags = hasRuns ? take(Math.ceil(count / 8)) : 0
  const heads = take(4 * count)
  if (!hasRuns || count >= OFFSETS_FROM) take(4 * count)
  for (let index = 0; index < count; index += 1) {
    const base = view.getUint16(heads + 4 * index, true) * 65_536
    const size = view.getUint16(heads + 4 * index + 2, true) + 1
    const isRun = hasRuns && ((view.getUint8(flags + (index >> 3)) >> (index & 7)) & 1) === 1
    if (isRun) readRuns(input, base, high, room)
    else if (size > ARRAY_MAX) readBits(input, base, high, room)
    else {
      const from = take(2 * size)
      for (let at = from; at < from + 2 * size; at += 2)
        room.add(base + view.getUint16(at, true), high)
    }
  }
}

function readRuns(input: ByteReader, base: number, high: number, room: MemberRoom): void {
  const { view, take } = input
  const runs = input.u16()
  const from = take(4 * runs)
  let count = 0
  for (let at = from; at < from + 4 * runs; at += 4) {
    const [start, more] = [view.getUint16(at, true), view.getUint16(at + 2, true)]
    if (start + more > 0xffff || count > 0xffff) throw new RangeError('a run is too long')
    for (let low = start; low <= start + more; low += 1) room.add(base + low, high)
    count += more + 1
  }
}

function readBits({ view, take }: ByteReader, base: number, high: number, room: MemberRoom): void {
  const from = take(BITSET_BYTES)
  for (let at = 0; at < BITSET_BYTES; at += 1) {
    const byte = view.getUint8(from + at)
    for (let bit = 0; bit < 8; bit += 1) if ((byte >> bit) & 1) room.add(base + at * 8 + bit, high)
  }
}
