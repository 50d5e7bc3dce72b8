/**
 * Snapshots: what was committed at one moment, as files in a directory of their own that another instance can begin with.
 *
 * Writers wait for a checkpoint, not for the copy: the file is held meanwhile (storage/duck.ts). The copy is opened before it
 * counts, so that one that cannot be opened is none. A directory has its name once all of it is on the disk: written beside and renamed.
 * `manifest.json` names each file with its size and digest, and the tables that are inside.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineContext } from '../execution/engine-context.ts'
import { SqlError } from '../session.ts'
import { DATABASE_FILE } from '../storage/duck.ts'
import type { HeldFile } from '../storage/checkpoint.ts'
import { finishCopy, TABLES_MAX } from './snapshot-copy.ts'
import type { SnapshotTable } from './snapshot-copy.ts'

/** `absent`: never asked for, forgotten, or asked of an engine that has ended since. */
export interface SnapshotState {
  readonly phase: 'absent' | 'taking' | 'taken' | 'failed'
  /** Why it failed. */
  readonly reason?: string
}

export interface SnapshotManifest {
  readonly format: 1
  readonly instance: string
  readonly version: string
  readonly takenMs: number
  readonly files: readonly {
    readonly path: string
    readonly bytes: number
    readonly sha256: string
  }[]
  readonly tables: readonly SnapshotTable[]
}

export interface Snapshots {
  /** Begins one unless it is there or being taken. Throws SqlError while another one is being taken. */
  begin(name: string): void
  state(name: string): SnapshotState
  /** Ends it, and removes what is there of it. */
  forget(name: string): Promise<void>
  /** Ends the one that is being taken. */
  stop(): Promise<void>
}

const FOLDER = 'snapshot'
const MANIFEST = 'manifest.json'
const PART = '.part'
const PIECE_BYTES = 4 * 1024 * 1024
/** Left free on the disk, for all others that write to it. */
const SPARE_BYTES = 64 * 1024 * 1024

interface Taking {
  readonly name: string
  readonly cancelled: AbortController
  readonly ended: Promise<void>
}

/** Removes what an engine that was killed left of one. */
export async function openSnapshots(
  engine: EngineContext,
  directory: string,
  freeBytes: FreeBytes = freeOnDisk,
): Promise<Snapshots> {
  const folder = join(directory, FOLDER)
  for (const name of await readdir(folder).catch(() => [] as string[]))
    if (name.endsWith(PART)) await rm(join(folder, name), { recursive: true, force: true })
  let taking: Taking | undefined
  let failed: { readonly name: string; readonly reason: string } | undefined

  const run = async (name: string, signal: AbortSignal): Promise<void> => {
    const part = join(folder, name + PART)
    try {
      await takeInto(engine, part, { directory, signal, freeBytes })
      signal.throwIfAborted()
      await rename(part, join(folder, name))
      await flush(folder)
    } catch (error) {
      await rm(part, { recursive: true, force: true }).catch(() => undefined)
      const reason = reasonOf(error, directory)
      if (!signal.aborted) {
        failed = { name, reason }
        engine.log.warn({ snapshot: name, reason }, 'a snapshot could not be taken')
      }
    }
    taking = undefined
  }
  const stop = async () => {
    taking?.cancelled.abort(new Error('the snapshot was given up'))
    await taking?.ended
  }
  return {
    begin(name) {
      if (taking?.name === name || existsSync(join(folder, name))) return
      if (taking) throw new SqlError(`the snapshot ${taking.name} is being taken`)
      failed = undefined
      const cancelled = new AbortController()
      const { promise, resolve } = Promise.withResolvers<void>()
      taking = { name, cancelled, ended: promise }
      void run(name, cancelled.signal).finally(resolve)
    },
    state(name) {
      if (taking?.name === name) return { phase: 'taking' }
      if (existsSync(join(folder, name))) return { phase: 'taken' }
      return failed?.name === name
        ? { phase: 'failed', reason: failed.reason }
        : { phase: 'absent' }
    },
    async forget(name) {
      if (taking?.name === name) await stop()
      if (failed?.name === name) failed = undefined
      await rm(join(folder, name), { recursive: true, force: true })
    },
    stop,
  }
}

