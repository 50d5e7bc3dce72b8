/**
 * A thread for work that would hold up the one that all share. It is started by the first work, and ended when none came for a while. One piece of
 * work at a time, of each user in turn; work that ends the thread is its own to say so.
 */
import type { Clock } from './clock.ts'
import { turnQueue, type Asker } from './turn-queue.ts'

export interface StartedThread {
  readonly hasEnded: boolean
  end(): Promise<void>
}

export interface WorkThread<Thread> {
  run<T>(asker: Asker, work: (thread: Thread) => Promise<T>): Promise<T>
  /** Resolves when no work is under way; none begins until the function that it resolves with is called. */
  pause(): Promise<() => void>
  stop(): Promise<void>
}

const IDLE_MS = 30_000

export function workThread<Thread extends StartedThread>(
  clock: Clock,
  start: () => Thread,
): WorkThread<Thread> {
  const queue = turnQueue()
  let running: Thread | undefined
  let stopIdle: (() => void) | undefined
  const stop = async (): Promise<void> => {
    const ended = running
    running = undefined
    stopIdle?.()
    await ended?.end()
  }
  const runNow = async <T>(work: (thread: Thread) => Promise<T>): Promise<T> => {
    stopIdle?.()
    // It may have ended while it had nothing to do.
    if (running === undefined || running.hasEnded) running = start()
    const thread = running
    try {
      return await work(thread)
    } finally {
      if (thread.hasEnded && running === thread) running = undefined
      else stopIdle = clock.at(clock.now() + IDLE_MS, () => void stop())
    }
  }
  return {
    run: (asker, work) => queue.run(asker, () => runNow(work)),
    pause() {
      const paused = Promise.withResolvers<() => void>()
      const { promise, resolve } = Promise.withResolvers<void>()
      void queue.run({ user: '' }, () => {
        paused.resolve(resolve)
        return promise
      })
      return paused.promise
    },
    stop,
  }
}
