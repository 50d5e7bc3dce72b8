/**
 * What comes one by one and is done together. Requests of many connections that each go all their way in turn push each other's code and
 * data out of the processor's caches: a request that has them to itself costs half.
 */

/** How a turn begins later: `setImmediate`, `process.nextTick`. */
export type Later = (begin: () => void) => void

/** `each` must not throw. At most `most` are done in one turn, the others in the next. */
export function inTurns<T>(
  later: Later,
  each: (item: T) => void,
  most = Number.MAX_SAFE_INTEGER,
): (item: T) => void {
  let waiting: T[] = []
  const begin = (): void => {
    const turn = waiting
    waiting = turn.splice(most)
    if (waiting.length > 0) later(begin)
    for (const item of turn) each(item)
  }
  return (item) => {
    if (waiting.push(item) === 1) later(begin)
  }
}
