/**
 * Cuts the incoming byte stream into packets. A logical packet is one or more pieces of 3 bytes length, 1 byte
 * sequence number and payload; a piece of exactly 0xffffff bytes is continued by the next one.
 *
 * Guarantees: a payload is whole, its pieces are numbered as expected (1156 otherwise) and its size is refused at
 * the header, before its bytes are kept (1153).
 */
import { byteStore } from './byte-store.ts'
import { FramingError, refusal } from './protocol-error.ts'

export const PIECE_MAX = 0xff_ffff
const HEADER = 4

export interface Packet {
  readonly payload: Buffer
  /** Of its last piece; an answer continues from here. */
  readonly sequence: number
}

export interface PacketInput {
  push(chunk: Buffer): void
  /** The next whole packet, whose first piece must carry `sequence`; undefined while it is incomplete. */
  take(sequence: number): Packet | undefined
  /** Bytes received and not taken. */
  readonly held: number
  /** Bytes of payload that the headers of the packet now arriving announced; 0 between packets. */
  readonly announced: number
  /** Of the last piece that began to arrive. */
  readonly lastSequence: number
  /** The largest logical packet from now on. */
  limit(bytes: number): void
  /** Takes whatever is there, unparsed: what follows a TLS request belongs to the TLS layer. */
  drain(): Buffer
}

export function packetInput(limitBytes: number): PacketInput {
  const store = byteStore()
  let largest = limitBytes
  let pieces: Buffer[] = []
  let joined = 0
  /** Of the piece whose header was read; -1 before its header. */
  let pieceLength = -1
  let lastSequence = 255

  const readHeader = (sequence: number): void => {
    const length = store.peek(0) | (store.peek(1) << 8) | (store.peek(2) << 16)
    lastSequence = store.peek(3)
    store.take(HEADER)
    if (lastSequence !== ((sequence + pieces.length) & 0xff)) {
      throw new FramingError(refusal.outOfOrder())
    }
    if (joined + length > largest) throw new FramingError(refusal.packetTooLarge(largest))
    pieceLength = length
  }
  /** The packet, if this piece was its last. */
  const addPiece = (piece: Buffer): Packet | undefined => {
    pieceLength = -1
    if (piece.length === PIECE_MAX) {
      pieces.push(piece)
      joined += PIECE_MAX
      return undefined
    }
    const payload = pieces.length === 0 ? piece : Buffer.concat([...pieces, piece])
    pieces = []
    joined = 0
    return { payload, sequence: lastSequence }
  }

  return {
    push: (chunk) => store.append(chunk),
    take(sequence) {
      for (;;) {
        if (pieceLength < 0) {
          if (store.length < HEADER) return undefined
          readHeader(sequence)
        }
        if (store.length < pieceLength) return undefined
        const packet = addPiece(store.take(pieceLength))
        if (packet) return packet
      }
    },
    get held() {
      return store.length + joined
    },
    get announced() {
      return joined + Math.max(0, pieceLength)
    },
    get lastSequence() {
      return lastSequence
    },
    limit(bytes) {
      largest = bytes
    },
    drain() {
      pieces = []
      joined = 0
      return store.take(store.length)
    },
  }
}
