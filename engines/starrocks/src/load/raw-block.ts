/**
 * The text of a load on its way to DuckDB: numbered blocks in temporary tables. There are several, which take turns, because DuckDB has
 * one thread read a table of so few rows.
 */
import { BIGINT, BOOLEAN, DuckDBDataChunk, VARCHAR } from '@duckdb/node-api'
import type { Link } from '../storage/link.ts'

export interface RawBlocks {
  append(blocks: readonly string[], areDocuments: boolean): void
  /** Nothing more is appended; a FROM item of all, with `block`, `documents` and `number`. */
  finish(): string
  drop(): Promise<void>
}

/** Blocks per chunk handed to DuckDB: its own vector size. */
const CHUNK_ROWS = 2048

/** Rows wait in the appender, outside of DuckDB's memory limit, until this much has come. */
const FLUSH_LENGTH = 4_194_304

/** More would be read no faster. */
const TABLES_MAX = 4

export async function rawBlocks(link: Link, id: number, threads: number): Promise<RawBlocks> {
  const tables = Array.from({ length: Math.min(threads, TABLES_MAX) }, (_, at) => `raw${id}_${at}`)
  await link.run(
    tables
      .map(
        (table) => `CREATE TEMP TABLE ${table} (block VARCHAR, documents BOOLEAN, number BIGINT)`,
      )
      .join(';'),
  )
  const appenders = await Promise.all(tables.map((table) => link.appender(table, null)))
  let next = 0
  let waiting = 0
  let number = 0n
  return {
    append(blocks, areDocuments) {
      for (let at = 0; at < blocks.length; at += CHUNK_ROWS) {
        const part = blocks.slice(at, at + CHUNK_ROWS)
        const chunk = DuckDBDataChunk.create([VARCHAR, BOOLEAN, BIGINT], part.length)
        chunk.setColumns([part, part.map(() => areDocuments), part.map(() => number++)])
        const appender = appenders[next % appenders.length]
        appender?.appendDataChunk(chunk)
        for (const block of part) waiting += block.length
        if (waiting < FLUSH_LENGTH) continue
        appender?.flushSync()
        waiting = 0
        next += 1
      }
    },
    finish() {
      for (const appender of appenders) {
        appender.flushSync()
        appender.closeSync()
      }
      return `(${tables.map((table) => `FROM temp.main.${table}`).join(' UNION ALL ')})`
    },
    async drop() {
      await link.run(tables.map((table) => `DROP TABLE temp.main.${table}`).join(';'))
    },
  }
}
