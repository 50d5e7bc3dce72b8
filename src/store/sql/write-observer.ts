/** Hears of every document that a transaction writes, so that what is known of it is not asked for. */
import type { Kind } from '../document.ts'
import type { Stored } from '../listing.ts'

export interface WriteObserver {
  /** Undefined is one that was removed. */
  wrote(kind: Kind, id: string, it: Stored | undefined): void
  /** Every document is gone. */
  cleared(): void
  /** What follows may be undone without what came before. */
  mark(): void
  /** What was written since the mark is undone. */
  undo(): void
  /** Nothing is written yet. */
  begin(): void
}
