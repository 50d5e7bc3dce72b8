/**
 * What the database has under the ids that were read or written lately: a write knows what it wrote, so that a document that was just committed
 * is not asked for. Only one process commits; what a batch wrote counts once it is committed, and until then whoever is in
 * the batch asks the database for it. What somebody else committed all the same makes all of it void (store.ts).
 */
import type { Kind } from '../document.ts'
import type { Stored } from '../listing.ts'
import { recentMap } from '../recent-map.ts'
import type { WriteObserver } from '../sql/write-observer.ts'

export interface KnownDocuments extends WriteObserver {
  /** The committed one; undefined when there is none, `unknown` when the database has to be asked. */
  find(kind: Kind, id: string): Stored | 'unknown' | undefined
  /** Whether the batch under way wrote it, or may have. */
  isWritten(kind: Kind, id: string): boolean
  /** As a statement found it in what is committed. */
  keep(kind: Kind, id: string, it: Stored | undefined): void
  /** The highest place that any document was given. */
  highestSeq(): number
  /** The batch is durable. */
  committed(): void
  forget(): void
}

/** Of clusters with what belongs to them, some hundreds: those that are created and converge, and what requests look up. */
const DOCUMENTS_MAX = 1_500

/** Nobody asks for an order soon after it was written; each creation has one. */
const NOT_KEPT: ReadonlySet<Kind> = new Set(['order'])

/** Unknown what was undone, or is not worth keeping: the database has to be asked. */
type Written = Stored | 'none' | 'unknown'

interface KnownOptions {
  /** How many are kept. */
  readonly most?: number
  readonly highestSeq?: number
}

export function knownDocuments(options: KnownOptions = {}): KnownDocuments {
  const { most = DOCUMENTS_MAX } = options
  const recent = recentMap<string, Stored | 'none'>(most)
  let written = new Map<string, Written>()
  let marked: string[] = []
  let isCleared = false
  let { highestSeq = 0 } = options
  const begin = () => {
    written = new Map()
    marked = []
    isCleared = false
  }
  return {
    find(kind, id) {
      const known = recent.get(keyOf(kind, id)) ?? 'unknown'
      return known === 'none' ? undefined : known
    },
    isWritten: (kind, id) => isCleared || written.has(keyOf(kind, id)),
    keep(kind, id, it) {
      recent.set(keyOf(kind, id), it ?? 'none')
    },
    begin,
    wrote(kind, id, it) {
      const key = keyOf(kind, id)
      highestSeq = Math.max(highestSeq, it?.seq ?? 0)
      written.set(key, NOT_KEPT.has(kind) ? 'unknown' : (it ?? 'none'))
      marked.push(key)
    },
    highestSeq: () => highestSeq,
    cleared() {
      isCleared = true
    },
    mark() {
      marked = []
    },
    undo() {
      for (const key of marked) written.set(key, 'unknown')
    },
    committed() {
      if (isCleared) recent.clear()
      for (const [key, it] of isCleared ? [] : written)
        if (it === 'unknown') recent.delete(key)
        else recent.set(key, it)
      begin()
    },
    forget: recent.clear,
  }
}

function keyOf(kind: Kind, id: string): string {
  return `${kind}/${id}`
}
