/** What a syntax tree names. It is plain data: every object in it that says `column` is one. */
import type { Expression, Query } from './ast.ts'
import { SqlError } from '../session.ts'

/** Last parts of the names, each once, as written. */
export function columnReferences(expression: Expression | Query): string[] {
  const found = new Set<string>()
  visitNodes(expression, (node: Node) => {
    const last = node.kind === 'column' ? node.path?.at(-1) : undefined
    if (last !== undefined) found.add(last)
  })
  return [...found]
}

/** The names, as written. */
export function columnPaths(expression: Expression | Query): (readonly string[])[] {
  const found: (readonly string[])[] = []
  visitNodes(expression, (node: Node) => {
    if (node.kind === 'column' && node.path) found.push(node.path)
  })
  return found
}

/** All parts of the names, each once: those of columns among tables and fields. */
export function nameParts(expression: Expression | Query): string[] {
  const found = new Set<string>()
  visitNodes(expression, (node: Node) => {
    if (node.kind === 'column') for (const part of node.path ?? []) found.add(part)
  })
  return [...found]
}

/** Where columns are named in the statement's text. */
export function columnStarts(expressions: readonly Expression[]): number[] {
  const found: number[] = []
  visitNodes(expressions, (node: Node & { readonly at?: number }) => {
    if (node.kind === 'column' && node.at !== undefined) found.push(node.at)
  })
  return found
}

/** A copy in which columns are called otherwise. */
export function withColumnsRenamed(
  expression: Expression,
  renamed: (name: string) => string,
): Expression {
  const copy = structuredClone(expression)
  visitNodes(copy, (node: { kind?: unknown; path?: readonly string[] }) => {
    if (node.kind === 'column' && node.path) node.path = node.path.map(renamed)
  })
  return copy
}

/** Kinds that read more than the row at hand: other tables, or the session's variables. */
const reachingOut: readonly unknown[] = [
  'subquery',
  'exists',
  'inQuery',
  'userVariable',
  'systemVariable',
  'parameter',
]

/**
 * An expression that is kept, or that runs with the engine's own right (DEFAULT, generated columns, headers of loads),
 * may look at its row only: a query inside would read tables that the user may not.
 */
export function demandRowOnly(expression: Expression, where: string): void {
  visitNodes(expression, (node: Node) => {
    if (reachingOut.includes(node.kind)) {
      throw new SqlError(
        `Getting analyzing error. Detail message: ${where} cannot hold a ${String(node.kind)}.`,
      )
    }
  })
}

interface Node {
  readonly kind?: unknown
  readonly path?: readonly string[]
}

/**
 * Every object of a syntax tree, in the order of the text. With a list, not with the call stack: a chain of ten thousand operators is
 * as deep as it is long.
 */
export function visitNodes(tree: unknown, see: (node: object) => void): void {
  const waiting: unknown[] = [tree]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (next === null || typeof next !== 'object') continue
    if (!Array.isArray(next)) see(next)
    const members: readonly unknown[] = Array.isArray(next) ? next : Object.values(next)
    for (let at = members.length - 1; at >= 0; at--) waiting.push(members[at])
  }
}
