/**
 * Wildcard patterns: `*` is any run of characters (also none), `?` is exactly one; there is no escape.
 *
 * The cost of a match is at most pattern length × value length, whatever the pattern: policies are written by
 * users, and a matcher that backtracks (or a regular expression built from the text) would let one of them
 * stop the server with `a*a*a*…b`. A "character" is a Unicode code point, so `?` takes an emoji whole.
 */

export type Matcher = (value: string) => boolean

/** Compiles once, so that the request path only compares. */
export function wildcardMatcher(pattern: string): Matcher {
  const text = pattern.replaceAll(/\*{2,}/g, '*')
  if (text === '*') return () => true
  if (text.includes('?')) return pointwise(Array.from(text))
  const star = text.indexOf('*')
  if (star === -1) return (value) => value === text
  if (star === text.length - 1) {
    const prefix = text.slice(0, -1)
    return (value) => value.startsWith(prefix)
  }
  return piecewise(text.split('*'))
}

export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?')
}

/** Literal pieces between stars: the first and last are anchored, the others are found left to right. */
function piecewise(pieces: readonly string[]): Matcher {
  const first = pieces[0] ?? ''
  const last = pieces.at(-1) ?? ''
  const middle = pieces.slice(1, -1)
  return (value) => {
    if (value.length < first.length + last.length) return false
    if (!value.startsWith(first) || !value.endsWith(last)) return false
    const end = value.length - last.length
    let from = first.length
    for (const piece of middle) {
      const found = value.indexOf(piece, from)
      if (found === -1 || found + piece.length > end) return false
      from = found + piece.length
    }
    return true
  }
}

/** Remembers only the latest star: an earlier one never needs to take more once a later one has matched. */
function pointwise(pattern: readonly string[]): Matcher {
  return (value) => {
    const points = Array.from(value)
    let at = 0
    let next = 0
    let star = -1
    let resume = 0
    while (at < points.length) {
      if (pattern[next] === '*') {
        star = next
        resume = at
        next += 1
      } else if (next < pattern.length && (pattern[next] === '?' || pattern[next] === points[at])) {
        next += 1
        at += 1
      } else if (star === -1) {
        return false
      } else {
        resume += 1
        at = resume
        next = star + 1
      }
    }
    while (pattern[next] === '*') next += 1
    return next === pattern.length
  }
}

/** Whether the pattern matches some text that begins so. */
export function matchesBeyond(pattern: string, beginning: string): boolean {
  const points = Array.from(pattern)
  const closed = (positions: Iterable<number>): Set<number> => {
    const all = new Set(positions)
    // A star may stand for nothing.
    for (const at of all) if (points[at] === '*') all.add(at + 1)
    return all
  }
  let positions = closed([0])
  for (const point of Array.from(beginning)) {
    const next: number[] = []
    for (const at of positions) {
      if (points[at] === '*') next.push(at)
      else if (points[at] === '?' || points[at] === point) next.push(at + 1)
    }
    positions = closed(next)
    if (positions.size === 0) return false
  }
  return true
}
