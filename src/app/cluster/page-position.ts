/**
 * Makes paging by number stable. Both clouds page by an offset, and an offset shifts when clusters come and go between two
 * pages: some would be seen twice, others never. So the place where a page ended is remembered, and the page that follows
 * begins behind that place rather than at the offset. A reader that jumps into the middle gets the plain offset.
 * Marks are per caller and listing; when one caller walks the same listing twice at once, the later walk's marks serve both.
 */
import { limits } from '../../limits.ts'

export interface PageMarks {
  /** Where the page at `offset` begins: behind this seq, or undefined when no page that ended there was read. */
  behind(walk: string, offset: number): number | undefined
  note(walk: string, nextOffset: number, lastSeq: number): void
}

export function pageMarks(most: number = limits.pageMarks): PageMarks {
  const marks = new Map<string, number>()
  return {
    behind: (walk, offset) => marks.get(`${walk} ${offset}`),
    note(walk, nextOffset, lastSeq) {
      const key = `${walk} ${nextOffset}`
      marks.delete(key)
      marks.set(key, lastSeq)
      if (marks.size > most) marks.delete(marks.keys().next().value!)
    },
  }
}
