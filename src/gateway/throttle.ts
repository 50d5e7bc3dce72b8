/**
 * The documented rate limit: so many requests in each second for an account, action and region. Fixed windows of one
 * second, as the clouds' message counts them ("`21` in a second"). Memory is one entry a key per second, and the keys of the
 * past second are dropped as a whole.
 */
import { Fault } from '../domain/fault.ts'

export interface Throttle {
  /** Counts a request. Throws Throttled beyond the limit. */
  admit(key: string, nowMs: number): void | Promise<void>
}

/** `perSecond` 0 means without limit. */
export function throttle(perSecond: number): Throttle {
  let second = 0
  let counts = new Map<string, number>()
  return {
    admit(key, nowMs) {
      if (perSecond === 0) return
      const now = Math.floor(nowMs / 1000)
      if (now !== second) {
        second = now
        counts = new Map()
      }
      const seen = (counts.get(key) ?? 0) + 1
      counts.set(key, seen)
      if (seen > perSecond) throw new Fault('Throttled', { seen, limit: perSecond })
    },
  }
}
