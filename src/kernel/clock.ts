/**
 * Time, passed in. Nothing else in Emrys reads the system's clock.
 *
 * `now()` is the service's time: what clusters, orders and tokens live by. Tests and users may move it forward.
 * `wall()` is the machine's time: request signatures are judged by it, so that moving the service's time does not
 * lock every client out. Both are milliseconds since 1970 (UTC).
 */
export interface Clock {
  now(): number
  wall(): number
  /** Runs `task` once `now()` has reached `atMs`; moving the clock counts. The returned function cancels. */
  at(atMs: number, task: () => void): () => void
}

export interface MovableClock extends Clock {
  /** Moves service time forward by `ms` (never back: a lease or an expiry must not come undone). */
  advance(ms: number): void
  /** How far service time is ahead of the machine's, in ms. */
  readonly aheadMs: number
}

/** Node's timers hold at most 2^31-1 ms; longer waits are re-armed. */
const TIMER_MS_MAX = 2_147_000_000

interface PendingTask {
  readonly atMs: number
  readonly task: () => void
  timer: NodeJS.Timeout | undefined
}

/** The machine's clock plus an offset that `advance` adds to. Timers do not keep the process alive. */
export function systemClock(): MovableClock {
  const pending = new Set<PendingTask>()
  let aheadMs = 0
  const now = () => Date.now() + aheadMs
  const arm = (entry: PendingTask) => {
    clearTimeout(entry.timer)
    const delay = Math.min(Math.max(0, entry.atMs - now()), TIMER_MS_MAX)
    entry.timer = setTimeout(() => {
      if (now() < entry.atMs) return arm(entry)
      pending.delete(entry)
      entry.task()
    }, delay).unref()
  }
  return {
    now,
    wall: () => Date.now(),
    at(atMs, task) {
      const entry: PendingTask = { atMs, task, timer: undefined }
      pending.add(entry)
      arm(entry)
      return () => {
        pending.delete(entry)
        clearTimeout(entry.timer)
      }
    },
    advance(ms) {
      aheadMs += Math.max(0, ms)
      for (const entry of pending) arm(entry)
    },
    get aheadMs() {
      return aheadMs
    },
  }
}

/** A clock that stands still until it is moved; due tasks run inside `advance`, in order of their time. */
export function manualClock(startMs = 1_767_323_045_000): MovableClock {
  const pending = new Set<{ atMs: number; task: () => void }>()
  let time = startMs
  const runDue = () => {
    for (;;) {
      const due = [...pending].filter((entry) => entry.atMs <= time).sort((a, b) => a.atMs - b.atMs)
      const next = due[0]
      if (!next) return
      pending.delete(next)
      next.task()
    }
  }
  return {
    now: () => time,
    wall: () => time,
    at(atMs, task) {
      const entry = { atMs, task }
      pending.add(entry)
      return () => {
        pending.delete(entry)
      }
    },
    advance(ms) {
      time += Math.max(0, ms)
      runDue()
    },
    get aheadMs() {
      return time - startMs
    },
  }
}
