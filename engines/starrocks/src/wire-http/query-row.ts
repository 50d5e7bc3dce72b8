/**
 * A result as the HTTP SQL API writes it: numbers as they are, DECIMAL and LARGEINT as text, nested values and JSON as JSON.
 * reference: StarRocks 3.3, JsonSerializer.java; its test/sql/test_http_sql
 */
import type { Column, WireValue } from '../session.ts'

type Row = readonly WireValue[]

export function metaLine(columns: readonly Column[]): string {
  return `${JSON.stringify({ meta: columns.map(metaOf) })}\n`
}

const metaOf = ({ name, typeText }: Column) => ({ name, type: typeText })

/** A line for each row, in pieces: there may be thousands of columns, and millions of members in one value. */
export function* dataPieces(
  rows: readonly Row[],
  columns: readonly Column[],
): Generator<string, void> {
  for (const row of rows) {
    yield '{"data":['
    for (const [at, value] of row.entries()) {
      if (at > 0) yield ','
      const type = columns[at]?.typeText ?? ''
      if (value !== null && isNested(type)) yield* nestedPieces(plainText(value), isOfText(type))
      else yield jsonValue(value, type)
    }
    yield ']}\n'
  }
}

/** SHOW: all of it in one object, every value as text. */
export function shownObject(columns: readonly Column[], rows: readonly Row[]): string {
  const data = rows.map((row) =>
    Object.fromEntries(
      columns.map(({ name }, at) => [name, row[at] === null ? null : plainText(row[at] ?? '')]),
    ),
  )
  const statistics = { scanRows: 0, scanBytes: 0, returnRows: rows.length }
  return JSON.stringify({ meta: columns.map(metaOf), data, statistics })
}

const plainText = (value: Exclude<WireValue, null>): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value)

/** Arrays of numbers that are text as JSON. */
const isOfText = (type: string): boolean => /^(array<)+(DECIMAL|largeint)/.test(type)

const isNested = (type: string): boolean => /^(array|map|struct)</.test(type)

function jsonValue(value: WireValue, type: string): string {
  if (value === null) return 'null'
  if (typeof value === 'bigint') return String(value)
  // JSON has no word for what is no finite number.
  if (typeof value === 'number') return JSON.stringify(value)
  const text = plainText(value)
  return type === 'json' ? text : JSON.stringify(text)
}

const TOKEN = /("[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*'|[^"'[\]{},:]+)(:?)|[^]/gs

export const nestedJson = (text: string): string => [...nestedPieces(text)].join('')

/** StarRocks' text of an ARRAY, MAP or STRUCT: strings in double quotes, JSON in single ones, and keys of maps bare. */
function* nestedPieces(text: string, isText = false): Generator<string, void> {
  for (const [mark, value, colon] of text.matchAll(TOKEN)) {
    if (value === undefined) yield mark === ',' ? ', ' : mark
    else {
      const json = isText && value !== 'null' ? JSON.stringify(value) : plainJson(value)
      // What stands before a colon is a member's name, and a name is a string.
      yield colon === '' ? json : `${json.startsWith('"') ? json : JSON.stringify(json)}: `
    }
  }
}

function plainJson(value: string): string {
  if (value.startsWith('"')) return JSON.stringify(unescaped(value))
  return value.startsWith("'") ? unescaped(value) : value
}

const unescaped = (token: string): string => token.slice(1, -1).replace(/\\(.)/gs, '$1')
