/**
 * The entry to the parser: a text in, statements out. Refuses with SqlError 1064 and a line and column.
 */
import type { ParsedStatement } from './ast.ts'

export interface ParseOptions {
  /** sql_mode holds PIPES_AS_CONCAT: `||` joins strings. Otherwise it is OR, as in StarRocks' default mode. */
  readonly pipesAsConcat?: boolean
  /** sql_mode holds ANSI_QUOTES: "x" is an identifier. */
  readonly ansiQuotes?: boolean
}

/** Splits on `;` and parses each statement; empty ones vanish. Throws SqlError 1064 for the first that cannot be read. */
export const parseStatements = (
  text: string,
  options: ParseOptions = {},
): readonly ParsedStatement[] => {
  void options
  throw new Error(`not written yet: ${text.length}`)
}
