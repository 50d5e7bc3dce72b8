/** Composition root, its part for several servers of one store: what a server alone keeps in its own memory, kept by all together. */
import type { PagePositions } from '../../app/cluster/page-position.ts'
import { Fault } from '../../domain/fault.ts'
import type { NonceCache } from '../../gateway/nonce-cache.ts'
import type { Throttle } from '../../gateway/throttle.ts'
import { sha256Bytes } from '../../kernel/digest.ts'
import { limits } from '../../limits.ts'
import type { SharedMemory } from '../../store/shared-memory.ts'

/** Two windows, and as much longer as two servers' clocks may differ. */
export function sharedNonces(memory: SharedMemory, windowMs: number): NonceCache {
  const keepMs = 2 * windowMs + limits.clockSkewMs
  return {
    remember: (keyId, nonce) =>
      memory.claim(digestOf('nonce', `${keyId.length}:${keyId}${nonce}`), keepMs),
  }
}

export function sharedThrottle(memory: SharedMemory, perSecond: number): Throttle {
  return {
    async admit(key) {
      if (perSecond === 0) return
      const seen = await memory.tick(digestOf('request', key))
      if (seen > perSecond) throw new Fault('Throttled', { seen, limit: perSecond })
    },
  }
}

export function sharedPositions(memory: SharedMemory): PagePositions {
  const keyOf = (walk: string, offset: number) => digestOf('page', `${walk} ${offset}`)
  return {
    behind: (walk, offset) => memory.noted(keyOf(walk, offset)),
    note: (walk, nextOffset, lastSeq) =>
      memory.note(keyOf(walk, nextOffset), lastSeq, limits.pagePositionMs),
  }
}

/** Short, and of one size, whatever clients send. */
function digestOf(what: string, text: string): string {
  return Buffer.from(sha256Bytes(`${what} ${text}`), 'latin1').toString('base64')
}
