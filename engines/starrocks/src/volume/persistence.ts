/** Tries again what a store does not take, always the same, until it is there or nobody wants it any more. */
import { setTimeout as pause } from 'node:timers/promises'
import { backoffMs } from '../../../../src/kernel/backoff.ts'
import type { Logger } from '../../../../src/kernel/log.ts'
import { StoreError } from '../../../../src/kernel/object-folder.ts'

export interface Persistence {
  /** Throws what is no StoreError, and when it is given up. */
  persist<T>(work: () => Promise<T>): Promise<T>
  /** Why the last try failed, while it is not there. */
  problem(): string | undefined
}

const RETRY = { firstMs: 100, mostMs: 5_000 }

export function persistence(
  log: Logger,
  fraction: () => number,
  givenUp: AbortSignal,
): Persistence {
  let problem: string | undefined
  return {
    problem: () => problem,
    async persist(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          const value = await work()
          if (problem !== undefined) log.info({}, 'the object storage of the volume answers again')
          problem = undefined
          return value
        } catch (error) {
          if (!(error instanceof StoreError)) throw error
          const { message: reason } = error
          if (problem === undefined)
            log.warn({ reason }, 'what was committed does not reach its object storage')
          problem = reason
        }
        const waitMs = backoffMs(attempt, fraction(), RETRY)
        await pause(waitMs, undefined, { signal: givenUp })
      }
    },
  }
}
