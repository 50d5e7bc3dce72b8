/** A bounded number of pieces of work at the same time; the rest waits, first come, first served. */
export type Pool = <T>(work: () => Promise<T>) => Promise<T>

export function pool(size: number): Pool {
  const waiting: (() => void)[] = []
  let busy = 0
  const release = () => {
    const next = waiting.shift()
    if (next) next()
    else busy--
  }
  return async (work) => {
    if (busy < size) busy++
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      release()
    }
  }
}
