/** StarRocks' JSON paths in DuckDB's: keys and indexes only. Wildcards and slices are refused, they return several values. */
import type { Operand } from '../../bound.ts'
import { quote } from '../../emit/text.ts'
import { analyzingError } from '../../sql-error.ts'

/** The path as a DuckDB string literal; the leading `$` may be left out, as in StarRocks. */
export const jsonPath = (path: Pick<Operand, 'literal'> | undefined): string => {
  if (path?.literal?.kind !== 'string')
    throw analyzingError('A JSON path must be a constant string.')
  return quote(duckPath(path.literal.text))
}

const duckPath = (text: string): string => {
  // `$13` is a key: the root stands alone, or before `.` and `[`.
  let at = /^\$(?:[.[]|$)/.test(text) ? 1 : 0
  let result = '$'
  let first = at === 0
  while (at < text.length) {
    const char = text[at]
    if (char === '[') {
      const end = text.indexOf(']', at)
      const index = text.slice(at + 1, end)
      if (end === -1 || !/^\d{1,9}$/.test(index)) throw invalid(text)
      result += `[${index}]`
      at = end + 1
    } else {
      if (char === '.') at += 1
      else if (!first) throw invalid(text)
      const { key, end } = readKey(text, at)
      result += `."${key}"`
      at = end
    }
    first = false
  }
  return result
}

const readKey = (text: string, start: number): { key: string; end: number } => {
  if (text[start] === '"') {
    const end = text.indexOf('"', start + 1)
    if (end === -1) throw invalid(text)
    return { key: text.slice(start + 1, end), end: end + 1 }
  }
  let end = start
  while (end < text.length && text[end] !== '.' && text[end] !== '[') end += 1
  const key = text.slice(start, end)
  if (key === '' || key === '*' || key.includes('"')) throw invalid(text)
  return { key, end }
}

const invalid = (text: string): Error => analyzingError(`The JSON path '${text}' is not supported.`)
