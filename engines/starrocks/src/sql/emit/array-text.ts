/**
 * Texts read as arrays: `[1, 2]`, `['a', "b"]`, `[[1], []]`. StarRocks cuts at commas outside of quotes and inner brackets, and each piece
 * is cast by itself. Deeper brackets and quotes inside quotes follow other paths there and are refused.
 * reference: StarRocks' cast_expr_array.cpp.
 */
import type { SqlType } from '../type.ts'
import { isString } from '../common-type.ts'
import { nested, once, quote } from './text.ts'

const quoted = `"[^"']*"|'[^"']*'`
const inner = `\\[(?:[^\\[\\]"']|${quoted})*\\]`
const whole = `^\\[(?:[^\\[\\]"']|${quoted}|${inner})*\\]$`
const piece = `((?:[^,\\[\\]"']|${quoted}|${inner})*),`
/** No bracket closes, so it is no array. */
const open = `^[^\\]"']*$`

export const arrayFromText = (
  sql: string,
  element: SqlType,
  convert: (sql: string) => string | undefined,
): string | undefined =>
  nested((item) => {
    const body = convert(isString(element) ? unquoted(item) : item)
    if (body === undefined) return ''
    return once(`trim(${sql}, ' ')`, (text) => {
      const inside = `substring(${text}, 2, length(${text}) - 2)`
      const pieces = `regexp_extract_all(${inside} || ',', ${quote(piece)}, 1, 's')`
      const items = `CASE WHEN length(${text}) = 2 THEN CAST([] AS VARCHAR[]) ELSE ${pieces} END`
      return `CASE WHEN regexp_matches(${text}, ${quote(whole)}, 's') THEN list_transform(${items}, lambda ${item}: ${body}) WHEN ${text} IS NOT NULL AND contains(${text}, '[') AND NOT regexp_matches(${text}, ${quote(open)}, 's') THEN error('A text with such quotes or brackets cannot be cast to an array by this engine') END`
    })
  }) || undefined

const unquoted = (item: string): string =>
  once(
    `trim(${item}, ' ')`,
    (text) =>
      `CASE WHEN length(${text}) > 1 AND left(${text}, 1) IN ('"', '''') AND right(${text}, 1) = left(${text}, 1) THEN substring(${text}, 2, length(${text}) - 2) ELSE ${text} END`,
  )
