/**
 * DuckDB, opened for one purpose: to keep one instance's data in one file, with no way out to the host.
 *
 * Guarantees: external access (but to the buckets that the configuration names), extensions and secrets are off and the configuration
 * is locked before the first statement of a client can run; only memory, threads, spill size, the checkpoints and how long a storage's answer
 * is waited for stay settable, and only through `setLimits`, `hold` and `boundStorage` (no client statement reaches SET). A commit is on disk when its promise resolves (DuckDB syncs its WAL).
 * Every error leaves as a SqlError (see duck-error.ts).
 */
import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { openDatabaseFile } from './database-file.ts'
import type { DatabaseFile, FileProtection } from './database-file.ts'
import { sqlErrorOf } from './duck-error.ts'
import { CHECKPOINT_AT, CHECKPOINT_NEVER, checkpointsOf, bytesOnDisk } from './checkpoint.ts'
import type { HeldFile } from './checkpoint.ts'
import type { ShippedDatabase } from '../volume/shipper.ts'
import { linkOf, sharedState } from './link.ts'
import { registerNativeFunctions } from './native-function.ts'
import { bucketsOf, objectStorage } from './object-storage.ts'
import type { ObjectStorage, ObjectStorageOptions } from './object-storage.ts'
import type { Link } from './link.ts'
import { attachments } from './attached-database.ts'
import type { AttachedDatabase } from './attached-database.ts'

export interface DuckLimits {
  /** Bytes DuckDB may hold in memory before it spills to disk. */
  readonly memoryBytes: number
  readonly threads: number
  /** Bytes of data the instance may hold: the database file, its log and what is spilled. */
  readonly storageBytes: number
}

export interface Duck {
  readonly objects: ObjectStorage
  readonly isEncrypted: boolean
  /** Names of DuckDB's modules that were loaded. */
  readonly modules: ReadonlySet<string>
  connect(): Promise<Link>
  /** Bytes on disk now: the database file and its log, without blocks that are free inside the file. */
  usedBytes(): Promise<number>
  /** The same without asking DuckDB: may overstate by the free blocks. */
  fileBytes(): number
  setLimits(limits: DuckLimits): Promise<void>
  /** What was freed and is still with the allocator goes back to the system. */
  releaseMemory(): Promise<void>
  /** Why DuckDB cannot continue, if so: only opening the file again helps then. */
  failure(): string | undefined
  /**
   * Moves the log into the file and keeps the file so until `release`: what is committed from then on goes to the log, and what the
   * file refers to is written over by nobody. Nothing may be committed while this runs (write-mutex.ts). Not to be nested.
   */
  hold(): Promise<HeldFile>
  /**
   * Where the file is shipped: it is written into by checkpoints of the engine's own only, which these tell of. Nothing else moves the
   * log into the file, so that a checkpoint never runs beside a commit.
   */
  readonly shipped: ShippedDatabase
  /**
   * A further database, in the folder that the protection names, for all connections; protected and written into as the file is, which
   * has to be shipped then. Its name is the stem of its file's.
   */
  attach(path: string): Promise<AttachedDatabase>
  /** A copy of the file, opened by itself and as it is protected. */
  openCopy(path: string): Promise<DatabaseFile>
  /** Waits for what runs, moves the log into the file and closes it. */
  close(): Promise<void>
}

/** What the process is given to open the file with, and the object storage beside it. */
export interface DuckProtection extends Omit<FileProtection, 'buckets' | 'folder'> {
  readonly objects?: ObjectStorageOptions
  /** The file and its log are shipped (volume/shipper.ts). */
  readonly isShipped?: boolean
  readonly onDefect?: (reason: string) => void
}

/** Its stem is the name of DuckDB's catalog, so it may be the name of no schema. */
export const DATABASE_FILE = 'instance.duckdb'

/** Nothing is fetched or loaded but what the configuration names. */
const NOTHING_MORE = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  allow_persistent_secrets: 'false',
}

/** Beside what the engine has: a small share. */
const COPY_OPTIONS = { memory_limit: '128MB', threads: '1' }

