/**
 * Brings the pieces of a database file to the store that it has not. Pieces whose blocks all hold committed rows, and were read since these
 * were committed, are not read again: DuckDB writes over no such block before a later checkpoint has set it free.
 */
import { open, type FileHandle } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { ObjectFolder } from '../../../../src/kernel/object-folder.ts'
import { stampOf, type FileStamp } from './local-copy.ts'
import type { Persistence } from './persistence.ts'
import { blocksIn, pieceCount, pieceName, pieceOfBlock, pieceRange, readPiece } from './piece.ts'
import type { PieceCollector } from './piece-collector.ts'

/** The file as the store has it. */
export interface ShippedFile {
  readonly stamp: FileStamp
  /** Digests of its pieces. */
  readonly pieces: readonly string[]
}

export interface FileBlocks {
  /** Raised before the log is moved into the file. */
  epoch(): number
  /** Blocks that committed rows are in. */
  usedBlocks(): Promise<UsedBlocks>
  /** The same as it was when the last checkpoint ended; undefined when none was made. */
  usedAtCheckpoint(): UsedBlocks | undefined
}

export interface UsedBlocks {
  readonly epoch: number
  readonly blocks: ReadonlySet<number>
}

export interface PieceShipper {
  /** After a checkpoint. */
  whole(): Promise<ShippedFile>
  /** Rows in great number are written into the file before they are committed: what changed since then. */
  changed(): Promise<ShippedFile>
  close(): Promise<void>
}

interface PieceShipperOptions {
  readonly file: string
  readonly folder: ObjectFolder
  readonly blocks: FileBlocks
  readonly collector: PieceCollector
  readonly persist: Persistence['persist']
  readonly clock: Pick<Clock, 'wall'>
  /** As the store has it at the start. */
  readonly start: ShippedFile | undefined
}

/** Read side by side: so many are in memory. */
const READS = 4
/** Two changes within this could bear the same time. */
const SAME_TIME_MS = 25

const NONE: UsedBlocks = { epoch: -1, blocks: new Set() }

export function pieceShipper(options: PieceShipperOptions): PieceShipper {
  const { file, blocks, clock } = options
  // As it was last read, whatever became of the record about it.
  let last = options.start
  let settled = NONE
  let handle: FileHandle | undefined
  const ship = async (skip: ReadonlySet<number>, next: UsedBlocks): Promise<ShippedFile> => {
    // One handle for all: closing any of them would take away the lock that DuckDB has on the file.
    handle ??= await open(file, 'r')
    const stamp = await quietStamp(file, clock)
    const pieces = await shipPieces(options, handle, { stamp, before: last, skip })
    settled = next
    last = { stamp, pieces }
    return last
  }
  return {
    async whole() {
      const now = blocks.usedAtCheckpoint() ?? NONE
      // What was used before the checkpoint and is used behind it was never free; over two of them it could have been.
      const isNext = settled.epoch === now.epoch - 1
      const kept = [...settled.blocks].filter((block) => isNext && now.blocks.has(block))
      return ship(new Set(kept), now)
    },
    async changed() {
      const stamp = stampOf(file)
      if (last && stamp?.changed === last.stamp.changed && stamp.bytes === last.stamp.bytes)
        return last
      const used = await blocks.usedBlocks()
      const skip = settled.epoch === used.epoch ? settled.blocks : NONE.blocks
      return ship(skip, used)
    },
    close: async () => handle?.close(),
  }
}

async function shipPieces(
  { folder, collector, persist }: PieceShipperOptions,
  source: FileHandle,
  it: {
    readonly stamp: FileStamp
    readonly before: ShippedFile | undefined
    readonly skip: ReadonlySet<number>
  },
): Promise<string[]> {
  const fileBytes = it.stamp.bytes
  const unread = settledPieces(it.skip, fileBytes)
  const lengthBefore = (index: number) => pieceRange(index, it.before?.stamp.bytes ?? 0).bytes
  const pieces: string[] = []
  const indexes = Array.from({ length: pieceCount(fileBytes) }).keys()
  const some = async () => {
    for (const index of indexes) {
      const range = pieceRange(index, fileBytes)
      const known = it.before?.pieces[index]
      if (known !== undefined && unread.has(index) && lengthBefore(index) === range.bytes) {
        pieces[index] = known
        continue
      }
      const { content, digest } = await readPiece(source, range)
      pieces[index] = digest
      if (await collector.claim(digest)) await persist(() => folder.put(pieceName(digest), content))
    }
  }
  await Promise.all(Array.from({ length: READS }, some))
  return pieces
}

/** Pieces of which every block is among these. */
function settledPieces(blocks: ReadonlySet<number>, fileBytes: number): ReadonlySet<number> {
  const counts = new Map<number, number>()
  for (const block of blocks) {
    const index = pieceOfBlock(block)
    counts.set(index, (counts.get(index) ?? 0) + 1)
  }
  const full = [...counts].filter(([index, count]) => count === blocksIn(index, fileBytes))
  return new Set(full.map(([index]) => index))
}

/** Once the file's last change is so long ago that the next one bears another time. */
async function quietStamp(file: string, { wall }: Pick<Clock, 'wall'>): Promise<FileStamp> {
  for (;;) {
    const stamp = stampOf(file)
    if (!stamp) throw new Error('the database file is gone')
    const ageMs = wall() - Number(BigInt(stamp.changed) / 1_000_000n)
    if (ageMs >= SAME_TIME_MS || ageMs < 0) return stamp
    await pause(SAME_TIME_MS)
  }
}
