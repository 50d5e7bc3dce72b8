/**
 * Queries that were parsed before: who asks the same again, as dashboards do, is spared the parsing, and what is kept of a tree
 * (resolution/kept-query.ts) is found by it. Bounded by the length of all texts; those used longest ago go first.
 */
import type { ParsedStatement } from './ast.ts'
import { parseStatements } from './parse.ts'
import type { ParseOptions } from './parse.ts'

/** Of one text, */
export const KEPT_LENGTH = 8_192
/** and of all: trees take about fifty times as much. */
const LENGTHS_MAX = 131_072

const known = new Map<string, readonly ParsedStatement[]>()
let lengths = 0

const modes = ['pipesAsConcat', 'ansiQuotes', 'doubleLiterals'] as const

/** What `parseStatements` answers. */
export function keptStatements(text: string, options: ParseOptions): readonly ParsedStatement[] {
  if (text.length > KEPT_LENGTH) return parseStatements(text, options)
  const key = `${modes.map((mode) => options[mode] === true).join(' ')} ${text}`
  const statements = known.get(key) ?? parseStatements(text, options)
  const [parsed, more] = statements
  // Of others texts may hold secrets.
  if (parsed?.statement.kind === 'select' && !more) keep(key, statements)
  return statements
}

function keep(key: string, statements: readonly ParsedStatement[]): void {
  if (!known.delete(key)) lengths += key.length
  known.set(key, statements)
  for (const oldest of known.keys()) {
    if (lengths <= LENGTHS_MAX) break
    known.delete(oldest)
    lengths -= oldest.length
  }
}
