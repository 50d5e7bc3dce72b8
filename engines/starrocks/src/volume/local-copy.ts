/**
 * The files of a volume on the local disk: a copy of what the store has. What is there already and is the same is not fetched. A note
 * beside them says what was the same at which time of the file, so that it need not be read to know.
 */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sha256Hex } from '../../../../src/kernel/digest.ts'
import type { ObjectFolder } from '../../../../src/kernel/object-folder.ts'
import { VolumeError } from './log-record.ts'
import { pieceCount, pieceName, pieceRange, PIECE_BYTES, readPiece } from './piece.ts'
import { foldLog, type VolumeLog, type VolumeState } from './volume-log.ts'

export interface FileStamp {
  readonly bytes: number
  /** Of the last change; as text, as it is too long for a number. */
  readonly changed: string
}

export interface CopyNote {
  /** The record whose pieces the file had at that time. */
  readonly record: number
  readonly stamp: FileStamp
  /** The engine has run without the volume since then: the disk has what the store has not. */
  readonly isAhead?: true
}

const NOTE = 'volume.json'
const READS = 4

export function stampOf(path: string): FileStamp | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found && { bytes: Number(found.size), changed: String(found.mtimeNs) }
}

export function readNote(directory: string): CopyNote | undefined {
  const path = join(directory, NOTE)
  if (!existsSync(path)) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as CopyNote
  } catch {
    // Cut off by a loss of power: the files are read instead.
    return undefined
  }
}

export function writeNote(directory: string, note: CopyNote): void {
  writeFileSync(join(directory, NOTE), JSON.stringify(note), { mode: 0o600, flush: true })
}

export interface Place {
  readonly directory: string
  /** Of the database; its write-ahead log has the same name with `.wal` behind it. */
  readonly file: string
}

/** Makes the files what the store has. Answers that, and how many bytes were fetched for it. */
export async function restore(
  { directory, file }: Place,
  it: { readonly folder: ObjectFolder; readonly log: VolumeLog; readonly base: number },
): Promise<{ readonly state: VolumeState; readonly fetchedBytes: number }> {
  const note = readNote(directory)
  const draft = `${file}.wal.part`
  const log = await open(draft, 'w', 0o600)
  let state: VolumeState
  try {
    state = await foldLog(it.log, it.base, async (at, bytes) => {
      await log.write(bytes, 0, bytes.length, at)
    })
    await log.truncate(state.logBytes)
    await log.sync()
  } finally {
    await log.close()
  }
  // A log without its file, or with an older one, would be another database: it goes first.
  await rm(`${file}.wal`, { force: true })
  const stamp = stampOf(file)
  const same =
    note && stamp && note.stamp.changed === stamp.changed && note.stamp.bytes === stamp.bytes
  const known = same && note.record >= it.base ? note.record : 0
  const fetchedBytes = await restoreFile(file, it.folder, { state, known })
  if (state.logBytes > 0) await rename(draft, `${file}.wal`)
  else await rm(draft)
  await syncFolder(dirname(file))
  return { state, fetchedBytes: fetchedBytes + state.logBytes }
}

/** Pieces that came with records up to `known` are as they should be. */
async function restoreFile(
  path: string,
  folder: ObjectFolder,
  { state, known }: { readonly state: VolumeState; readonly known: number },
): Promise<number> {
  const { fileBytes, pieces } = state
  const file = await open(path, existsSync(path) ? 'r+' : 'w+', 0o600)
  const wanted = pieces.slice(0, pieceCount(fileBytes)).keys()
  const fetched: number[] = []
  const some = async () => {
    for (const index of wanted) {
      const piece = pieces[index]
      if (!piece) throw new VolumeError(`piece ${index} of the volume is in no record`)
      if (piece.record > known)
        fetched.push(
          await restorePiece(file, folder, { ...piece, ...pieceRange(index, fileBytes) }),
        )
    }
  }
  try {
    await Promise.all(Array.from({ length: READS }, some))
    await file.truncate(fileBytes)
    await file.sync()
  } finally {
    await file.close()
  }
  return fetched.reduce((sum, bytes) => sum + bytes, 0)
}

async function restorePiece(
  file: FileHandle,
  folder: ObjectFolder,
  piece: { readonly digest: string; readonly at: number; readonly bytes: number },
): Promise<number> {
  const there = await readPiece(file, piece)
  if (there.digest === piece.digest) return 0
  const content = await folder.get(pieceName(piece.digest), PIECE_BYTES)
  if (!content || sha256Hex(content) !== piece.digest)
    throw new VolumeError(
      `the piece ${piece.digest} of the volume is ${content ? 'damaged' : 'missing'}`,
    )
  await file.write(content, 0, content.length, piece.at)
  return content.length
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
