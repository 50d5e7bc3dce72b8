/**
 * A thread for work that would hold up the one that all sessions share. It is started by the first work, and ended when none came for a
 * while. One piece of work at a time, of each user in turn; work that is cancelled ends the thread with it.
 */
import type { Worker } from 'node:worker_threads'
import type { Clock } from '../../../../src/kernel/clock.ts'
import { SqlError } from '../session.ts'
import { turnQueue } from './turn-queue.ts'
import type { Asker, OnCancel } from './turn-queue.ts'

export interface StartedThread {
  readonly hasEnded: boolean
  end(): Promise<void>
}

export interface WorkThread<Thread> {
  run<T>(asker: Asker, work: (thread: Thread) => Promise<T>): Promise<T>
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
    running ??= start()
    const thread = running
    try {
      return await work(thread)
    } finally {
      if (thread.hasEnded && running === thread) running = undefined
      else stopIdle = clock.at(clock.now() + IDLE_MS, () => void stop())
    }
  }
  return { run: (asker, work) => queue.run(asker, () => runNow(work)), stop }
}

/** The thread does not help any more. */
export class ThreadEnd extends Error {
  readonly reason: SqlError

  constructor(reason: SqlError) {
    super(reason.message)
    this.reason = reason
  }
}

/** The next thing that the thread says; rejects with a ThreadEnd when it ends, or its work is not wanted any more. `what` it reads is named then. */
export function nextMessage(
  worker: Worker,
  { what, onCancel }: { readonly what: string; readonly onCancel?: OnCancel | undefined },
): Promise<unknown> {
  const next = new Promise<unknown>((resolve, reject) => {
    const lost = (error: Error): void =>
      reject(
        new ThreadEnd(
          new SqlError(
            'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
              ? `Memory of process exceed limit while the ${what} was read`
              : `The ${what} could not be read: ${error.message}`,
          ),
        ),
      )
    const ended = (): void => lost(new Error('the engine ends'))
    const taken = (message: unknown): void => {
      worker.off('error', lost)
      worker.off('exit', ended)
      resolve(message)
    }
    worker.once('message', taken)
    worker.once('error', lost)
    worker.once('exit', ended)
    onCancel?.((reason) => {
      worker.off('message', taken)
      reject(new ThreadEnd(reason))
    })
  })
  // It may be cancelled while its work is still being sent.
  next.catch(() => undefined)
  return next
}
