/** A mutex for each key: one holder at a time, in the order of their requests; several keys side by side. */

export type WithLock = <T>(key: string, work: () => Promise<T>) => Promise<T>

export interface KeyedMutex {
  readonly withLock: WithLock
  /** Resolves when everything that is under way now has ended. */
  settled(): Promise<unknown>
}

export function keyedMutex(): KeyedMutex {
  const tails = new Map<string, Promise<unknown>>()
  return {
    withLock(key, work) {
      const held = (tails.get(key) ?? Promise.resolve()).then(work, work)
      const tail = held.catch(() => {}).finally(() => tails.get(key) === tail && tails.delete(key))
      tails.set(key, tail)
      return held
    },
    settled: () => Promise.all(tails.values()),
  }
}
