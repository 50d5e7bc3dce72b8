/**
 * Refusals in StarRocks' words. Syntax errors carry a line (from 1) and a column (from 0), as ANTLR counts them;
 * StarRocks sends both syntax and analysis errors as 1064 with SQLSTATE HY000 unless a MySQL number fits better.
 */
import { SqlError } from '../session.ts'

const place = (text: string, at: number): string => {
  let line = 1
  let start = 0
  for (let index = text.indexOf('\n'); index !== -1 && index < at;) {
    line += 1
    start = index + 1
    index = text.indexOf('\n', start)
  }
  return `line ${line}, column ${at - start}`
}

export const syntaxError = (text: string, at: number, detail: string): SqlError =>
  new SqlError(
    `Getting syntax error at ${place(text, at)}. Detail message: ${detail}`,
    1064,
    'HY000',
  )

export interface Position {
  readonly text: string | undefined
  readonly at: number
}

/** An error of meaning, not of form. The position is said when it is known. */
export const analyzingError = (
  detail: string,
  position?: Position,
  errno = 1064,
  sqlState = 'HY000',
): SqlError => {
  const where = position?.text === undefined ? '' : ` at ${place(position.text, position.at)}`
  return new SqlError(`Getting analyzing error${where}. Detail message: ${detail}`, errno, sqlState)
}

export const unknownColumn = (name: string, position?: Position): SqlError =>
  analyzingError(`Column '${name}' cannot be resolved.`, position, 1054, '42S22')

export const ambiguousColumn = (name: string, position?: Position): SqlError =>
  analyzingError(`Column '${name}' is ambiguous.`, position, 1052, '23000')

export const unknownTable = (name: string, position?: Position): SqlError =>
  analyzingError(`Unknown table '${name}'.`, position, 1146, '42S02')

export const unknownDatabase = (name: string): SqlError =>
  new SqlError(`Unknown database '${name}'`, 1049, '42000')

export const noDatabase = (): SqlError => new SqlError('No database selected', 1046, '3D000')

export const unknownFunction = (name: string, types: string, position?: Position): SqlError =>
  analyzingError(`No matching function with signature: ${name}(${types}).`, position, 1305, '42000')

/** A form that StarRocks has, or MySQL has, and this engine does not answer. */
export const unsupported = (what: string, position?: Position): SqlError =>
  analyzingError(`${what} is not supported`, position)

/** A refusal of something that StarRocks has and this engine does not. */
export const unsupportedByEngine = (what: string): SqlError =>
  new SqlError(`${what} is not supported by this engine (StarRocks-compatible, on DuckDB)`)
