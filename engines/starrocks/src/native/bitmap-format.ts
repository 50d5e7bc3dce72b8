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
  const containers = containersOf(members)
  let [halves, size] = [0, 0]
  for (let first = 0; first < containers.count; halves += 1) {
    const half = halfFrom(members, containers, first)
    size += half.bytes
    first += half.count
  }
  const isSmall = halves === 1 && members.high(0) === 0
  const head = isSmall ? 1 : 1 + varintBytes(halves) + 4 * halves
  const image = new Uint8Array(head + size)
  image[0] = isSmall ? FORM.bitmap32 : FORM.bitmap64
  const target = { image, view: new DataView(image.buffer), members, containers }
  let at = isSmall ? 1 : writeVarint(image, 1, halves)
  for (let first = 0; first < containers.count;) {
    const half = halfFrom(members, containers, first)
    if (!isSmall) {
      target.view.setUint32(at, members.high(containers.bounds[first] ?? 0), true)
      at += 4
    }
    at = writeRoaring(target, at, half)
    first += half.count
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

/**
 * Of members that have their upper 48 bits in common: where those of each begin, and how many runs they are where that takes less room,
 * otherwise 0. In lists of numbers, since a million members may be as many containers.
 */
interface Containers {
  readonly count: number
  /** One more than there are: each begins where the one before ends. */
  readonly bounds: Uint32Array
  readonly runs: Uint32Array
}

function containersOf({ count, low, high }: Members): Containers {
  const bounds = new Uint32Array(count + 1)
  const runsOf = new Uint32Array(count)
  let made = 0
  let [from, runs] = [0, 1]
  let [key, upper, before] = [low(0) >>> 16, high(0), low(0)]
  for (let to = 1; to < count; to += 1) {
    const [member, half] = [low(to), high(to)]
    if (member >>> 16 === key && half === upper) {
      if (member !== before + 1) runs += 1
    } else {
      runsOf[made] = shorterRuns(runs, to - from)
      made += 1
      bounds[made] = to
      from = to
      runs = 1
      key = member >>> 16
      upper = half
    }
    before = member
  }
  runsOf[made] = shorterRuns(runs, count - from)
  bounds[made + 1] = count
  return { count: made + 1, bounds, runs: runsOf }
}

const shorterRuns = (runs: number, count: number): number =>
  runBytes(runs) < plainBytes(count) ? runs : 0

const bytesOf = (runs: number, count: number): number =>
  runs > 0 ? runBytes(runs) : plainBytes(count)

const runBytes = (runs: number): number => 2 + 4 * runs
const plainBytes = (count: number): number => (count <= ARRAY_MAX ? 2 * count : BITSET_BYTES)

/** Containers of members that have their upper 32 bits in common. */
interface Half {
  readonly first: number
  readonly count: number
  readonly hasRuns: boolean
  readonly bytes: number
}

/** It is made anew where it is written: a million members may be as many halves. */
function halfFrom(members: Members, { bounds, runs, count }: Containers, first: number): Half {
  let [inside, hasRuns, from] = [0, false, bounds[first] ?? 0]
  const high = members.high(from)
  let next = first
  while (next < count && members.high(from) === high) {
    const [to, runCount] = [bounds[next + 1] ?? 0, runs[next] ?? 0]
    inside += bytesOf(runCount, to - from)
    hasRuns ||= runCount > 0
    from = to
    next += 1
  }
  const found = next - first
  const heads = headBytes(found, hasRuns) + (hasOffsets(found, hasRuns) ? 8 : 4) * found
  return { first, count: found, hasRuns, bytes: heads + inside }
}

const headBytes = (count: number, hasRuns: boolean): number =>
  hasRuns ? 4 + Math.ceil(count / 8) : 8

const hasOffsets = (count: number, hasRuns: boolean): boolean => !hasRuns || count >= OFFSETS_FROM

interface Target {
  readonly image: Uint8Array
  /** Of the image. */
  readonly view: DataView
  readonly members: Members
  readonly containers: Containers
}

/** Answers where it ends. */
function writeRoaring(target: Target, from: number, half: Half): number {
  const { image, view, members, containers } = target
  const { first, count, hasRuns } = half
  if (hasRuns) view.setUint32(from, COOKIE_WITH_RUNS + (count - 1) * 65_536, true)
  else {
    view.setUint32(from, COOKIE, true)
    view.setUint32(from + 4, count, true)
  }
  const heads = from + headBytes(count, hasRuns)
  const offsets = heads + 4 * count
  const isListed = hasOffsets(count, hasRuns)
  let at = offsets + (isListed ? 4 * count : 0)
  let begin = containers.bounds[first] ?? 0
  for (let index = 0; index < count; index += 1) {
    const end = containers.bounds[first + index + 1] ?? 0
    const runs = containers.runs[first + index] ?? 0
    if (runs > 0) {
      const flags = from + 4 + (index >> 3)
      image[flags] = (image[flags] ?? 0) | (1 << (index & 7))
    }
    view.setUint16(heads + 4 * index, members.low(begin) >>> 16, true)
    view.setUint16(heads + 4 * index + 2, end - begin - 1, true)
    if (isListed) view.setUint32(offsets + 4 * index, at - from, true)
    if (runs > 0) {
      view.setUint16(at, runs, true)
      writeRuns(target, at + 2, begin, end)
    } else writeMembers(target, at, begin, end)
    at += bytesOf(runs, end - begin)
    begin = end
  }
  return at
}

function writeMembers(
  { image, view, members }: Target,
  at: number,
  from: number,
  to: number,
): void {
  if (to - from <= ARRAY_MAX)
    for (let place = from; place < to; place += 1)
      view.setUint16(at + 2 * (place - from), members.low(place) & 0xffff, true)
  else
    for (let place = from; place < to; place += 1) {
      const low = members.low(place) & 0xffff
      const byte = at + (low >> 3)
      image[byte] = (image[byte] ?? 0) | (1 << (low & 7))
    }
}

function writeRuns({ view, members }: Target, at: number, from: number, to: number): void {
  let next = at
  for (let start = from; start < to;) {
    let end = start + 1
    while (end < to && members.low(end) === members.low(end - 1) + 1) end += 1
    view.setUint16(next, members.low(start) & 0xffff, true)
    view.setUint16(next + 2, end - start - 1, true)
    next += 4
    start = end
  }
}

/** Seven bits a byte, the lowest first. */
function writeVarint(image: Uint8Array, from: number, value: number): number {
  let [at, rest] = [from, value]
  for (; rest > 127; rest = Math.floor(rest / 128)) image[at++] = (rest & 127) | 128
  image[at] = rest
  return at + 1
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
