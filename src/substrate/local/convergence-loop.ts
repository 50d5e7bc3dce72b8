/** Follows instances until they are as their notes say, pass by pass (converge.ts), one loop for each, until it is closed. */
import { setTimeout as pause } from 'node:timers/promises'
import { converge } from './converge.ts'
import type { Driver } from './driver.ts'

export interface ConvergenceLoop {
  /** Sees to it that the instance is brought to what its note says now. Returns at once. */
  enqueue(id: string): void
  close(): void
}

export function convergenceLoop(driver: Driver): ConvergenceLoop {
  const requests = new Map<string, number>()
  const closed = new AbortController()

  const follow = async (id: string): Promise<void> => {
    try {
      while (!closed.signal.aborted) {
        const request = requests.get(id)
        const { againInMs } = await driver.withLock(id, () => converge(driver, id))
        if (againInMs !== undefined)
          await pause(againInMs, undefined, { ref: false, signal: closed.signal })
        else if (requests.get(id) === request) return
      }
    } catch (problem) {
      if (!closed.signal.aborted)
        driver.log.error({ id, err: problem }, 'an instance could not be brought to its note')
    } finally {
      // In the same moment as the last look at the requests: none is lost between them.
      requests.delete(id)
    }
  }

  return {
    enqueue(id) {
      const known = requests.get(id)
      requests.set(id, (known ?? 0) + 1)
      if (known === undefined) void follow(id)
    },
    close: () => closed.abort(),
  }
}
