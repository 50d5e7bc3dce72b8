/** Work of very many small parts, which others may have their turns between: a catalog may have a hundred thousand partitions. */
import { setImmediate as nextTurn } from 'node:timers/promises'

/** It yields after each of them. */
export type Steps<T> = Generator<undefined, T, undefined>

const TURN_MICROS = 5_000

export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const begun = process.threadCpuUsage()
    let usedMicros = 0
    while (usedMicros < TURN_MICROS) {
      const { done, value } = steps.next()
      if (done === true) return value
      const { user, system } = process.threadCpuUsage(begun)
      usedMicros = user + system
    }
    await nextTurn()
  }
}

const ITEMS_EACH = 256

export function* mapInSteps<T, R>(items: Iterable<T>, make: (item: T) => R): Steps<R[]> {
  const made: R[] = []
  for (const item of items) {
    made.push(make(item))
    if (made.length % ITEMS_EACH === 0) yield
  }
  return made
}
