/**
 * Opens a database file: with modules of DuckDB, and encrypted when there is a key. Then the file, its log and whatever is spilled
 * are encrypted with AES-256-GCM by OpenSSL, which the module httpfs brings; DuckDB's own cipher is not used for that.
 *
 * Guarantees: unsigned modules are refused; nothing more can be loaded or read outside once it is open. The key is in memory only:
 * no error text repeats it.
 */
import { DuckDBInstance } from '@duckdb/node-api'
import type { DuckDBConnection } from '@duckdb/node-api'
import { basename } from 'node:path'
import { SqlError } from '../session.ts'
import { literal, quoted } from '../sql/quote.ts'
import { ANSWER_SECONDS_MOST, TRIES } from './link.ts'

/** DuckDB's own. */
export const BLOCK_BYTES = 262_144

export interface FileProtection {
  /** Files of DuckDB's modules, loaded before the database is opened. */
  readonly modules: readonly string[]
  /** 32 bytes; absent for a file that is not encrypted. */
  readonly dataKey?: Uint8Array
  /** Of object storage: what is outside of them cannot be reached. They need the module httpfs. */
  readonly buckets?: readonly string[]
  /** Where further databases lie. Without buckets there are none. */
  readonly folder?: string
}

export interface DatabaseFile {
  connect(): Promise<DuckDBConnection>
  /** A further database, protected in the same way, for all connections. */
  attach(path: string): Promise<void>
  close(): void
}

/** The stem of the file's name is the name of DuckDB's catalog. */
export async function openDatabaseFile(
  path: string,
  options: Readonly<Record<string, string>>,
  { modules, dataKey, buckets = [], folder }: FileProtection,
): Promise<DatabaseFile> {
  if (modules.length === 0 && dataKey === undefined && buckets.length === 0) {
    const instance = await DuckDBInstance.create(path, { ...options, ...CLOSED })
    return {
      connect: () => instance.connect(),
      attach: (beside) => attachTo(instance, beside),
      close: () => instance.closeSync(),
    }
  }
  const at = dataKey === undefined ? path : ':memory:'
  const instance = await DuckDBInstance.create(at, { ...options, ...SIGNED })
  try {
    const first = await instance.connect()
    for (const module of modules) await first.run(`LOAD ${literal(module)}`)
    if (dataKey) {
      await first.run('SET temp_file_encryption = true')
      await attach(first, path, dataKey)
    }
    const use = dataKey && `USE ${databaseName(path)}`
    if (buckets.length > 0) await allow(first, buckets, folder)
    await first.run('SET enable_external_access = false')
    first.closeSync()
    return {
      async connect() {
        const connection = await instance.connect()
        if (use !== undefined) await connection.run(use)
        return connection
      },
      attach: (beside) => attachTo(instance, beside, dataKey),
      close: () => instance.closeSync(),
    }
  } catch (error) {
    instance.closeSync()
    throw error
  }
}

const SIGNED = { allow_unsigned_extensions: 'false' }
const CLOSED = { ...SIGNED, enable_external_access: 'false' }

/** The paths that stay open when external access is off, beside the database's own. */
async function allow(
  connection: DuckDBConnection,
  buckets: readonly string[],
  folder: string | undefined,
): Promise<void> {
  // A setting of the module's: without it, the instance would only find out at its first statement.
  await connection.run('RESET s3_region').catch(() => {
    throw new SqlError('object storage needs the module httpfs')
  })
  // A file is written in 10 000 parts at most, and those on their way are in memory: 5 MB each instead of 80, and few at a time.
  await connection.run("SET GLOBAL s3_uploader_max_filesize = '50GB'")
  await connection.run('SET GLOBAL s3_uploader_thread_limit = 4')
  await connection.run(`SET GLOBAL http_timeout = ${ANSWER_SECONDS_MOST}`)
  await connection.run(`SET GLOBAL http_retries = ${TRIES - 1}`)
  // Otherwise each look at the storage makes a connection of its own.
  await connection.run('SET GLOBAL httpfs_connection_caching = true')
  const folders = [...buckets.map((bucket) => `s3://${bucket}/`), ...(folder ? [`${folder}/`] : [])]
  await connection.run(`SET allowed_directories = [${folders.map(literal).join(', ')}]`)
}

const databaseName = (path: string): string => quoted(basename(path, '.duckdb'))

async function attachTo(
  instance: DuckDBInstance,
  path: string,
  dataKey?: Uint8Array,
): Promise<void> {
  const connection = await instance.connect()
  try {
    await attach(connection, path, dataKey)
  } finally {
    connection.closeSync()
  }
}

async function attach(
  connection: DuckDBConnection,
  path: string,
  dataKey: Uint8Array | undefined,
): Promise<void> {
  const attaching = `ATTACH ${literal(path)} AS ${databaseName(path)}`
  if (!dataKey) {
    await connection.run(attaching)
    return
  }
  const key = Buffer.from(dataKey).toString('base64')
  try {
    await connection.run(`${attaching} (ENCRYPTION_KEY ${literal(key)}, ENCRYPTION_CIPHER 'GCM')`)
  } catch (error) {
    // oxlint-disable-next-line preserve-caught-error -- the error itself may hold the key
    throw new Error((error as Error).message.replaceAll(key, '…'))
  }
}
