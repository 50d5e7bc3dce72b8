/**
 * How the rows of a load travel to DuckDB: many rows as one text, with separators between values and rows, taken apart again
 * by DuckDB itself.
 *
 * The reason is speed: DuckDB splits one long text in half the time that it takes single values in, which cross from
 * JavaScript one by one. Plain text goes through as it came, under the separators of its sender. Values that were read one by
 * one (JSON, quoted CSV) are joined with separators that are random for each load: no sender can know them, and values that
 * hold them by chance do not occur.
 */
import type { Random } from '../../../../src/kernel/random.ts'
import type { EncodedRow, LoadRow, TextFormat } from '../load-sink.ts'
import { literal } from '../sql/quote.ts'

/** 36^5 possibilities behind each control character, which Unicode made for this purpose. */
const RANDOM_LENGTH = 5

/**
 * DuckDB splits 2048 blocks at a time, and all of what they hold is in memory then: 8 MiB of text, and several times as
 * much for its values.
 */
const BLOCK_LENGTH = 4096

export function randomDelimiters(random: Random): TextFormat {
  return {
    columnSeparator: `\x1f${random.base36(RANDOM_LENGTH)}`,
    rowDelimiter: `\x1e${random.base36(RANDOM_LENGTH)}`,
    nullText: `\x1d${random.base36(RANDOM_LENGTH)}`,
  }
}

export function encodeRow(row: LoadRow, { columnSeparator, nullText }: TextFormat): EncodedRow {
  return row.map((value) => value ?? nullText).join(columnSeparator)
}

/** Pieces of whole rows. */
export function cutBlocks(
  rows: Buffer,
  { rowDelimiter }: Pick<TextFormat, 'rowDelimiter'>,
): Buffer[] {
  const delimiter = Buffer.from(rowDelimiter)
  const blocks: Buffer[] = []
  for (let from = 0; ;) {
    const end = rows.indexOf(delimiter, from + BLOCK_LENGTH)
    if (end < 0) return [...blocks, rows.subarray(from)]
    blocks.push(rows.subarray(from, end))
    from = end + delimiter.length
  }
}

/** A block has fewer rows than this: every one but the first has a delimiter before it, within `BLOCK_LENGTH`. */
const BLOCK_ROWS = 2 * BLOCK_LENGTH

/**
 * A FROM item of the rows in `raw`, a relation of numbered blocks (`block`, `number`): f0, f1, …, and how many values each had in `parts`. `place`
 * grows from row to row, so that whoever needs their order need not number them one after the other, on one thread.
 */
export function decodedRows(raw: string, fields: number, format: TextFormat): string {
  const columns = Array.from(
    { length: fields },
    (_, index) => `nullif(p[${index + 1}], ${literal(format.nullText)}) AS f${index}`,
  )
  return `(SELECT ${columns.join(', ')}, len(p) AS parts, place FROM (SELECT string_split(line, ${literal(format.columnSeparator)}) AS p, place FROM ${blockLines(raw, format.rowDelimiter)}))`
}

/** `line` and `place` of every row. */
export function blockLines(raw: string, delimiter: string): string {
  const split = `SELECT string_split(block, ${literal(delimiter)}) AS lines, number FROM ${raw}`
  return `(SELECT unnest(lines) AS line, number * ${BLOCK_ROWS} + generate_subscripts(lines, 1) AS place FROM (${split}))`
}

/** Why a decoded row cannot be read, as SQL over the row `i`; NULL when it can. */
export const unreadReason = (fields: number): string =>
  `CASE WHEN i.parts <> ${fields} THEN 'Error: Value count does not match column count. Expect ${fields}, but got ' || i.parts || '.' END`
