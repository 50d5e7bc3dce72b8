/**
 * Received bytes in one piece, in order. A segment that arrives while nothing is held is kept as it is; others are
 * copied behind what is held, into room that doubles, so that a peer that sends byte by byte costs no more than twice its
 * bytes. What was taken out is never written over.
 */
export interface ByteStore {
  readonly length: number
  append(chunk: Buffer): void
  /** Without taking it; `length` says whether it is there. */
  peek(index: number): number
  /** At most `length` bytes. */
  take(bytes: number): Buffer
}

const GROWTH_MIN = 4_096
const EMPTY = Buffer.alloc(0)

export function byteStore(): ByteStore {
  let store: Buffer = EMPTY
  let from = 0
  let to = 0
  return {
    get length() {
      return to - from
    },
    append(chunk) {
      const used = to - from
      if (used === 0) {
        store = chunk
        from = 0
        to = chunk.length
        return
      }
      if (store.length - to < chunk.length) {
        const grown = Buffer.allocUnsafeSlow(Math.max(GROWTH_MIN, (used + chunk.length) * 2))
        store.copy(grown, 0, from, to)
        store = grown
        from = 0
        to = used
      }
      chunk.copy(store, to)
      to += chunk.length
    },
    peek: (index) => store[from + index] ?? 0,
    take(bytes) {
      const taken = store.subarray(from, Math.min(to, from + bytes))
      from += taken.length
      if (from === to) {
        store = EMPTY
        from = to = 0
      }
      return taken
    },
  }
}
