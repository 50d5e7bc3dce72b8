/**
 * Files in object storage that a statement writes: all of them are there when it was acknowledged, and none when it failed. What is begun
 * is recorded with the data; where it does not come to its end, this process takes the files away, or the next one.
 *
 * Guarantees: a record is kept before the first file is written, and until nothing of it is left. Two that run write to no name both.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Logger } from '../../../../src/kernel/log.ts'
import { SqlError } from '../session.ts'
import { literal } from '../sql/quote.ts'
import type { Duck } from '../storage/duck.ts'
import type { Link } from '../storage/link.ts'
import { parseObjectPath } from '../storage/object-path.ts'
import type { WriteMutex } from '../storage/write-mutex.ts'
import type { Durability } from './durability.ts'
import type { Guard } from './guard.ts'

/** Where a statement writes. */
export interface FilePlace {
  /** A folder, with a slash at its end. */
  readonly folder: string
  /** What the paths of its files begin with, below the folder. */
  readonly start: string
  /** What the names of its files begin with: nobody else's do. */
  readonly name: string
}

export interface FileWrites {
  run<T>(by: FileWriter, place: FilePlace, write: () => Promise<T>): Promise<T>
  /** Tries no more: what is left is the next process's. */
  stop(): Promise<void>
}

export interface FileWriter {
  readonly link: Link
  readonly guard: Guard
}

export interface FileWriteParts {
  readonly duck: Pick<Duck, 'objects' | 'connect'>
  readonly writing: WriteMutex
  readonly durability: Durability
  readonly clock: Clock
  readonly log: Logger
}

const SCHEMA = 'CREATE TABLE IF NOT EXISTS emrys.file_write (document VARCHAR NOT NULL)'
/** A storage that works has removed them by then, and who failed by one that does not need not wait for it. */
const REMOVAL_MS = 1_000
const AGAIN_MS = 1_000
const AGAIN_MOST_MS = 60_000

export async function openFileWrites(link: Link, parts: FileWriteParts): Promise<FileWrites> {
  const { writing, durability } = parts
  await link.run(SCHEMA)
  const rows = await link.rows('SELECT document FROM emrys.file_write')
  const taken = new Set<string>()
  const removal = fileRemoval(parts, (place) => void taken.delete(JSON.stringify(place)))
  for (const [document] of rows) void removal.add(JSON.parse(String(document)) as FilePlace)
  const change = async (by: FileWriter, sql: string): Promise<void> => {
    await writing.withLock(() => by.link.run(sql), by.guard)
    await durability.settle(by.guard)
  }
  return {
    async run(by, place, write) {
      const key = JSON.stringify(place)
      // One that failed holds its names until its files are removed.
      if (taken.has(key)) throw new SqlError(`${place.folder}${place.name} is being written`)
      taken.add(key)
      try {
        await change(by, `INSERT INTO emrys.file_write VALUES (${documentSql(place)})`)
        const value = await write()
        await change(by, forgetSql(place))
        taken.delete(key)
        return value
      } catch (error) {
        const { abandoned } = by.guard
        // What was left to itself may still write.
        if (abandoned) void abandoned.then(() => removal.add(place))
        else await Promise.race([removal.add(place), pause(REMOVAL_MS, undefined, { ref: false })])
        throw error
      }
    },
    stop: removal.stop,
  }
}

const documentSql = (place: FilePlace): string => literal(JSON.stringify(place))

const forgetSql = (place: FilePlace): string =>
  `DELETE FROM emrys.file_write WHERE document = ${documentSql(place)}`

interface FileRemoval {
  /** Resolves after the first try, which does not fail. */
  add(place: FilePlace): Promise<void>
  stop(): Promise<void>
}

function fileRemoval(
  { duck, writing, clock, log }: FileWriteParts,
  removed: (place: FilePlace) => void,
): FileRemoval {
  const { objects } = duck
  const left = new Set<FilePlace>()
  let running: Promise<void> = Promise.resolve()
  let cancelTimer: (() => void) | undefined
  let stopped = false
  let againMs = AGAIN_MS
  const remove = async (place: FilePlace): Promise<void> => {
    const count = await objects.remove(parseObjectPath(place.folder), place, clock)
    const link = await duck.connect()
    try {
      await writing.withLock(() => link.run(forgetSql(place)))
    } finally {
      await link.close()
    }
    left.delete(place)
    removed(place)
    if (count > 0) log.info({ folder: place.folder, count }, 'files of a failed write were removed')
  }
  const sweep = async (): Promise<void> => {
    cancelTimer?.()
    for (const place of left) {
      if (stopped) return
      try {
        await remove(place)
        againMs = AGAIN_MS
      } catch (error) {
        const { message } = error as Error
        if (objects.hasKey)
          log.warn({ folder: place.folder, reason: message }, 'files of a failed write are left')
      }
    }
    if (left.size === 0 || stopped) return
    cancelTimer = clock.at(clock.now() + againMs, () => void next())
    if (objects.hasKey) againMs = Math.min(2 * againMs, AGAIN_MOST_MS)
  }
  const next = (): Promise<void> => (running = running.then(sweep))
  return {
    add(place) {
      left.add(place)
      return next()
    },
    async stop() {
      stopped = true
      cancelTimer?.()
      await running
    },
  }
}