export async function openDuck(
  directory: string,
  limits: DuckLimits,
  { objects, isShipped = false, onDefect, ...protection }: DuckProtection = { modules: [] },
): Promise<Duck> {
  const temporary = spillIn(directory)
  // What a process left that was killed is nobody's: it takes up the disk, and DuckDB would not encrypt beside it.
  await rm(temporary, { recursive: true, force: true })
  await mkdir(temporary, { recursive: true, mode: 0o700 })
  const file = join(directory, DATABASE_FILE)
  const options = {
    ...optionsOf(directory, limits),
    checkpoint_threshold: isShipped ? CHECKPOINT_NEVER : CHECKPOINT_AT,
  }
  const folders = isShipped ? { folder: volumeFolder(directory) } : {}
  const opening = { ...protection, buckets: bucketsOf(objects), ...folders }
  const instance = await opened(openDatabaseFile(file, options, opening))
  const admin = await instance.connect()
  if (isShipped) await admin.run('PRAGMA disable_checkpoint_on_shutdown')
  await lock(admin)
  let failure: string | undefined
  let { memoryBytes } = limits
  const open = new Set<Link>()
  const shared = sharedState()
  const hide = (text: string) => text.replaceAll(directory, '…')
  const faults = { onFatal: (reason: string) => void (failure ??= reason), onDefect }
  const connect = async (connection: DuckDBConnection) => {
    const link = linkOf(connection, faults, hide, shared)
    open.add(link)
    const close = async () => {
      await link.close()
      open.delete(link)
    }
    return { ...link, close }
  }
  const control = await connect(admin)
  const beside = attachments(instance, control, hide)
  const fileBytes = () => bytesOnDisk(file) + bytesOnDisk(`${file}.wal`) + beside.bytes()
  const checkpoints = checkpointsOf(control, { path: file, isShipped })
  return {
    objects: objectStorage(control, objects),
    isEncrypted: protection.dataKey !== undefined,
    modules: new Set(protection.modules.map((path) => basename(path, '.duckdb_extension'))),
    connect: async () => connect(await instance.connect()),
    failure: () => failure,
    fileBytes,
    async usedBytes() {
      const [row] = await control.rows(
        'SELECT sum(free_blocks * block_size) FROM pragma_database_size()',
      )
      return Math.max(0, fileBytes() - Number(row?.[0] ?? 0))
    },
    async setLimits(next) {
      memoryBytes = next.memoryBytes
      await control.run(setSql(limitOptions(next)))
    },
    async releaseMemory() {
      shared.plans.clear()
      // DuckDB empties its allocator whenever its limit is set, also to what it is.
      await control.run(`SET memory_limit = '${memoryBytes}B'`)
    },
    hold: checkpoints.hold,
    shipped: checkpoints.shipped,
    attach: beside.attach,
    openCopy: (path) => openDatabaseFile(path, { ...NOTHING_MORE, ...COPY_OPTIONS }, protection),
    async close() {
      if (!isShipped) await control.run('CHECKPOINT').catch(() => 0)
      await Promise.all([...open].map((link) => link.close()))
      instance.close()
    },
  }
}

/** The databases of storage volumes, each in a folder of its own. */
export const volumeFolder = (directory: string): string => join(directory, 'volume')

const opened = (file: Promise<DatabaseFile>): Promise<DatabaseFile> =>
  file.catch((error: unknown) => {
    throw sqlErrorOf(error)
  })

const spillIn = (directory: string): string => join(directory, 'spill')

function optionsOf(directory: string, limits: DuckLimits): Record<string, string> {
  return {
    // The order matters: once external access is off, no folder can be set any more.
    temp_directory: spillIn(directory),
    ...NOTHING_MORE,
    extension_directory: join(directory, 'extension'),
    ...limitOptions(limits),
    // StarRocks: NULL is less than everything (reference: StarRocks documentation, ORDER BY).
    default_null_order: 'NULLS_FIRST_ON_ASC_LAST_ON_DESC',
  }
}

async function lock(admin: DuckDBConnection): Promise<void> {
  registerNativeFunctions(admin)
  await admin.run(
    "SET allowed_configs = ['memory_limit', 'threads', 'max_temp_directory_size', 'checkpoint_threshold', 'http_timeout', 'preserve_insertion_order']",
  )
  await admin.run('SET lock_configuration = true')
}

const setSql = (options: Readonly<Record<string, string>>): string =>
  Object.entries(options)
    .map(([name, value]) => `SET ${name} = '${value}'`)
    .join(';')

function limitOptions(limits: DuckLimits): Record<string, string> {
  return {
    memory_limit: `${limits.memoryBytes}B`,
    threads: String(limits.threads),
    max_temp_directory_size: `${limits.storageBytes}B`,
  }
}
