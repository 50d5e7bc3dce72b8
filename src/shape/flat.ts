/**
 * Flattened parameters (`VPCSettings.VpcId=vpc-1&Software.0=hdfs`) as nested objects. Whether a node with numbers for names is
 * a list is for the shape to say, so lists stay objects here.
 */

export type Flat = { [name: string]: string | Flat }

/** Deeper nesting than any action declares is refused before it costs anything. */
const DEPTH_MAX = 12

/** Returns undefined when the pairs contradict each other (`A=1&A.B=2`) or nest too deep. Who splits them bounds their number. */
export function unflatten(pairs: Iterable<readonly [string, string]>): Flat | undefined {
  const root: Flat = Object.create(null) as Flat
  for (const [path, value] of pairs) {
    const names = path.split('.', DEPTH_MAX + 1)
    if (names.length > DEPTH_MAX) return undefined
    let node = root
    for (const name of names.slice(0, -1)) {
      const child = (node[name] ??= Object.create(null) as Flat)
      if (typeof child === 'string') return undefined
      node = child
    }
    const last = names.at(-1) ?? ''
    if (typeof node[last] === 'object') return undefined
    node[last] = value
  }
  return root
}
