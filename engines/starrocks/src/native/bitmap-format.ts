/**
 * A BITMAP as StarRocks and its clients exchange it: a byte for the form, then one member, a plain list of up to 32, or Roaring bitmaps
 * in their portable format (one for each upper half of 32 bits). What is read is proved before it is taken.
 * reference: StarRocks' bitmap_value_detail.h; https://github.com/RoaringBitmap/RoaringFormatSpec.
 */
import { byteReader } from './byte-cursor.ts'
import type { ByteReader } from './byte-cursor.ts'
import { roomForMembers, wordsOf } from './member-list.ts'
import type { MemberRoom } from './member-list.ts'

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
/** Of one upper half of 32 bits. */
const CONTAINERS_MAX = 65_536

/** Members are sorted and differ. */
export function bitmapToBytes(list: BigUint64Array): Uint8Array {
  const { length: count } = list
  if (count === 0) return Uint8Array.of(FORM.empty)
  if (count === 1) return oneMember(list)
  if (count <= LIST_MAX) return shortList(list)
  const words = wordsOf(list)
  const half = halfOf(words)
  let [halves, size] = [0, 0]
  for (let at = 0; at < count; halves += 1) {
    if (isLone(words, at)) {
      size += LONE_BYTES
      at += 1
    } else {
      at = half.read(at)
      size += half.bytes
    }
  }
  const isSmall = halves === 1 && words[1] === 0
  const head = isSmall ? 1 : 1 + varintBytes(halves) + 4 * halves
  const image = new Uint8Array(head + size)
  image[0] = isSmall ? FORM.bitmap32 : FORM.bitmap64
  const target = { image, view: new DataView(image.buffer), words }
  let to = isSmall ? 1 : writeVarint(image, 1, halves)
  for (let at = 0; at < count;) {
    if (!isSmall) {
      target.view.setUint32(to, words[2 * at + 1] ?? 0, true)
      to += 4
    }
    if (isLone(words, at)) {
      to = writeLone(target, to, at)
      at += 1
    } else {
      at = half.read(at)
      to = writeRoaring(target, to, half)
    }
  }
  return image
}

