/**
 * Gives engines the key of their object storage: after each start, when they say that they have none, and when it has become another.
 * What was given is remembered by a digest, in memory: a new server gives it again.
 */
import type { ObjectStorageKey } from '../../domain/object-storage.ts'
import type { Clock } from '../../kernel/clock.ts'
import { sha256Hex } from '../../kernel/digest.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { Logger } from '../../kernel/log.ts'

export interface StorageKeys {
  /** Never throws: what fails is tried again with a later look. */
  give(to: KeyRecipient): Promise<void>
  /** Forgets all instances but these. */
  keepOnly(ids: ReadonlySet<string>): void
}

/** A process that has object storage. */
export interface KeyRecipient {
  readonly id: string
  /** Of the instance. */
  readonly name: string
  readonly pid: number
  readonly hasKey: boolean
  take(key: ObjectStorageKey): Promise<void>
}

export interface StorageKeyOptions {
  readonly objectStorageKey?: ((id: string) => Promise<ObjectStorageKey>) | undefined
  readonly clock: Pick<Clock, 'wall'>
  readonly log: Logger
}

/** How soon another key is given. */
const FRESH_MS = 15_000

interface Given {
  readonly pid: number
  readonly digest: string
  readonly atMs: number
  /** Why it was not. */
  readonly failed?: string
}

export function storageKeys({ objectStorageKey, clock, log }: StorageKeyOptions): StorageKeys {
  const known = new Map<string, Given>()
  return {
    keepOnly(ids) {
      for (const place of known.keys())
        if (!ids.has(place.slice(0, place.indexOf('/')))) known.delete(place)
    },
    async give({ id, name, pid, hasKey, take }) {
      if (!objectStorageKey) return
      const place = `${id}/${name}`
      const before = known.get(place)
      const atMs = clock.wall()
      const isFresh = before?.pid === pid && atMs - before.atMs < FRESH_MS
      if (isFresh && (hasKey || before.failed !== undefined)) return
      try {
        const key = await objectStorageKey(id)
        const digest = sha256Hex(canonicalJson(key))
        if (before?.pid !== pid || before.digest !== digest || !hasKey) await take(key)
        known.set(place, { pid, digest, atMs })
      } catch (problem) {
        const failed = (problem as Error).message
        if (before?.failed !== failed)
          log.warn({ id, reason: failed }, 'an engine has no key of its object storage')
        known.set(place, { pid, digest: '', atMs, failed })
      }
    },
  }
}
