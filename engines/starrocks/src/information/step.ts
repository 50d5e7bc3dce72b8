/** Work of very many small parts, which others may have their turns between: a catalog may have a hundred thousand partitions. */
import { beginTurn } from '../../../../src/kernel/turn.ts'

/** It yields after each of them. */
export type Steps<T> = Generator<undefined, T, undefined>

export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  const turn = beginTurn()
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
    if (turn.isOver()) await turn.next()
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
