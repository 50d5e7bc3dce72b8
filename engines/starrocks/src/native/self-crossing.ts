/** Whether the edges of a loop on the sphere cross each other. reference: S2's SimpleCrossing */

import { refuseManyPairs } from './shape-bound.ts'

/** A point of the unit sphere. */
export type SpherePoint = readonly [number, number, number]

interface Edge {
  readonly at: number
  readonly a: SpherePoint
  readonly b: SpherePoint
  readonly low: SpherePoint
  readonly high: SpherePoint
}

/** From the smallest x to the largest, so that an edge is compared with those only that it may reach. */
export function crossesItself(loop: readonly SpherePoint[]): boolean {
  const edges = loop.map((a, at) => edgeOf(at, a, loop[(at + 1) % loop.length] ?? a))
  edges.sort((one, other) => one.low[0] - other.low[0])
  let pairs = 0
  return edges.some((edge, index) => {
    for (let next = index + 1; next < edges.length; next += 1) {
      const other = edges[next]
      if (!other || other.low[0] > edge.high[0]) return false
      pairs += 1
      refuseManyPairs(pairs)
      if (meets(edge, other) && !adjoins(edge, other, loop.length) && crosses(edge, other))
        return true
    }
    return false
  })
}

/** The box around both ends, and as much more as the arc between them rises above its chord. */
function edgeOf(at: number, a: SpherePoint, b: SpherePoint): Edge {
  const rise = 1 - Math.sqrt(Math.max(0, (1 + dot(a, b)) / 2)) + 1e-15
  const each = (pick: (one: number, other: number) => number): SpherePoint => [
    pick(a[0], b[0]),
    pick(a[1], b[1]),
    pick(a[2], b[2]),
  ]
  return {
    at,
    a,
    b,
    low: each((one, other) => Math.min(one, other) - rise),
    high: each((one, other) => Math.max(one, other) + rise),
  }
}

const meets = (one: Edge, other: Edge): boolean =>
  one.low[1] <= other.high[1] &&
  other.low[1] <= one.high[1] &&
  one.low[2] <= other.high[2] &&
  other.low[2] <= one.high[2]

const adjoins = (one: Edge, other: Edge, count: number): boolean =>
  [1, count - 1].includes(Math.abs(one.at - other.at))

function crosses({ a, b }: Edge, { a: c, b: d }: Edge): boolean {
  const [ab, cd] = [cross(a, b), cross(c, d)]
  const acb = -dot(ab, c)
  if (acb * dot(ab, d) <= 0) return false
  return acb * -dot(cd, b) > 0 && acb * dot(cd, a) > 0
}

const dot = (a: SpherePoint, b: SpherePoint): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

const cross = (a: SpherePoint, b: SpherePoint): SpherePoint => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]
