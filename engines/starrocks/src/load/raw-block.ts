/**
 * The text of a load on its way to DuckDB: numbered blocks in temporary tables. There are several, which take turns, because DuckDB has
 * one thread read a table of so few rows. Bytes go in as they came, which spares their way through strings of JavaScript's.
 */
import { BIGINT, BLOB, BOOLEAN, DuckDBDataChunk, blobValue } from '@duckdb/node-api'
import type { Link } from '../storage/link.ts'

export interface RawBlocks {
  /** All of them UTF-8. */
  append(blocks: readonly Uint8Array[], areDocuments: boolean): void
  /** Nothing more is appended. */
  finish(): RawRows
  drop(): Promise<void>
}

export interface RawRows {
  /** SELECT of all blocks, with `block`, `documents` and `number`. */
  readonly sql: string
  /** How many blocks there are; their numbers begin with 0. */
  readonly count: number
  readonly bytes: number
}

/** A share of DuckDB's memory: a copy of more would be spilled, and take far more than its memory. */
const SHARE_AT_ONCE = 3

/** Of one part after the other DuckDB holds a copy (`blocksOf`). */
export function partsOf(rows: RawRows, memoryBytes: number): readonly RawRows[] {
  const parts = Math.max(1, Math.ceil((rows.bytes * SHARE_AT_ONCE) / memoryBytes))
  if (parts === 1) return [rows]
  const count = Math.ceil(rows.count / parts)
  return Array.from({ length: Math.ceil(rows.count / count) }, (_, at) => ({
    sql: `SELECT * FROM (${rows.sql}) WHERE number >= ${at * count} AND number < ${(at + 1) * count}`,
    count,
    bytes: rows.bytes / parts,
  }))
}

/**
 * A FROM item. Of tables that are read one after the other for an INSERT, one thread reads each while the others wait, and takes a core to do so;
 * a copy of theirs is read by all.
 */
export function blocksOf({ sql }: RawRows, which = 'true'): string {
  return `(WITH blocks AS MATERIALIZED (SELECT block, number FROM (${sql}) WHERE ${which}) FROM blocks)`
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
      .map((table) => `CREATE TEMP TABLE ${table} (block BLOB, documents BOOLEAN, number BIGINT)`)
      .join(';'),
  )
  const appenders = await Promise.all(tables.map((table) => link.appender(table, null)))
  let next = 0
  let waiting = 0
  let bytes = 0
  let number = 0n
  return {
    append(blocks, areDocuments) {
      for (let at = 0; at < blocks.length; at += CHUNK_ROWS) {
        const part = blocks.slice(at, at + CHUNK_ROWS)
        const chunk = DuckDBDataChunk.create([BLOB, BOOLEAN, BIGINT], part.length)
        chunk.setColumns([
          part.map(blobValue),
          part.map(() => areDocuments),
          part.map(() => number++),
        ])
        const appender = appenders[next % appenders.length]
        appender?.appendDataChunk(chunk)
        for (const block of part) waiting += block.length
        if (waiting < FLUSH_LENGTH) continue
        appender?.flushSync()
        bytes += waiting
        waiting = 0
        next += 1
      }
    },
    finish() {
      for (const appender of appenders) {
        appender.flushSync()
        appender.closeSync()
      }
      const rows = (table: string) =>
        `SELECT decode(block) AS block, documents, number FROM temp.main.${table}`
      const sql = tables.map(rows).join(' UNION ALL ')
      return { sql, count: Number(number), bytes: bytes + waiting }
    },
    async drop() {
      await link.run(tables.map((table) => `DROP TABLE temp.main.${table}`).join(';'))
    },
  }
}
