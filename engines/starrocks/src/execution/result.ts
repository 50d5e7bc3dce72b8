/** What a statement answers: rows as they are converted, or a count. */
import type { DuckDBDataChunk } from '@duckdb/node-api'
import type { Result, WireValue } from '../session.ts'
import type { QueryColumn } from '../sql/bound.ts'
import { columnOf, rowsInTurns } from '../storage/wire-value.ts'
import type { Guard } from './guard.ts'

/** A result whose rows are converted as they are pulled. */
export function rowsResult(
  columns: readonly QueryColumn[],
  chunks: AsyncIterable<DuckDBDataChunk>,
  guard: Guard,
): Result {
  async function* converted() {
    for await (const chunk of chunks) {
      guard.check()
      yield await rowsInTurns(chunk, columns)
    }
  }
  return { kind: 'rows', columns: columns.map(columnOf), chunks: converted() }
}

/** One whose rows are few, and converted at once. */
export async function wholeResult(
  columns: readonly QueryColumn[],
  chunks: readonly DuckDBDataChunk[],
  guard: Guard,
): Promise<Result> {
  const converted: (readonly (readonly WireValue[])[])[] = []
  for (const chunk of chunks) {
    guard.check()
    converted.push(await rowsInTurns(chunk, columns))
  }
  return { kind: 'rows', columns: columns.map(columnOf), chunks: converted }
}

export const done = (affectedRows = 0, info = '', warnings = 0): Result => ({
  kind: 'done',
  affectedRows,
  warnings,
  info,
})
