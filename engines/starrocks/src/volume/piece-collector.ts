/**
 * Which pieces the store has, and the removal of those that no record refers to any more. One that is being removed counts as there only
 * once that is over.
 */
import type { ObjectFolder } from '../../../../src/kernel/object-folder.ts'
import { pieceFolder, pieceName } from './piece.ts'

export interface PieceCollector {
  /** Whether the store has not got it: whoever asked brings it then, and has it counted as there. */
  claim(digest: string): Promise<boolean>
  /** Removes all others, after `before`, beside what else is done. What fails is found again by the next one. */
  keepOnly(digests: readonly string[], before: () => Promise<void>): void
  stop(): Promise<void>
}

export function pieceCollector(
  folder: ObjectFolder,
  known: readonly string[],
  failed: (problem: string) => void,
): PieceCollector {
  const stored = new Set(known)
  let doomed = new Set<string>()
  let work: Promise<void> | undefined
  let stopped = false
  const remove = async (kept: ReadonlySet<string>, before: () => Promise<void>) => {
    await before()
    const names = await folder.list(pieceFolder)
    const old = names
      .map((name) => name.slice(pieceFolder.length))
      .filter((digest) => !kept.has(digest) && !stored.has(digest))
    doomed = new Set(old)
    for (const digest of old) {
      if (stopped) return
      await folder.remove(pieceName(digest))
    }
  }
  return {
    async claim(digest) {
      if (doomed.has(digest)) await work
      if (stored.has(digest)) return false
      stored.add(digest)
      return true
    },
    keepOnly(digests, before) {
      const kept = new Set(digests)
      for (const digest of stored) if (!kept.has(digest)) stored.delete(digest)
      // The next base finds what comes meanwhile.
      work ??= remove(kept, before)
        .catch((error: unknown) => failed((error as Error).message))
        .finally(() => {
          doomed = new Set()
          work = undefined
        })
    },
    async stop() {
      stopped = true
      await work
    },
  }
}
