/** How far commits have come, how far the store has, and who waits for the one to reach the other. */
import { VolumeError } from './log-record.ts'

export interface LogPosition {
  /** Counts the write-ahead logs. */
  readonly epoch: number
  /** Bytes of the log. */
  readonly log: number
}

export interface LogPositions {
  current(): LogPosition
  move(next: LogPosition): void
  /** Whether the store has all of it. */
  isReached(): boolean
  reach(stored: LogPosition | undefined): void
  /** Resolves when the store has what is there now; throws VolumeError when it never will. */
  settled(): Promise<void>
  fail(reason: string): void
  failure(): string | undefined
}

interface Waiter {
  readonly at: LogPosition
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

export function positions(epoch: number): LogPositions {
  const waiters = new Set<Waiter>()
  let current: LogPosition = { epoch, log: 0 }
  let stored: LogPosition | undefined
  let failure: string | undefined
  const has = (at: LogPosition): boolean =>
    stored !== undefined &&
    (stored.epoch > at.epoch || (stored.epoch === at.epoch && stored.log >= at.log))
  return {
    current: () => current,
    move(next) {
      current = next
    },
    isReached: () => has(current),
    reach(next) {
      stored = next && { epoch: next.epoch, log: next.log }
      for (const waiter of waiters) {
        if (!has(waiter.at)) continue
        waiters.delete(waiter)
        waiter.resolve()
      }
    },
    async settled() {
      if (failure !== undefined) throw new VolumeError(failure)
      if (has(current)) return
      const at = current
      await new Promise<void>((resolve, reject) => waiters.add({ at, resolve, reject }))
    },
    fail(reason) {
      failure ??= reason
      for (const { reject } of waiters) reject(new VolumeError(failure))
      waiters.clear()
    },
    failure: () => failure,
  }
}
