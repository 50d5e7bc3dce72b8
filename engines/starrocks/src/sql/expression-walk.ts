/** Which columns an expression names. Expressions are plain data: every object in it that says `column` is one. */
import type { Expression, Query } from './ast.ts'
import { SqlError } from '../session.ts'

/** Last parts of the names, each once, as written. */
export function columnReferences(expression: Expression | Query): string[] {
  const found = new Set<string>()
  visit(expression, (node) => {
    const last = node.kind === 'column' ? node.path?.at(-1) : undefined
    if (last !== undefined) found.add(last)
  })
  return [...found]
}

/** All parts of the names, each once: those of columns among tables and fields. */
export function nameParts(expression: Expression | Query): string[] {
  const found = new Set<string>()
  visit(expression, (node) => {
    if (node.kind === 'column') for (const part of node.path ?? []) found.add(part)
  })
  return [...found]
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
  visit(expression, (node) => {
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

function visit(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, see)
    return
  }
  if (value === null || typeof value !== 'object') return
  see(value)
  for (const member of Object.values(value)) visit(member, see)
}
