/**
 * Listings that walk many documents are read in a thread with a connection of its own (kernel/work-thread.ts), so that nobody else waits for
 * them: a million are walked in more than a second.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Fault } from '../../domain/fault.ts'
import { systemClock } from '../../kernel/clock.ts'
import { programFile } from '../../kernel/place.ts'
import { workThread, type StartedThread } from '../../kernel/work-thread.ts'
import { limits } from '../../limits.ts'
import type { Row, Statement } from '../sql/connection.ts'

export interface ListingThread {
  /** One at a time, of each account in turn. Throws Overloaded when too many of the account wait; without an account it is never refused. */
  find(account: string | undefined, listing: LongListing): Promise<FoundPage>
  /** Nothing is read from the database when it resolves, and nothing will be until the function that it resolves with is called. */
  pause(): Promise<() => void>
  /** Once what is being read has been; what waits is refused. */
  end(): Promise<void>
}

export interface LongListing {
  readonly page: Statement
  readonly total: Statement
}

export interface FoundPage {
  readonly rows: readonly Row[]
  readonly total: number
}

export interface ThreadOptions {
  readonly file: string
}

/** What the thread answers. */
export type Found = FoundPage | { readonly problem: string }

const PROGRAM = programFile('src/store/sqlite/listing-worker')
/** For the documents of a page; what SQLite keeps in memory is not of the heap. */
const HEAP_MB = 128

export function listingThread(options: ThreadOptions): ListingThread {
  let isEnded = false
  const thread = workThread(systemClock(), () => {
    if (isEnded) throw new Error('the store is closed')
    return startThread(options)
  })
  const waiting = new Map<string, number>()
  const find = (user: string, listing: LongListing) =>
    thread.run({ user }, (running) => running.find(listing))
  return {
    async find(account, listing) {
      if (account === undefined) return find('', listing)
      const count = waiting.get(account) ?? 0
      if (count >= limits.longListingsWaiting) throw new Fault('Overloaded', { what: 'listings' })
      waiting.set(account, count + 1)
      try {
        return await find(account, listing)
      } finally {
        const left = (waiting.get(account) ?? 0) - 1
        if (left > 0) waiting.set(account, left)
        else waiting.delete(account)
      }
    },
    pause: thread.pause,
    async end() {
      isEnded = true
      const resume = await thread.pause()
      await thread.stop()
      resume()
    },
  }
}

interface RunningThread extends StartedThread {
  find(listing: LongListing): Promise<FoundPage>
}

function startThread(options: ThreadOptions): RunningThread {
  const resourceLimits = { maxOldGenerationSizeMb: HEAP_MB }
  const worker = new Worker(PROGRAM, { workerData: options, resourceLimits })
  let hasEnded = false
  for (const event of ['error', 'exit']) worker.once(event, () => (hasEnded = true))
  return {
    get hasEnded() {
      return hasEnded
    },
    async end() {
      hasEnded = true
      await worker.terminate()
    },
    async find(listing) {
      // While nobody waits for it, it keeps no process running.
      worker.ref()
      // It rejects where the thread fails; ended from here, it is between two listings.
      const answer = once(worker, 'message') as Promise<[Found]>
      worker.postMessage(listing, [])
      try {
        const [found] = await answer
        if ('problem' in found) throw new Error(found.problem)
        return found
      } finally {
        worker.unref()
      }
    },
  }
}
