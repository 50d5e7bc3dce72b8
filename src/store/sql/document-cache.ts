/**
 * Documents that were read lately, so that looking at the same clusters again neither fetches nor parses them. A document is known
 * by its place and its revision, which the statement always reads: a changed document is another one, so nothing can be stale.
 * Only for a connection that sees committed states: a revision that is rolled back can be used again for something else.
 */
import type { Stored } from '../port.ts'
import { recentMap } from '../recent-map.ts'

export interface DocumentCache {
  find(seq: number, revision: number): Stored | undefined
  keep(stored: Stored): void
}

/** A document takes some kilobytes once parsed; this many are about a page for each of a hundred clients. */
const DOCUMENTS_MAX = 1000

export function documentCache(most: number = DOCUMENTS_MAX): DocumentCache {
  const known = recentMap<number, Stored>(most)
  return {
    keep: (stored) => known.set(stored.seq, stored),
    find(seq, revision) {
      const found = known.get(seq)
      return found?.revision === revision ? found : undefined
    },
  }
}
