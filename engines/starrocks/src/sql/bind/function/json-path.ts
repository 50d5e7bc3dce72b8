/**
 * StarRocks' JSON paths in DuckDB's. `[*]` and `[1:3]` give a list of what the rest of the path leads to in each item, without the
 * items where it leads nowhere; NULL of what is no array.
 */
import type { Operand } from '../../bound.ts'
import { nested, once, onceBoth, quote } from '../../emit/text.ts'
import { analyzingError } from '../../sql-error.ts'

type Part =
  /** In DuckDB's words, without the `$`. */
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'each'; readonly from?: number; readonly to?: number }

type WrittenPath = Pick<Operand, 'literal'> | undefined
type Path = Pick<Operand, 'literal' | 'sql'> | undefined

/** Undefined where each row may have another path. The leading `$` may be left out, as in StarRocks. */
const partsOf = (path: WrittenPath): readonly Part[] | undefined =>
  path?.literal?.kind === 'string' ? parsePath(path.literal.text) : undefined

export const checkPath = (path: WrittenPath): void => {
  partsOf(path)
}

/** The JSON value that the path leads to. */
export const extracted = (json: string, path: Path): string => {
  const parts = partsOf(path)
  return parts ? extractedBy(json, parts) : extractedByEach(json, path?.sql ?? 'NULL')
}

/** Keys and numbers of items, as DuckDB has them too; of what leads to several values it makes no list here. */
const PLAIN = String.raw`\$(?:\.(?:"[^"*]+"|[^.\["*\\]+)|\[\d{1,9}\])*`

const extractedByEach = (json: string, path: string): string =>
  onceBoth(json, path, (value, given) => {
    const whole = `CASE WHEN ${given} = '' OR regexp_matches(${given}, '^\\$(?:$|[.\\[])') THEN ${given} WHEN starts_with(${given}, '[') THEN '$' || ${given} ELSE '$.' || ${given} END`
    const refusal = `'Invalid json path: ' || ${given} || ', of a column'`
    return `CASE WHEN ${given} IS NOT NULL THEN CASE WHEN ${given} = '' THEN ${value} ELSE json_extract(${value}, ${once(whole, (name) => `CASE WHEN regexp_full_match(${name}, '${PLAIN}') THEN ${name} ELSE error(${refusal}) END`)}) END END`
  })

export const reaches = (json: string, path: Path): string => {
  const parts = partsOf(path)
  if (parts === undefined)
    return onceBoth(
      json,
      path?.sql ?? 'NULL',
      (value, given) =>
        `CASE WHEN ${value} IS NOT NULL AND ${given} IS NOT NULL THEN ${extractedByEach(value, given)} IS NOT NULL END`,
    )
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
  // A dot behind a backslash belongs to the key.
  while (end < text.length && text[end] !== '.' && text[end] !== '[')
    end += text.startsWith(String.raw`\.`, end) ? 2 : 1
  const key = text.slice(start, end).replaceAll(String.raw`\.`, '.')
  // DuckDB takes a star for a wildcard, in quotes too.
  if (key === '' || key === '*' || key.includes('"')) throw invalid(text)
  return { key, end }
}

const invalid = (text: string): Error => analyzingError(`Invalid json path: ${text}.`)
