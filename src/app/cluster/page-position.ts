/**
 * Makes paging by number stable. Both clouds page by an offset, and an offset shifts when clusters come and go between two
 * pages: some would be seen twice, others never. So the place where a page ended is remembered, and the page that follows
 * begins behind that place rather than at the offset. A reader that jumps into the middle gets the plain offset.
 * Positions are per caller and listing; when one caller walks the same listing twice at once, the later walk's serve both.
 */
import { limits } from '../../limits.ts'

export interface PagePositions {
  /** Where the page at `offset` begins: behind this seq, or undefined when no page that ended there was read. */
  behind(walk: string, offset: number): number | undefined | Promise<number | undefined>
  note(walk: string, nextOffset: number, lastSeq: number): void | Promise<void>
}

export function pagePositions(most: number = limits.pagePositions): PagePositions {
  const positions = new Map<string, number>()
  return {
    behind: (walk, offset) => positions.get(`${walk} ${offset}`),
    note(walk, nextOffset, lastSeq) {
      const key = `${walk} ${nextOffset}`
      positions.delete(key)
      positions.set(key, lastSeq)
      if (positions.size > most) positions.delete(positions.keys().next().value!)
    },
  }
}
