/** Members of a set as pairs of 32 bits: a million numbers of 64 bits would take ten times as long one by one. */

/** The lower half of each member, then its upper half: DuckDB and Node have them so on all machines that both run on. */
export const wordsOf = (list: BigUint64Array): Uint32Array =>
  new Uint32Array(list.buffer, list.byteOffset, 2 * list.length)

export interface MemberRoom {
  /** Throws where there are too many. */
  add(low: number, high: number): void
  /** In their order, each once. */
  sorted(): BigUint64Array
}

const ROOM_FIRST = 64

export function roomForMembers(most: number): MemberRoom {
  let words = new Uint32Array(2 * ROOM_FIRST)
  let count = 0
  let isAscending = true
  return {
    add(low, high) {
      if (count >= most) throw new Error(`A bitmap of more than ${most} members cannot be read`)
      const at = 2 * count
      if (at === words.length) {
        const more = new Uint32Array(2 * words.length)
        more.set(words)
        words = more
      }
      words[at] = low
      words[at + 1] = high
      if (count > 0) {
        const before = words[at - 1] ?? 0
        isAscending &&= before < high || (before === high && (words[at - 2] ?? 0) < low)
      }
      count += 1
    },
    sorted() {
      const list = new BigUint64Array(words.buffer, 0, count)
      return isAscending ? list : distinct(list.sort())
    },
  }
}

function distinct(sorted: BigUint64Array): BigUint64Array {
  let count = 0
  for (const [at, member] of sorted.entries()) {
    if (at > 0 && member === sorted[at - 1]) continue
    sorted[count] = member
    count += 1
  }
  return sorted.subarray(0, count)
}
