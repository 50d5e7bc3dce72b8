/**
 * Names and texts as DuckDB's SQL writes them: the only place that puts quotes around what a client sent. Nothing ends
 * its own quotes, a NUL included: DuckDB takes its statements as C texts, which a NUL ends.
 */
import { SqlError } from '../session.ts'

/** A name as DuckDB's SQL quotes it. There is no way to write a NUL in one. */
export function quoted(name: string): string {
  if (name.includes('\0')) {
    throw new SqlError(`Incorrect name '${name.replaceAll('\0', String.raw`\0`)}'`, 1064, '42000')
  }
  return `"${name.replaceAll('"', '""')}"`
}

/** A string as DuckDB's SQL quotes it: an expression, in parentheses where it is more than one literal. */
export const literal = (text: string): string =>
  text.includes('\0') ? `(${text.split('\0').map(plain).join(' || chr(0) || ')})` : plain(text)

const plain = (text: string): string => `'${text.replaceAll("'", "''")}'`
