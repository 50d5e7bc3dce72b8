/**
 * Rows that came as JSON, one a line, and that DuckDB takes apart itself: several times faster than value by value from here.
 *
 * Lines come here whose members are plain values, written so that DuckDB reads and prints them as JavaScript does
 * (wire-http/json-line.ts). What is left to tell apart is which members a row has: the usual ones, all once, are read at
 * once; a row with others, or with one twice (the last counts), member by member.
 */
import type { LoadDocuments } from '../load-sink.ts'
import { literal } from '../sql/quote.ts'
import { blockLines } from './row-encoding.ts'

/** Of the rows on their way to DuckDB. */
export const documentFormat = { rowDelimiter: '\n' }

export interface DocumentFields {
  readonly fields: readonly string[]
  readonly jsonFields: ReadonlySet<string>
  /** Those that most rows lack; which they are decides only about the speed. */
  readonly absent: LoadDocuments['absent']
}

/** A FROM item like that of `decodedRows`: f0, f1, …, `parts` and `place`. */
export function documentRows(raw: string, { fields, jsonFields, absent }: DocumentFields): string {
  const usual = fields.filter((field) => !absent.includes(field))
  const spec = Object.fromEntries(
    usual.map((field) => [field, jsonFields.has(field) ? 'JSON' : 'VARCHAR']),
  )
  const isUsual = `d IS NOT NULL${absent.length > 0 ? ` AND NOT list_has_any(json_keys(line), [${absent.map(literal).join(', ')}])` : ''}`
  const read = `SELECT line, place, TRY(json_transform_strict(line, ${literal(JSON.stringify(spec))})) AS d FROM ${blockLines(raw, documentFormat.rowDelimiter)}`
  const classified = `SELECT line, place, d, ${isUsual} AS usual FROM (${read})`
  const members = `SELECT d, place, usual, CASE WHEN NOT usual THEN list_reverse(json_keys(line)) END AS names, CASE WHEN NOT usual THEN list_reverse(json_extract(line, '$.*')) END AS members FROM (${classified})`
  const columns = fields.map((field, index) => {
    const name = literal(field)
    const isJson = jsonFields.has(field)
    const member = `members[list_position(names, ${name})]`
    const single = isJson
      ? `CASE WHEN json_type(${member}) <> 'NULL' THEN CAST(${member} AS VARCHAR) END`
      : `json_extract_string(${member}, '$')`
    const direct = absent.includes(field) ? 'NULL' : `CAST(struct_extract(d, ${name}) AS VARCHAR)`
    return `CASE WHEN usual THEN ${direct} ELSE ${single} END AS f${index}`
  })
  return `(SELECT ${columns.join(', ')}, ${fields.length} AS parts, place FROM (${members}))`
}