/** Bytes that a directory's disk has left for this process. */
export type FreeBytes = (directory: string) => Promise<number>

const freeOnDisk: FreeBytes = async (directory) => {
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize
}

interface Place {
  readonly directory: string
  readonly freeBytes: FreeBytes
  readonly signal: AbortSignal
}

async function takeInto(
  engine: EngineContext,
  part: string,
  { directory, signal, freeBytes }: Place,
): Promise<void> {
  await mkdir(part, { recursive: true, mode: 0o700 })
  requireSpace(await freeBytes(directory), engine.duck.fileBytes())
  const { identity, clock } = engine
  const { held, takenMs, catalog } = await engine.writing.withLock(async () => {
    signal.throwIfAborted()
    return { held: await holdAll(engine), takenMs: clock.now(), catalog: engine.store.current }
  })
  try {
    for (const file of held) await copyHeld(file, join(part, file.name), signal)
  } finally {
    for (const file of held) await file.release()
  }
  const tables: SnapshotTable[] = []
  const files: SnapshotManifest['files'][number][] = []
  for (const { name: path, volume } of held) {
    const copy = join(part, path)
    tables.push(...(await finishCopy(engine.duck, copy, { catalog, volume })))
    files.push({ path, ...(await digestOf(copy, signal)) })
  }
  const manifest: SnapshotManifest = {
    format: 1,
    instance: identity.instance,
    version: identity.version,
    takenMs,
    files,
    tables: tables.slice(0, TABLES_MAX),
  }
  await writeFile(join(part, MANIFEST), JSON.stringify(manifest), { mode: 0o600, flush: true })
  await flush(part)
}

/** The instance's own file, and those of the storage volumes. */
async function holdAll({
  duck,
  volumes,
}: EngineContext): Promise<readonly (HeldFile & { name: string; volume: number | undefined })[]> {
  const own = await duck.hold()
  try {
    return [{ ...own, name: DATABASE_FILE, volume: undefined }, ...(await volumes.hold())]
  } catch (error) {
    await own.release()
    throw error
  }
}

function requireSpace(freeBytes: number, wanted: number): void {
  const spare = Math.max(0, freeBytes - SPARE_BYTES)
  if (spare < wanted)
    throw new Error(`${wanted} bytes are needed, and the disk has ${spare} to spare`)
}

async function copyHeld({ path, bytes }: HeldFile, to: string, signal: AbortSignal): Promise<void> {
  const source = await open(path, 'r')
  try {
    const target = await open(to, 'wx', 0o600)
    try {
      const piece = Buffer.alloc(PIECE_BYTES)
      for (let at = 0; at < bytes;) {
        signal.throwIfAborted()
        const wanted = Math.min(PIECE_BYTES, bytes - at)
        const { bytesRead } = await source.read(piece, 0, wanted, at)
        if (bytesRead === 0) throw new Error('the file is shorter than it was')
        await target.writeFile(piece.subarray(0, bytesRead))
        at += bytesRead
      }
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** Read back from what was written, and on the disk when it resolves. */
async function digestOf(path: string, signal: AbortSignal) {
  const file = await open(path, 'r+')
  try {
    await file.sync()
    const hash = createHash('sha256')
    const piece = Buffer.alloc(PIECE_BYTES)
    let bytes = 0
    for (;;) {
      signal.throwIfAborted()
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, bytes)
      if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') }
      hash.update(piece.subarray(0, bytesRead))
      bytes += bytesRead
    }
  } finally {
    await file.close()
  }
}

async function flush(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Read by people who need not know where this host keeps its files. */
function reasonOf(error: unknown, directory: string): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.replaceAll(directory, '…')
}
