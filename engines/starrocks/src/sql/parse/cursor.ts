/**
 * A place in a token list with what every parsing function needs: look, take, expect, refuse, and a bound on nesting.
 */
import type { Hint } from '../ast.ts'
import type { Token } from '../lex.ts'
import { syntaxError } from '../sql-error.ts'
import type { Grammar } from './grammar.ts'

/**
 * How deep expressions and queries may nest. Real statements stay under 50; every level costs about ten stack frames
 * here and again in the translator, and DuckDB's own limit is 1000.
 */
export const maxDepth = 250

export interface Cursor {
  readonly text: string
  readonly pipesAsConcat: boolean
  readonly ansiQuotes: boolean
  /** The rules that recursion reaches; see grammar.ts. */
  readonly grammar: Grammar
  peek(ahead?: number): Token
  next(): Token
  /** Do the next tokens spell these keywords and symbols? */
  is(...keywords: readonly string[]): boolean
  /** Like `is`, and steps over them when they do. */
  take(...keywords: readonly string[]): boolean
  expect(...keywords: readonly string[]): void
  isOneOf(keywords: ReadonlySet<string>): boolean
  /** Guards one level of nesting. */
  nest<T>(parse: () => T): T
  /** Counts a `?` and returns its index. */
  parameter(): number
  readonly parameters: () => number
  /** The hints that were read, for the parser to add to. */
  readonly hints: Hint[]
  /** Before each statement: no parameters and no hints yet. */
  reset(): void
  /** The end of the token before this place. */
  previousEnd(): number
  /** Unexpected input here. */
  fail(expected?: string): never
  refuse(detail: string, at?: number): never
}

export interface CursorOptions {
  readonly grammar: Grammar
  readonly pipesAsConcat: boolean
  readonly ansiQuotes: boolean
}

export const createCursor = (
  text: string,
  tokens: readonly Token[],
  options: CursorOptions,
): Cursor => {
  let position = 0
  let depth = 0
  let parameters = 0
  const hints: Hint[] = []

  const token = (index: number): Token => {
    const found = tokens[Math.min(index, tokens.length - 1)]
    if (found === undefined) throw new RangeError('a token list ends with its end token')
    return found
  }
  const is = (...keywords: readonly string[]): boolean =>
    keywords.every((keyword, index) => token(position + index).keyword === keyword)
  const take = (...keywords: readonly string[]): boolean => {
    if (!is(...keywords)) return false
    position += keywords.length
    return true
  }
  const fail = (expected?: string): never => {
    throw unexpected(text, token(position), expected)
  }

  return {
    text,
    ...options,
    peek: (ahead = 0) => token(position + ahead),
    next: () => {
      const current = token(position)
      if (current.kind === 'end') return fail()
      position += 1
      return current
    },
    is,
    take,
    expect: (...keywords) => {
      for (const keyword of keywords) if (!take(keyword)) fail(`'${keyword}'`)
    },
    isOneOf: (keywords) => keywords.has(token(position).keyword),
    nest: (parse) => {
      depth += 1
      if (depth > maxDepth) {
        throw syntaxError(
          text,
          token(position).start,
          `The statement nests deeper than ${maxDepth} levels.`,
        )
      }
      const value = parse()
      depth -= 1
      return value
    },
    parameter: () => {
      parameters += 1
      return parameters - 1
    },
    parameters: () => parameters,
    hints,
    reset: () => {
      parameters = 0
      hints.length = 0
    },
    previousEnd: () => (position === 0 ? 0 : token(position - 1).end),
    fail,
    refuse: (detail, at = token(position).start) => {
      throw syntaxError(text, at, detail)
    },
  }
}

const unexpected = (text: string, found: Token, expected: string | undefined): Error => {
  const hint = expected === undefined ? '' : `, the most similar input is {${expected}}`
  const shown = found.text.length > 64 ? `${found.text.slice(0, 64)}...` : found.text
  return syntaxError(text, found.start, `Unexpected input '${shown}'${hint}.`)
}
