/**
 * A place in a token list with what every parsing function needs: look, take, expect, refuse, and a bound on nesting.
 */
import type { Hint, Property } from '../ast.ts'
import type { Token, TokenSource } from '../lex.ts'
import { syntaxError } from '../sql-error.ts'
import type { Grammar } from './grammar.ts'

/**
 * How deep expressions and queries may nest. Real statements stay under 50; every level costs about ten stack frames
 * here and again in binding, and DuckDB's own limit is 1000.
 */
export const maxDepth = 250

/**
 * What one statement may hold. DuckDB's planner hears no interrupt: it takes a second for a statement at these bounds, and
 * for ever for one of some hundred joins.
 */
const statementBounds = { relations: 512, 'common tables': 500 } as const

type Countable = keyof typeof statementBounds

export interface Cursor {
  readonly text: string
  readonly pipesAsConcat: boolean
  readonly ansiQuotes: boolean
  readonly doubleLiterals: boolean
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
  /** One more of what costs the planner more than reading it does. */
  count(what: Countable): void
  /** The hints that were read, for the parser to add to. */
  readonly hints: Hint[]
  /** The properties of each FILES() that was read. */
  readonly files: (readonly Property[])[]
  /** Before each statement: no parameters, hints and files yet. */
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
  readonly doubleLiterals: boolean
}

export const createCursor = (text: string, tokens: TokenSource, options: CursorOptions): Cursor => {
  let position = 0
  let depth = 0
  let parameters = 0
  const counts = new Map<Countable, number>()
  const hints: Hint[] = []
  const files: (readonly Property[])[] = []

  const token = tokens.at
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
    count: (what) => {
      const detail = countOne(counts, what)
      if (detail !== undefined) throw syntaxError(text, token(position).start, detail)
    },
    hints,
    files,
    reset: () => {
      parameters = 0
      counts.clear()
      for (const list of [hints, files]) list.length = 0
    },
    previousEnd: () => (position === 0 ? 0 : token(position - 1).end),
    fail,
    refuse: (detail, at = token(position).start) => {
      throw syntaxError(text, at, detail)
    },
  }
}

/** What to refuse it with when it is one too many. */
const countOne = (counts: Map<Countable, number>, what: Countable): string | undefined => {
  const number = (counts.get(what) ?? 0) + 1
  counts.set(what, number)
  return number > statementBounds[what]
    ? `The statement holds more than ${statementBounds[what]} ${what}.`
    : undefined
}

const unexpected = (text: string, found: Token, expected: string | undefined): Error => {
  const hint = expected === undefined ? '' : `, the most similar input is {${expected}}`
  const shown = found.text.length > 64 ? `${found.text.slice(0, 64)}...` : found.text
  return syntaxError(text, found.start, `Unexpected input '${shown}'${hint}.`)
}
