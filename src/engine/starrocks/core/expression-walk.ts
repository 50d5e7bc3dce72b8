/** Which columns an expression names. Expressions are plain data: every object in it that says `column` is one. */
import type { Expression } from '../sql/ast.ts'

/** Last parts of the names, each once, as written. */
export function columnReferences(expression: Expression): string[] {
  const found = new Set<string>()
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) walk(item)
      return
    }
    if (value === null || typeof value !== 'object') return
    const node = value as { readonly kind?: unknown; readonly path?: readonly string[] }
    if (node.kind === 'column' && node.path) {
      const last = node.path.at(-1)
      if (last !== undefined) found.add(last)
      return
    }
    for (const member of Object.values(value)) walk(member)
  }
  walk(expression)
  return [...found]
}
