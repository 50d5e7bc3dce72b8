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
  /** What follows of a long text that its node has the beginning of. */
  readonly rest?: { readonly node: number; readonly key: string; readonly part: string }
}

/** A few milliseconds' worth. */
const NODES_MAX = 4_000
const TEXT_MAX = 1_000_000

interface Waiting {
  readonly value: object
  readonly parent: number
  readonly key: string
}

interface LongText {
  readonly node: number
  readonly key: string
  readonly text: string
}

export function* piecesOf(root: object): Generator<TreePiece, void> {
  const waiting: Waiting[] = [{ value: root, parent: -1, key: '' }]
  let count = 0
  for (;;) {
    const [nodes, parents, keys]: [object[], number[], string[]] = [[], [], []]
    const long: LongText[] = []
    let characters = 0
    while (nodes.length < NODES_MAX && characters < TEXT_MAX) {
      const next = waiting.pop()
      if (next === undefined) break
      const node = count
      const { copy, texts } = alone(next.value, {
        later: (value, key) => waiting.push({ value, parent: node, key }),
        long: (text, key) => long.push({ node, key, text }),
      })
      nodes.push(copy)
      parents.push(next.parent)
      keys.push(next.key)
      characters += texts
      count += 1
    }
    if (nodes.length > 0) yield { nodes, parents, keys }
    for (const text of long) yield* restOf(text)
    if (waiting.length === 0) return
  }
}

function* restOf({ node, key, text }: LongText): Generator<TreePiece, void> {
  for (let at = TEXT_MAX; at < text.length; at += TEXT_MAX)
    yield {
      nodes: [],
      parents: [],
      keys: [],
      rest: { node, key, part: text.slice(at, at + TEXT_MAX) },
    }
}

interface Apart {
  readonly later: (member: object, key: string) => void
  readonly long: (text: string, key: string) => void
}

/** The same members in the same order; objects among them come later, and so do the ends of long texts. */
function alone(value: object, { later, long }: Apart) {
  // An array's places are its keys.
  const copy = (Array.isArray(value) ? Array.from({ length: value.length }) : {}) as Parent
  let texts = 0
  for (const [key, member] of Object.entries(value)) {
    const isLater = typeof member === 'object' && member !== null
    copy[key] = isLater ? undefined : member
    if (isLater) later(member, key)
    if (typeof member !== 'string') continue
    texts += Math.min(member.length, TEXT_MAX)
    if (member.length <= TEXT_MAX) continue
    copy[key] = member.slice(0, TEXT_MAX)
    long(member, key)
  }
  return { copy, texts }
}

/** Takes pieces in their order. */
export function treeBuilder() {
  const all: object[] = []
  return {
    add({ nodes, parents, keys, rest }: TreePiece): void {
      for (const [index, node] of nodes.entries()) {
        all.push(node)
        const parent = all[parents[index] ?? -1]
        if (parent) (parent as Parent)[keys[index] ?? ''] = node
      }
      const beginning = rest && (all[rest.node] as Parent | undefined)
      if (beginning) beginning[rest.key] = `${String(beginning[rest.key])}${rest.part}`
    },
    root: (): unknown => all[0],
  }
}
