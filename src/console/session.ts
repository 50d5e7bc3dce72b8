/**
 * Sessions of the console: kept in memory only, so that a restart ends them all. A browser holds a random id in a cookie that no script
 * and no foreign page gets; here its digest is kept. Writes need the session's request token beside it, which only our own page reads.
 * A session ends by its age, by lying idle, by signing out, and by making room: their number is bounded.
 */
import { randomBytes } from 'node:crypto'
import { equalText, sha256Hex } from '../kernel/digest.ts'
import type { Clock } from '../kernel/clock.ts'
import { limits } from '../limits.ts'

/** Who signed in: with a key of a cloud, whose owner's policies hold; or with the token of the administration. */
export type SessionOwner =
  | { readonly kind: 'key'; readonly dialect: string; readonly keyId: string }
  | { readonly kind: 'administrator' }

export interface Session {
  readonly owner: SessionOwner
  readonly requestToken: string
  readonly endsMs: number
}

export interface Sessions {
  /** Returns the id for the cookie, beside the session. */
  begin(owner: SessionOwner): { readonly id: string; readonly session: Session }
  /** Undefined for one that ended, or never was. Looking counts as use. */
  find(id: string): Session | undefined
  /** The same, and no use of it. */
  has(id: string): boolean
  end(id: string): void
  readonly size: number
}

interface Held extends Session {
  usedMs: number
}

export function sessions(clock: Pick<Clock, 'wall'>): Sessions {
  /** By digest, least recently used first. */
  const held = new Map<string, Held>()
  const isOver = ({ endsMs, usedMs }: Held, nowMs: number) =>
    nowMs >= endsMs || nowMs - usedMs >= limits.consoleIdleMs
  const makeRoom = (nowMs: number) => {
    for (const [digest, it] of held) if (isOver(it, nowMs)) held.delete(digest)
    while (held.size >= limits.consoleSessions) held.delete(held.keys().next().value!)
  }
  return {
    begin(owner) {
      const nowMs = clock.wall()
      makeRoom(nowMs)
      const id = secret()
      const endsMs = nowMs + limits.consoleSessionMs
      const session: Held = { owner, requestToken: secret(), endsMs, usedMs: nowMs }
      held.set(sha256Hex(id), session)
      return { id, session }
    },
    find(id) {
      const digest = sha256Hex(id)
      const found = held.get(digest)
      if (!found) return undefined
      held.delete(digest)
      const nowMs = clock.wall()
      if (isOver(found, nowMs)) return undefined
      found.usedMs = nowMs
      held.set(digest, found)
      return found
    },
    has(id) {
      const found = held.get(sha256Hex(id))
      return found !== undefined && !isOver(found, clock.wall())
    },
    end: (id) => void held.delete(sha256Hex(id)),
    get size() {
      return held.size
    },
  }
}

/** Whether a write comes from our own page. */
export function carriesRequestToken(session: Session, sent: string | undefined): boolean {
  return sent !== undefined && equalText(sent, session.requestToken)
}

/** 32 bytes in base64url, from the system whatever the server's own ids come from. */
function secret(): string {
  return randomBytes(32).toString('base64url')
}