function oneMember(list: BigUint64Array): Uint8Array {
  const [low = 0, high = 0] = wordsOf(list)
  const image = Buffer.alloc(high === 0 ? 5 : 9)
  image.writeUInt8(high === 0 ? FORM.single32 : FORM.single64)
  image.writeUInt32LE(low, 1)
  if (high !== 0) image.writeUInt32LE(high, 5)
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
 * Members that have their upper 32 bits in common, in containers of those that have their upper 48 bits in common. One after the other is
 * read into the same lists of numbers, since a million members may be as many halves, or as many containers.
 */
interface Half {
  /** How many containers it has. */
  readonly count: number
  /** Where each container begins, and where the last one ends. */
  readonly bounds: Uint32Array
  /** How many runs each is where that takes less room, otherwise 0. */
  readonly runs: Uint32Array
  readonly hasRuns: boolean
  /** As a Roaring bitmap. */
  readonly bytes: number
  /** Takes the one that begins there, and answers where it ends. */
  read(from: number): number
}

function halfOf(words: Uint32Array): Half {
  const most = Math.min(words.length / 2, CONTAINERS_MAX)
  const [bounds, runs] = [new Uint32Array(most + 1), new Uint32Array(most)]
  const half = { count: 0, bounds, runs, hasRuns: false, bytes: 0, read }
  return half

  function read(from: number): number {
    const high = words[2 * from + 1]
    half.count = 0
    half.hasRuns = false
    half.bytes = 0
    let [begin, found] = [from, 1]
    let before = words[2 * from] ?? 0
    let at = from + 1
    for (; 2 * at < words.length && words[2 * at + 1] === high; at += 1) {
      const member = words[2 * at] ?? 0
      if (member >>> 16 === before >>> 16) {
        if (member !== before + 1) found += 1
      } else {
        addContainer(begin, at, found)
        begin = at
        found = 1
      }
      before = member
    }
    addContainer(begin, at, found)
    half.bytes += headBytes(half.count, half.hasRuns)
    half.bytes += (hasOffsets(half.count, half.hasRuns) ? 8 : 4) * half.count
    return at
  }

  function addContainer(from: number, to: number, found: number): void {
    const written = to - from === 1 ? 0 : shorterRuns(found, to - from)
    bounds[half.count] = from
    runs[half.count] = written
    half.count += 1
    bounds[half.count] = to
    half.hasRuns ||= written > 0
    half.bytes += bytesOf(written, to - from)
  }
}

const shorterRuns = (runs: number, count: number): number =>
  runBytes(runs) < plainBytes(count) ? runs : 0

const bytesOf = (runs: number, count: number): number =>
  runs > 0 ? runBytes(runs) : plainBytes(count)

const runBytes = (runs: number): number => 2 + 4 * runs
const plainBytes = (count: number): number => (count <= ARRAY_MAX ? 2 * count : BITSET_BYTES)

/** Whether it is the only member with its upper 32 bits: a million members may all be, and are written so in a third of the time. */
const isLone = (words: Uint32Array, at: number): boolean => words[2 * at + 3] !== words[2 * at + 1]

/** A head, a container's key and size, its offset, and the member. */
const LONE_BYTES = 18

function writeLone({ view, words }: Target, to: number, at: number): number {
  const low = words[2 * at] ?? 0
  view.setUint32(to, COOKIE, true)
  view.setUint32(to + 4, 1, true)
  view.setUint32(to + 8, low >>> 16, true)
  view.setUint32(to + 12, 16, true)
  view.setUint16(to + 16, low & 0xffff, true)
  return to + LONE_BYTES
}

const headBytes = (count: number, hasRuns: boolean): number =>
  hasRuns ? 4 + Math.ceil(count / 8) : 8

const hasOffsets = (count: number, hasRuns: boolean): boolean => !hasRuns || count >= OFFSETS_FROM

interface Target {
  readonly image: Uint8Array
  /** Of the image. */
  readonly view: DataView
  readonly words: Uint32Array
}

/** Answers where it ends. */
function writeRoaring(target: Target, from: number, half: Half): number {
  const { image, view, words } = target
  const { count, bounds, runs, hasRuns } = half
  if (hasRuns) view.setUint32(from, COOKIE_WITH_RUNS + (count - 1) * 65_536, true)
  else {
    view.setUint32(from, COOKIE, true)
    view.setUint32(from + 4, count, true)
  }
  const heads = from + headBytes(count, hasRuns)
  const offsets = heads + 4 * count
  const isListed = hasOffsets(count, hasRuns)
  let at = offsets + (isListed ? 4 * count : 0)
  for (let index = 0; index < count; index += 1) {
    const [begin, end] = [bounds[index] ?? 0, bounds[index + 1] ?? 0]
    const found = runs[index] ?? 0
    if (found > 0) {
      const flags = from + 4 + (index >> 3)
      image[flags] = (image[flags] ?? 0) | (1 << (index & 7))
    }
    view.setUint16(heads + 4 * index, (words[2 * begin] ?? 0) >>> 16, true)
    view.setUint16(heads + 4 * index + 2, end - begin - 1, true)
    if (isListed) view.setUint32(offsets + 4 * index, at - from, true)
    // Most members may be alone in their containers.
    if (end - begin === 1) {
      view.setUint16(at, (words[2 * begin] ?? 0) & 0xffff, true)
      at += 2
      continue
    }
    if (found > 0) {
      view.setUint16(at, found, true)
      writeRuns(target, at + 2, begin, end)
    } else writeMembers(target, at, begin, end)
    at += bytesOf(found, end - begin)
  }
  return at
}

function writeMembers({ image, view, words }: Target, at: number, from: number, to: number): void {
  if (to - from <= ARRAY_MAX)
    for (let place = from; place < to; place += 1)
      view.setUint16(at + 2 * (place - from), (words[2 * place] ?? 0) & 0xffff, true)
  else
    for (let place = from; place < to; place += 1) {
      const low = (words[2 * place] ?? 0) & 0xffff
      const byte = at + (low >> 3)
      image[byte] = (image[byte] ?? 0) | (1 << (low & 7))
    }
}

function writeRuns({ view, words }: Target, at: number, from: number, to: number): void {
  let next = at
  for (let start = from; start < to;) {
    let end = start + 1
    while (end < to && words[2 * end] === (words[2 * end - 2] ?? 0) + 1) end += 1
    view.setUint16(next, (words[2 * start] ?? 0) & 0xffff, true)
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
    for (
      let at = readLone(input, count, room);
      at < count;
      at += readLone(input, count - at, room)
    ) {
      readRoaring(input, input.u32(), room)
      at += 1
    }
  } else throw new RangeError('no such form')
}

/** Halves that follow as `writeLone` writes them, so many at most; answers how many. */
function readLone({ view, take, left }: ByteReader, most: number, room: MemberRoom): number {
  const size = 4 + LONE_BYTES
  const from = take(0)
  const end = from + size * Math.min(most, Math.floor(left() / size))
  let at = from
  for (; at < end; at += size) {
    if (view.getUint32(at + 4, true) !== COOKIE || view.getUint32(at + 8, true) !== 1) break
    if (view.getUint16(at + 14, true) !== 0) break
    const low = view.getUint16(at + 12, true) * 65_536 + view.getUint16(at + 20, true)
    room.add(low, view.getUint32(at, true))
  }
  take(at - from)
  return (at - from) / size
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
  if (count > CONTAINERS_MAX) throw new RangeError('too many containers')
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
