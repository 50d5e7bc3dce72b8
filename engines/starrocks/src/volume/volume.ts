/**
 * The volume of an instance: a folder of an object store that keeps its database. Opening it takes it over from whoever had it, and makes
 * the files on the local disk what the store has; an empty one begins with what is on the disk.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from '../../../../src/kernel/log.ts'
import { readNote, restore, stampOf, writeNote, type FileStamp } from './local-copy.ts'
import {
  StoreError,
  type FolderKey,
  type ObjectFolder,
} from '../../../../src/kernel/object-folder.ts'
import { takeOver, type VolumeLog, type VolumeState } from './volume-log.ts'

export interface OpenVolume {
  readonly folder: ObjectFolder
  readonly log: VolumeLog
  readonly directory: string
  readonly file: string
  /** Undefined when the files on the disk are to be shipped as a whole. */
  readonly copied: { readonly state: VolumeState; readonly stamp: FileStamp } | undefined
}

export interface VolumeOptions {
  readonly folder: ObjectFolder
  readonly key: FolderKey
  /** Names this process among all that ever write to the volume. */
  readonly writer: string
  readonly log: Logger
  /** How long the store may be away at the start. */
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 20_000
const AGAIN_MS = 500

/** Throws StoreError when the store does not let it be opened. */
export async function openVolume(
  place: { readonly directory: string; readonly file: string },
  options: VolumeOptions,
): Promise<OpenVolume> {
  const { folder, writer, log } = options
  folder.setKey(options.key)
  const tries = Math.ceil((options.timeoutMs ?? TIMEOUT_MS) / AGAIN_MS)
  for (let left = tries; ; left--) {
    try {
      const taken = await takeOver(folder, writer)
      const note = readNote(place.directory)
      const base = taken.header?.base
      if (base === undefined || note?.isAhead)
        return { ...place, folder, log: taken.log, copied: undefined }
      const { state, fetchedBytes } = await restore(place, { folder, log: taken.log, base })
      const stamp = stampOf(place.file)
      if (!stamp) throw new Error('the database file is not there')
      log.info({ records: state.last - base, fetchedBytes }, 'the disk has what the volume has')
      return { ...place, folder, log: taken.log, copied: { state, stamp } }
    } catch (error) {
      if (!(error instanceof StoreError) || left <= 1) throw error
      if (left === tries) log.warn({ reason: error.message }, 'the volume cannot be opened yet')
    }
    await pause(AGAIN_MS)
  }
}

/** An engine that runs without the volume writes what it knows nothing of: from then on the disk is right. */
export function leaveVolume(directory: string): void {
  const note = readNote(directory)
  if (note && !note.isAhead) writeNote(directory, { ...note, isAhead: true })
}
