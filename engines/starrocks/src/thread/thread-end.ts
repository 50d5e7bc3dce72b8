/** What a thread for long work (src/kernel/work-thread.ts) says, and how it ends. */
import type { Worker } from 'node:worker_threads'
import { SqlError } from '../session.ts'

/** Says once that work is not wanted any more, and why. */
export type OnCancel = (listener: (reason: SqlError) => void) => void

export interface Asker {
  /** Whose turn it takes. */
  readonly user: string
  readonly onCancel?: OnCancel | undefined
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
