/**
 * YAML that people write, read strictly: everything that is wrong is noted with its line and reading continues, so that all of
 * it can be reported at once. Unknown members are reported by name. Aliases are refused: a file that repeats itself by
 * reference grows without bound when it is read.
 */
import type { ParsedNode } from 'yaml'
import { yaml } from '../kernel/yaml.ts'

export type Node = ParsedNode | null

export interface Member {
  readonly name: string
  readonly node: Node
}

export interface DeclaredYaml {
  readonly root: Node
  /** Notes a problem at a node or at a line. */
  note(at: Node | number | undefined, sentence: string): void
  lineOf(node: Node): number
  /** The members of a mapping; any that is not one of `known` is noted and left out. */
  members(node: Node, known: readonly string[], what: string): readonly Member[]
  /** The members of a mapping that may have any name. */
  entries(node: Node, what: string): readonly Member[]
  /** The items of a list. */
  items(node: Node, what: string): readonly Node[]
  /** A text or number as text; undefined, and noted, when it is neither or empty. */
  text(node: Node, what: string): string | undefined
  flag(node: Node, what: string): boolean | undefined
  whole(node: Node, what: string, bounds: { min: number; max: number }): number | undefined
  /** `line 3: …`, in the order of the lines. */
  problems(): readonly string[]
}

export function declaredYaml(text: string): DeclaredYaml {
  const { contents, errors, lineAt } = parsed(text)
  const noted: { line: number; sentence: string }[] = []
  const lineOf = (node: Node) => (node ? lineAt(node.range[0]) : 1)
  const note = (at: Node | number | undefined, sentence: string) => {
    noted.push({ line: typeof at === 'number' ? at : lineOf(at ?? null), sentence })
  }
  for (const { pos, message } of errors)
    note(lineAt(pos[0]), message.split(/ at line|:\n/)[0] ?? message)
  const scalar = (node: Node) => (yaml().isScalar(node) ? node.value : undefined)
  return {
    // What did not parse has no meaning worth judging.
    root: errors.length === 0 ? contents : null,
    note,
    lineOf,
    members(node, known, what) {
      if (!yaml().isMap(node)) {
        note(node, `${what} must be a mapping`)
        return []
      }
      return node.items.flatMap(({ key, value }) => {
        const name = String(scalar(key))
        if (known.includes(name)) return [{ name, node: value }]
        note(key, `${what} has no member ${name}; it takes ${known.join(', ')}`)
        return []
      })
    },
    entries(node, what) {
      if (yaml().isMap(node))
        return node.items.map(({ key, value }) => ({ name: String(scalar(key)), node: value }))
      note(node, `${what} must be a mapping`)
      return []
    },
    items(node, what) {
      if (yaml().isSeq(node)) return node.items
      note(node, `${what} must be a list`)
      return []
    },
    text(node, what) {
      const value = scalar(node)
      if (typeof value === 'string' && value !== '') return value
      if (typeof value === 'number') return String(value)
      note(node, `${what} must be a text`)
      return undefined
    },
    flag(node, what) {
      const value = scalar(node)
      if (typeof value === 'boolean') return value
      note(node, `${what} must be true or false`)
      return undefined
    },
    whole(node, what, { min, max }) {
      const value = scalar(node)
      if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max)
        return value
      note(node, `${what} must be a whole number from ${min} to ${max}`)
      return undefined
    },
    problems: () =>
      noted
        .sort((one, other) => one.line - other.line)
        .map(({ line, sentence }) => `line ${line}: ${sentence}`),
  }
}

/** Of nothing there is nothing to parse, and the library is not loaded for it. */
function parsed(text: string) {
  if (text === '') return { contents: null, errors: [], lineAt: () => 1 }
  const { LineCounter, parseDocument } = yaml()
  const lines = new LineCounter()
  const { contents, errors } = parseDocument(text, { lineCounter: lines })
  return { contents, errors, lineAt: (offset: number) => lines.linePos(offset).line }
}
