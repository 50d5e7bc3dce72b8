/**
 * Texts read as DATE and DATETIME. StarRocks takes the usual form with any of several separators, and compact ones with years of two or four
 * digits; its suite records which (test_cast_string_to_datetime).
 */
import { once, quote, tryCast } from './text.ts'

const replaced = (sql: string, pattern: string, by: string): string =>
  `regexp_replace(${sql}, ${quote(pattern)}, ${quote(by)})`

/** Years of two digits lie between 1970 and 2069. */
const twoDigits = '(\\d{4}(?:T?\\d{6})?(?:\\.\\d{1,6})?)\\s*$'

/** Compact forms with separators; the last step leaves ` ::` where there was no time. */
const withSeparators = (sql: string): string => {
  const years = replaced(
    replaced(sql, `^\\s*([0-6]\\d)${twoDigits}`, '20\\1\\2'),
    `^\\s*([7-9]\\d)${twoDigits}`,
    '19\\1\\2',
  )
  const marked = replaced(years, '^\\s*(\\d{8})(\\d{6})$', '\\1T\\2')
  return replaced(
    marked,
    '^\\s*(\\d{4})(\\d\\d)(\\d\\d)(?:T(\\d\\d)(\\d\\d)(\\d\\d)(?:\\d|(\\.\\d{1,6})(?:\\s[^\\d]*)?)?|\\s*)$',
    '\\1-\\2-\\3 \\4:\\5:\\6\\7',
  )
}

const mark = '[-/.?]'
const dateTimePattern = `^\\s*(\\d{3,4})${mark}+(\\d{1,2})${mark}+(\\d{1,2})[/.?]*(?:[ T]+(\\d{1,2})[:.]?(\\d{1,2})(?:[:.]?(\\d{1,2})(\\.\\d{1,6})?)?\\d*| ::)?\\s*$`
const datePattern = '^\\s*(\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2})(?:[ T]+[\\d:.]*)?\\s*$'

/** What most texts look like, and DuckDB reads alike. */
const usual: Readonly<Record<'date' | 'datetime', string>> = {
  date: '^\\d{4}-\\d\\d-\\d\\d(?: [\\d:.]+)?$',
  datetime: '^\\d{4}-\\d\\d-\\d\\d(?: \\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?)?$',
}

export const dateFromText = (sql: string, to: { readonly kind: 'date' | 'datetime' }): string =>
  once(
    sql,
    (text) =>
      `CASE WHEN regexp_matches(${text}, ${quote(usual[to.kind])}) THEN ${tryCast(to.kind === 'date' ? `left(${text}, 10)` : text, to)} ELSE ${tryCast(unusual(text, to.kind), to)} END`,
  )

/** A column's digits with white space behind them are no DATETIME to StarRocks' back end; its front end, which reads literals, takes them. */
const paddedDigits = '^\\s*\\d{5,}\\s+$'

export const trimmedDigits = (text: string): string =>
  /^\s*(?:\d{6}|\d{8})\s+$/.test(text) ? text.trim() : text

const unusual = (text: string, kind: 'date' | 'datetime'): string => {
  const padded =
    kind === 'date' ? '' : `WHEN regexp_matches(${text}, ${quote(paddedDigits)}) THEN NULL `
  const whole = `CASE ${padded}WHEN regexp_matches(${text}, '^\\s*\\d{5}') THEN ${withSeparators(text)} ELSE ${text} END`
  if (kind === 'date')
    return `regexp_replace(regexp_extract(${whole}, ${quote(datePattern)}, 1), '[/.]', '-', 'g')`
  const parts = replaced(
    `regexp_extract(${whole}, ${quote(dateTimePattern)})`,
    dateTimePattern,
    '\\1-\\2-\\3 \\4:\\5:\\6\\7',
  )
  return replaced(replaced(parts, '[ :]+$', ''), '^(\\d{3}-)', '0\\1')
}
