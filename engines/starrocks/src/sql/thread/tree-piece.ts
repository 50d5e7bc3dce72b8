/**
 * A tree of plain data in pieces of some thousands of nodes, so that who takes it or gives it away does other things between two of them.
 * With lists, not with the call stack: a chain of ten thousand operators is as deep as it is long.
 */

type Parent = Record<string, unknown>

export interface TreePiece {
  /** Objects and arrays in an order in which each follows what holds it, without the objects that they hold. */
  readonly nodes: readonly object[]
  /** Which node of the tree holds each, and under what name. The first one is held by nothing. */
  readonly parents: readonly number[]
  readonly keys: readonly string[]
}

/** A few milliseconds' worth. */
const NODES_MAX = 4_000

interface Waiting {
  readonly value: object
  readonly parent: number
  readonly key: string
}

export function* piecesOf(root: object): Generator<TreePiece, void> {
  const waiting: Waiting[] = [{ value: root, parent: -1, key: '' }]
  let count = 0
  for (;;) {
    const [nodes, parents, keys]: [object[], number[], string[]] = [[], [], []]
    while (nodes.length < NODES_MAX) {
      const next = waiting.pop()
      if (next === undefined) break
      nodes.push(alone(next.value, (value, key) => waiting.push({ value, parent: count, key })))
      parents.push(next.parent)
      keys.push(next.key)
      count += 1
    }
    if (nodes.length > 0) yield { nodes, parents, keys }
    if (waiting.length === 0) return
  }
}

/** The same members in the same order; objects among them come later. */
function alone(value: object, later: (member: object, key: string) => void): object {
  // An array's places are its keys.
  const copy = (Array.isArray(value) ? Array.from({ length: value.length }) : {}) as Parent
  for (const [key, member] of Object.entries(value)) {
    const isLater = typeof member === 'object' && member !== null
    copy[key] = isLater ? undefined : member
    if (isLater) later(member, key)
  }
  return copy
}

/** Takes pieces in their order. */
export function treeBuilder() {
  const all: object[] = []
  return {
    add({ nodes, parents, keys }: TreePiece): void {
      for (const [index, node] of nodes.entries()) {
        all.push(node)
        const parent = all[parents[index] ?? -1]
        if (parent) (parent as Parent)[keys[index] ?? ''] = node
      }
    },
    root: (): unknown => all[0],
  }
}
