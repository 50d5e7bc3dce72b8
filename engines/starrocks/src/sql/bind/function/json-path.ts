/**
 * StarRocks' JSON paths in DuckDB's. `[*]` and `[1:3]` give a list of what the rest of the path leads to in each item, without the
 * items where it leads nowhere; NULL of what is no array.
 */
import type { Operand } from '../../bound.ts'
import { nested, once, quote } from '../../emit/text.ts'
import { analyzingError } from '../../sql-error.ts'

type Part =
  /** In DuckDB's words, without the `$`. */
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'each'; readonly from?: number; readonly to?: number }

type WrittenPath = Pick<Operand, 'literal'> | undefined

/** The leading `$` may be left out, as in StarRocks. */
const partsOf = (path: WrittenPath): readonly Part[] => {
  if (path?.literal?.kind !== 'string')
    throw analyzingError('A JSON path must be a constant string.')
  return parsePath(path.literal.text)
}

export const checkPath = (path: WrittenPath): void => {
  partsOf(path)
}

/** The JSON value that the path leads to. */
export const extracted = (json: string, path: WrittenPath): string =>
  extractedBy(json, partsOf(path))

export const reaches = (json: string, path: WrittenPath): string => {
  const parts = partsOf(path)
  return parts.every((part) => part.kind === 'plain')
    ? `json_exists(${json}, ${plainPath(parts)})`
    : once(
        json,
        (value) =>
          `CASE WHEN ${value} IS NOT NULL THEN ${extractedBy(value, parts)} IS NOT NULL END`,
      )
}

const plainPath = (parts: readonly Part[]): string =>
  quote(`$${parts.map((part) => (part.kind === 'plain' ? part.text : '')).join('')}`)

const extractedBy = (json: string, parts: readonly Part[]): string => {
  const at = parts.findIndex((part) => part.kind === 'each')
  const each = parts[at]
  if (each?.kind !== 'each') return `json_extract(${json}, ${plainPath(parts)})`
  const list = at === 0 ? json : `json_extract(${json}, ${plainPath(parts.slice(0, at))})`
  const rest = parts.slice(at + 1)
  return once(list, (value) => {
    const all = `json_extract(${value}, '$[*]')`
    const items =
      each.from === undefined ? all : `list_slice(${all}, ${each.from + 1}, ${each.to ?? 0})`
    const found =
      rest.length === 0
        ? items
        : nested(
            (item) =>
              `list_filter(list_transform(${items}, lambda ${item}: ${extractedBy(item, rest)}), lambda ${item}: ${item} IS NOT NULL)`,
          )
    return `CASE WHEN json_type(${value}) = 'ARRAY' THEN to_json(${found}) END`
  })
}

const parsePath = (text: string): readonly Part[] => {
  // `$13` is a key: the root stands alone, or before `.` and `[`.
  let at = /^\$(?:[.[]|$)/.test(text) ? 1 : 0
  const parts: Part[] = []
  let first = at === 0
  while (at < text.length) {
    const char = text[at]
    if (char === '[') {
      const end = text.indexOf(']', at)
      if (end === -1) throw invalid(text)
      parts.push(partOfIndex(text.slice(at + 1, end), text))
      at = end + 1
    } else {
      if (char === '.') at += 1
      else if (!first) throw invalid(text)
      const { key, end } = readKey(text, at)
      parts.push({ kind: 'plain', text: `."${key}"` })
      at = end
    }
    first = false
  }
  return parts
}

const partOfIndex = (index: string, text: string): Part => {
  if (index === '*') return { kind: 'each' }
  const [whole, from, to] = /^(\d{1,9})(?::(\d{1,9}))?$/.exec(index) ?? []
  if (whole === undefined) throw invalid(text)
  return to === undefined
    ? { kind: 'plain', text: `[${whole}]` }
    : { kind: 'each', from: Number(from), to: Number(to) }
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
  // DuckDB takes a star for a wildcard, in quotes too.
  if (key === '' || key === '*' || key.includes('"')) throw invalid(text)
  return { key, end }
}

const invalid = (text: string): Error => analyzingError(`Invalid json path: ${text}.`)
