/** What a shape may have at most: it is read and compared at once, and all sessions wait for it. None of these takes 50 ms. */

const VERTICES_MAX = 10_000
/** Each is compared with each. */
const LOOPS_MAX = 256
const EDGE_PAIRS_MAX = 1024 * 1024

export function refuseLongShape(text: string): void {
  if (occursMore(text, ',', VERTICES_MAX - 1))
    throw new Error(`A shape of more than ${VERTICES_MAX} vertices cannot be read`)
  if (occursMore(text, '(', LOOPS_MAX + 1))
    throw new Error(`A polygon of more than ${LOOPS_MAX} loops cannot be read`)
}

function occursMore(text: string, sign: string, most: number): boolean {
  let found = 0
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
    found += 1
    if (found > most) return true
  }
  return false
}

export function refuseManyPairs(count: number): void {
  if (count > EDGE_PAIRS_MAX)
    throw new Error(
      `Shapes of which more than ${EDGE_PAIRS_MAX} pairs of edges have to be compared cannot be taken`,
    )
}
