/**
 * Remembers which nonces a key has used, so that a recorded request cannot be sent again while its signature is
 * still fresh.
 *
 * A signature may be dated up to one window ahead of now and stays fresh until one window after its date; so a nonce
 * is kept for two windows, the last millisecond included. Entries are held in order of arrival and leave from
 * the front: constant time per call, amortised, without a timer. The memory is this process's own; servers of one
 * store have one together instead (src/server/shared/memory.ts).
 *
 * Call `remember` only for a request whose signature was proved.
 */
import { sha256Bytes } from '../kernel/digest.ts'
import { SignatureProblem } from './signed-request.ts'

export interface NonceCache {
  /**
   * True when the key has not used this nonce within two windows; false for a replay.
   * @throws SignatureProblem `nonce-cache-full` when only unexpired nonces are held and there is no room left
   */
  remember(keyId: string, nonce: string, nowMs: number): boolean | Promise<boolean>
}

/** That of one server, in its memory. */
interface OwnNonceCache extends NonceCache {
  remember(keyId: string, nonce: string, nowMs: number): boolean
  /** Nonces held now. */
  size(): number
}

export interface NonceCacheOptions {
  /** The freshness window of the signatures, in milliseconds. */
  readonly windowMs: number
  /** Most nonces held at once. */
  readonly limit?: number
}

/**
 * Half an hour (two of the longer windows, 15 minutes) of about 550 signed requests per second, in about 90 MB (measured) if it
 * ever fills. A full cache refuses instead of forgetting: forgetting the oldest nonce would let a sender of many
 * requests replay an old one.
 */
const NONCE_LIMIT = 1_000_000

/** One set of a million grows in one long pause; many small ones grow in many short ones. */
const SHARDS = 256

export function createNonceCache(options: NonceCacheOptions): OwnNonceCache {
  const lifetimeMs = 2 * options.windowMs
  const limit = options.limit ?? NONCE_LIMIT
  const shards = Array.from({ length: SHARDS }, () => new Set<string>())
  // The order of arrival. A Set keeps one too, but walks over the places of all deleted members to find its first.
  let entries: string[] = []
  let times: number[] = []
  let first = 0

  function forgetExpired(nowMs: number): void {
    // Should the clock step back, entries wait behind later ones: kept too long, never too short.
    for (let atMs = times[first]; atMs !== undefined; atMs = times[first]) {
      if (nowMs - atMs <= lifetimeMs) break
      const entry = entries[first] ?? ''
      shardOf(entry)?.delete(entry)
      first += 1
    }
    if (first > entries.length / 2) {
      entries = entries.slice(first)
      times = times.slice(first)
      first = 0
    }
  }

  /** An entry is a digest, and its first byte says where it is held. */
  function shardOf(entry: string): Set<string> | undefined {
    return shards[entry.charCodeAt(0)]
  }

  return {
    remember(keyId, nonce, nowMs) {
      forgetExpired(nowMs)
      // The length in front keeps ('ab', 'c') and ('a', 'bc') apart; the digest makes all entries equally small.
      const entry = sha256Bytes(`${keyId.length}:${keyId}${nonce}`)
      const shard = shardOf(entry)
      if (shard?.has(entry) !== false) return false
      if (entries.length - first >= limit) throw new SignatureProblem('nonce-cache-full')
      shard.add(entry)
      entries.push(entry)
      times.push(nowMs)
      return true
    },
    size: () => entries.length - first,
  }
}
