/**
 * Pages of listings as they were read since the last commit: until the next one they are the same. Clients that wait list the same again
 * and again, and making the statements of a listing costs more than looking up their rows (committed-rows.ts). What a caller may
 * see is in the listing, or decided beside it.
 */
import type { Kind } from '../document.ts'
import type { Listing, Page } from '../listing.ts'
import type { DocumentReader } from '../port.ts'

export interface CommittedPages extends Pick<DocumentReader, 'list'> {
  /** Whatever was committed is seen by what is listed from now on. */
  forget(): void
}

/** Documents have some kilobytes each, and most of these are kept as documents anyway. */
const DOCUMENTS_MAX = 1_000

export function committedPages({ list }: Pick<DocumentReader, 'list'>): CommittedPages {
  const pages = new Map<string, Page<Kind>>()
  let documents = 0
  let forgotten = 0
  const forget = () => {
    pages.clear()
    documents = 0
    forgotten++
  }
  const keep = (key: string, page: Page<Kind>) => {
    const size = page.rows.length + 1
    if (documents + size > DOCUMENTS_MAX) {
      pages.clear()
      documents = 0
    }
    if (size > DOCUMENTS_MAX) return
    documents += size
    pages.set(key, page)
  }
  return {
    async list<K extends Kind>(kind: K, listing: Listing) {
      const key = `${kind} ${JSON.stringify(listing)}`
      const before = pages.get(key)
      if (before) return before as Page<K>
      const since = forgotten
      const page = await list(kind, listing)
      // What was committed meanwhile may be in a part of it.
      if (forgotten === since) keep(key, page)
      return page
    },
    forget,
  }
}
