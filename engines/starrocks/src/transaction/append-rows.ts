/**
 * Many rows for a table that only appends: they are computed and written beside other writers, and only the commit takes the write mutex.
 * A table that was changed meanwhile is not written to: the rows were judged by what it was.
 */
import { quoted } from '../sql/quote.ts'
import { SqlError } from '../session.ts'
import type { TableColumn, TableEntry } from '../catalog/catalog.ts'
import type { Execution } from '../execution/execution.ts'
import { beginSql, commitSql, rollbackSql } from '../storage/stream.ts'
import { mergeSql } from './merge.ts'
import { reasonColumn } from './row-check.ts'
import { failOnReason, refuseFull } from './write-rows.ts'

export interface RowAppend {
  readonly table: TableEntry
  /** SELECTs of judged rows (row-check.ts), one after the other. The first row that the table cannot take fails the whole. */
  readonly judged: readonly string[]
  readonly columns: readonly TableColumn[]
  /** Joins the transaction, with the mutex, when the rows are written. */
  readonly more?: (count: number) => Promise<void>
}

/** Nothing was written: the rows have to be judged by what the table is now. */
export class TableChangedError extends SqlError {
  constructor(name: string) {
    super(`Table '${name}' was changed while the statement ran, retry it`)
    this.name = 'TableChangedError'
  }
}

/** Answers how many rows there were. */
export async function appendRows(
  { engine, link, guard }: Execution,
  { table, judged, columns, more }: RowAppend,
): Promise<number> {
  const taken = failOnReason(quoted(reasonColumn))
  await refuseFull(engine)
  await link.run(beginSql)
  let count = 0
  try {
    for (const rows of judged)
      count += await link.run(mergeSql(table, `(SELECT * FROM (${rows}) WHERE ${taken})`, columns))
    await engine.writing.withLock(async () => {
      guard.check()
      if (engine.store.current.entries.get(table.id) !== table)
        throw new TableChangedError(table.name)
      await refuseFull(engine)
      await more?.(count)
      await link.run(commitSql)
    }, link.cancellation)
    if (table.volume !== undefined) guard.touched?.(table.volume)
  } catch (error) {
    await link.run(rollbackSql).catch(() => 0)
    throw error
  }
  return count
}
