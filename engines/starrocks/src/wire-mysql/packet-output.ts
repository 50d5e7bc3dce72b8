/**
 * Outgoing packets, built in place, many of them in one buffer, so that one socket write carries many rows.
 *
 * Use: `beginPacket`, fields (field-writer.ts), `endPacket`, and again; `takeFinished` hands over everything finished.
 * Packets are numbered from `sequence` on; a payload of 16 MiB and more is cut into pieces. A payload above the limit
 * throws SqlError 1153, and `abandonPacket` drops it; what was finished before stays.
 *
 * A buffer that was handed over is never written again, so it may wait in a socket as long as it likes.
 * Plain state and functions instead of an object with methods: this is the hottest code of the server.
 */
import { PIECE_MAX } from './packet-input.ts'
import { refusal } from './protocol-error.ts'

export interface PacketOutput {
  readonly maxPayload: number
  /** The number of the next packet, 0 to 255. */
  sequence: number
  buffer: Buffer
  /** Where in `buffer` the bytes begin that were not handed over, */
  taken: number
  /** the packet now being built, */
  packet: number
  /** and the next field. */
  at: number
  lastTake: number
}

const HEADER = 4
/** Room for the answers of many small commands; an idle connection keeps this much. */
const SLAB_SMALL = 8_192
/** Room for one socket write of a large result and the row that crosses its threshold. */
const SLAB_LARGE = 81_920
/** `endPacket` judges a size exactly; while a packet grows, room for headers and short texts may be ahead of it. */
const GROWTH_SLACK = 4_096

export function packetOutput(maxPayload: number): PacketOutput {
  return {
    maxPayload,
    sequence: 0,
    buffer: Buffer.alloc(0),
    taken: 0,
    packet: 0,
    at: 0,
    lastTake: 0,
  }
}

export function beginPacket(out: PacketOutput): void {
  out.packet = out.at
  reserve(out, HEADER)
  out.at += HEADER
}

export function endPacket(out: PacketOutput): void {
  const { buffer, packet } = out
  const length = out.at - packet - HEADER
  if (length > out.maxPayload) throw refusal.rowTooLarge(out.maxPayload)
  if (length >= PIECE_MAX) cutIntoPieces(out, length)
  else {
    buffer[packet] = length & 0xff
    buffer[packet + 1] = (length >> 8) & 0xff
    buffer[packet + 2] = length >> 16
    buffer[packet + 3] = out.sequence
    out.sequence = (out.sequence + 1) & 0xff
  }
  out.packet = out.at
}

export function abandonPacket(out: PacketOutput): void {
  out.at = out.packet
}

/** Bytes of finished packets that were not handed over yet. */
export function finishedBytes(out: PacketOutput): number {
  return out.packet - out.taken
}

export function takeFinished(out: PacketOutput): Buffer {
  const finished = out.buffer.subarray(out.taken, out.packet)
  out.lastTake = finished.length
  out.taken = out.packet
  return finished
}

/** Makes `room` bytes at `at` writable. */
export function reserve(out: PacketOutput, room: number): void {
  if (out.at + room > out.buffer.length) grow(out, room)
}

function grow(out: PacketOutput, room: number): void {
  if (out.at - out.packet + room > out.maxPayload + GROWTH_SLACK) {
    throw refusal.rowTooLarge(out.maxPayload)
  }
  const used = out.at - out.taken
  const slab = out.lastTake > SLAB_SMALL ? SLAB_LARGE : SLAB_SMALL
  const needed = used === 0 ? room : (used + room) * 2
  const grown = Buffer.allocUnsafeSlow(Math.max(slab, needed))
  out.buffer.copy(grown, 0, out.taken, out.at)
  out.buffer = grown
  out.packet -= out.taken
  out.at = used
  out.taken = 0
}

/** A payload of 16 MiB and more: its later pieces move back by one header each, the last one first. */
function cutIntoPieces(out: PacketOutput, length: number): void {
  const count = Math.floor(length / PIECE_MAX) + 1
  reserve(out, (count - 1) * HEADER)
  const { buffer } = out
  const payload = out.packet + HEADER
  for (let index = count - 1; index >= 0; index--) {
    const start = payload + index * PIECE_MAX
    const size = Math.min(PIECE_MAX, payload + length - start)
    const moved = start + index * HEADER
    if (index > 0) buffer.copyWithin(moved, start, start + size)
    buffer.writeUIntLE(size, moved - HEADER, 3)
    buffer[moved - 1] = (out.sequence + index) & 0xff
  }
  out.at += (count - 1) * HEADER
  out.sequence = (out.sequence + count) & 0xff
}
