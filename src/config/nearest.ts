/** The nearest of known names to one that is not known, so that a refusal can name what was probably meant. */

/** Longer names are no misspelling of a setting, and would only take time. */
const LENGTH_MAX = 64
const DISTANCE_MAX = 3

/** Undefined where none is near: a third of the letters or more would have to change. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > LENGTH_MAX) return undefined
  const most = Math.min(DISTANCE_MAX, Math.max(1, Math.ceil(name.length / 3) - 1))
  let found: string | undefined
  let least = most + 1
  for (const each of known) {
    if (Math.abs(each.length - name.length) >= least) continue
    const distance = distanceOf(name, each)
    if (distance < least) [found, least] = [each, distance]
  }
  return found
}

/** Letters added, left out, changed, or exchanged with the one beside (optimal string alignment). */
function distanceOf(one: string, other: string): number {
  let above: number[] = []
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1]
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1))
      const exchanged = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      if (i > 1 && j > 1 && exchanged) cost = Math.min(cost, above[j - 2]! + 1)
      next.push(cost)
    }
    above = row
    row = next
  }
  return row.at(-1)!
}
