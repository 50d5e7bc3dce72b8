/**
 * Documents that were read lately, so that looking at the same clusters again neither fetches nor parses them. A document is known
 * by its place and its revision, which the statement always reads: a changed document is another one, so nothing can be stale.
 * Only for a connection that sees committed states: a revision that is rolled back can be used again for something else.
 */
import type { Stored } from '../port.ts'

export interface DocumentCache {
  find(seq: number, revision: number): Stored | undefined
  keep(stored: Stored): void
}

/** A document takes some kilobytes once parsed; this many are about a page for each of a hundred clients. */
const DOCUMENTS_MAX = 1000

export function documentCache(most: number = DOCUMENTS_MAX): DocumentCache {
  // Two generations: the elder is dropped when the younger is full, and what is still asked for moves over. Constant time per
  // call, and never more than twice the bound.
  let younger = new Map<number, Stored>()
  let elder = new Map<number, Stored>()
  const keep = (stored: Stored) => {
    if (younger.size >= most) {
      elder = younger
      younger = new Map()
    }
    younger.set(stored.seq, stored)
  }
  return {
    keep,
    find(seq, revision) {
      const known = younger.get(seq)
      if (known?.revision === revision) return known
      const old = elder.get(seq)
      if (old?.revision !== revision) return undefined
      keep(old)
      return old
    },
  }
}
