/**
 * DuckDB, opened for one purpose: to keep one instance's data in one file, with no way out to the host.
 *
 * Guarantees: external access, extensions and secrets are off and the configuration is locked before the first
 * statement of a client can run; only memory, threads and spill size stay settable, and only through `setLimits`
 * (no client statement reaches SET). A commit is on disk when its promise resolves (DuckDB syncs its WAL).
 * Every error leaves as a SqlError (see duck-error.ts).
 */
import { statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type {
  DuckDBAppender,
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBValue,
} from '@duckdb/node-api'
import { sqlErrorOf } from './duck-error.ts'

export interface DuckLimits {
  /** Bytes DuckDB may hold in memory before it spills to disk. */
  readonly memoryBytes: number
  readonly threads: number
  /** Bytes of data the instance may hold: the database file, its log and what is spilled. */
  readonly storageBytes: number
}

/** One connection. Statements on it run one after the other; a stream must be read or closed before the next. */
export interface Link {
  /** Runs one or more statements and answers how many rows the last one changed. */
  run(sql: string, values?: readonly DuckDBValue[]): Promise<number>
  rows(sql: string, values?: readonly DuckDBValue[]): Promise<DuckDBValue[][]>
  /** Chunks of a query as DuckDB produces them. */
  stream(sql: string): Promise<AsyncIterable<DuckDBDataChunk>>
  /** The same for a result that is known to be small: computed as a whole, in one trip to DuckDB's threads. */
  whole(sql: string): Promise<readonly DuckDBDataChunk[]>
  appender(table: string, schema: string | null): Promise<DuckDBAppender>
  interrupt(): void
  close(): void
}

export interface Duck {
  connect(): Promise<Link>
  /** Bytes on disk now: the database file and its log, without blocks that are free inside the file. */
  usedBytes(): Promise<number>
  /** The same without asking DuckDB: may overstate by the free blocks. */
  fileBytes(): number
  setLimits(limits: DuckLimits): Promise<void>
  close(): Promise<void>
}

/** Its stem is the name of DuckDB's catalog, so it may be the name of no schema. */
const DATABASE_FILE = 'instance.duckdb'

export async function openDuck(directory: string, limits: DuckLimits): Promise<Duck> {
  const temporary = join(directory, 'spill')
  await mkdir(temporary, { recursive: true, mode: 0o700 })
  const file = join(directory, DATABASE_FILE)
  const instance = await DuckDBInstance.create(file, {
    // The order matters: once external access is off, no folder can be set any more.
    temp_directory: temporary,
    extension_directory: join(directory, 'extension'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false',
    ...limitOptions(limits),
    // StarRocks: NULL is less than everything (reference: StarRocks documentation, ORDER BY).
    default_null_order: 'NULLS_FIRST_ON_ASC_LAST_ON_DESC',
    enable_external_access: 'false',
  }).catch((error: unknown) => {
    throw sqlErrorOf(error)
  })
  const admin = await instance.connect()
  await admin.run("SET allowed_configs = ['memory_limit', 'threads', 'max_temp_directory_size']")
  await admin.run('SET lock_configuration = true')
  const control = linkOf(admin)
  const fileBytes = () => size(file) + size(`${file}.wal`)
  return {
    connect: async () => linkOf(await instance.connect()),
    fileBytes,
    async usedBytes() {
      const [row] = await control.rows(
        'SELECT free_blocks * block_size FROM pragma_database_size() WHERE database_name = current_database()',
      )
      return Math.max(0, fileBytes() - Number(row?.[0] ?? 0))
    },
    async setLimits(next) {
      const sets = Object.entries(limitOptions(next)).map(
        ([name, value]) => `SET ${name} = '${value}'`,
      )
      await control.run(sets.join(';'))
    },
    async close() {
      await control.run('CHECKPOINT').catch(() => 0)
      control.close()
      instance.closeSync()
    },
  }
}

/** All or nothing: commits when `work` resolves, rolls back when it throws. Not to be nested on one link. */
export async function transaction<T>(link: Link, work: () => Promise<T>): Promise<T> {
  await link.run('BEGIN TRANSACTION')
  try {
    const value = await work()
    await link.run('COMMIT')
    return value
  } catch (error) {
    // After a fatal error there is nothing left to roll back; the first error is the one to tell.
    await link.run(rollback).catch(() => 0)
    throw error
  }
}

/** The one statement that also a cancelled run may send. */
export const rollback = 'ROLLBACK'

function limitOptions(limits: DuckLimits): Record<string, string> {
  return {
    memory_limit: `${limits.memoryBytes}B`,
    threads: String(limits.threads),
    max_temp_directory_size: `${limits.storageBytes}B`,
  }
}

function size(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function linkOf(connection: DuckDBConnection): Link {
  return {
    run: (sql, values) =>
      guarded(async () => {
        const result = await connection.run(sql, values && [...values])
        return result.rowsChanged
      }),
    rows: (sql, values) =>
      guarded(async () => {
        const result = await connection.run(sql, values && [...values])
        return result.getRows()
      }),
    stream: (sql) =>
      guarded(async () => {
        const statement = await connection.prepare(sql)
        try {
          const result = await statement.stream()
          return chunksOf(() => guarded(() => result.fetchChunk()))
        } finally {
          statement.destroySync()
        }
      }),
    whole: (sql) =>
      guarded(async () => {
        const result = await connection.run(sql)
        return Array.from({ length: result.chunkCount }, (_, index) => result.getChunk(index))
      }),
    appender: (table, schema) => guarded(() => connection.createAppender(table, schema)),
    interrupt: () => connection.interrupt(),
    close: () => connection.closeSync(),
  }
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw sqlErrorOf(error)
  }
}

async function* chunksOf(
  next: () => Promise<DuckDBDataChunk | null>,
): AsyncGenerator<DuckDBDataChunk, void> {
  for (;;) {
    const chunk = await next()
    if (chunk === null || chunk.rowCount === 0) return
    yield chunk
  }
}
