/**
 * Brings what is committed to the store: the bytes that the write-ahead log grew by, with the pieces of the file that they refer to, and the
 * whole file by its changed pieces when the log was moved into it. What the store has is at each moment what a disk would have after a
 * loss of power; commits that come while one is on its way go together with the next.
 *
 * Guarantees: a position is reached only when the store has said so; what fails is tried again until it is there or another process has
 * taken over; memory holds a few pieces at a time.
 */
import { open } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Logger } from '../../../../src/kernel/log.ts'
import { stampOf, writeNote } from './local-copy.ts'
import { RECORD_LOG_BYTES } from './log-record.ts'
import { persistence } from './persistence.ts'
import { readPiece } from './piece.ts'
import { pieceCollector, type PieceCollector } from './piece-collector.ts'
import { pieceShipper } from './piece-shipper.ts'
import type { FileBlocks, PieceShipper, ShippedFile } from './piece-shipper.ts'
import { positions, type LogPosition } from './log-position.ts'
import type { OpenVolume } from './volume.ts'
import type { VolumeLog } from './volume-log.ts'

/** What is shipped: a file and its write-ahead log. */
export interface ShippedDatabase extends FileBlocks {
  /** Moves the log into the file, with the lock. False when that cannot be now. */
  checkpoint(): Promise<boolean>
}

export interface ShipperOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly fraction: () => number
  /** The write mutex: whoever commits has it. */
  readonly withLock: (work: () => Promise<void>) => Promise<void>
  /** When the log is moved into the file: so many bytes of it, or so many records of them. */
  readonly checkpointAt?: { readonly bytes: number; readonly records: number }
}

export interface Shipper {
  /** To be called with the lock after each commit: what is committed now is to be shipped. */
  note(): void
  /** Resolves when what is committed now is in the store. */
  settled(): Promise<void>
  /** Why the store has not got what it should have, if that is so. */
  problem(): string | undefined
  /** Why nothing is shipped any more. */
  failure(): string | undefined
  /** From now on nobody waits for a store that is away for longer than this. */
  end(timeoutMs: number): void
  /** Ends when all is shipped, or with that time. */
  stop(): Promise<void>
}

/** A restart reads all of them. */
const CHECKPOINT_AT = { bytes: 16 * 1024 * 1024, records: 512 }
/** Between two checkpoints: what comes sooner waits, and is not left for a commit that may never come. */
const CHECKPOINT_AGAIN_MS = 1_000

export function shipper(
  volume: OpenVolume,
  database: ShippedDatabase,
  options: ShipperOptions,
): Shipper {
  const { log } = options
  const stopped = new AbortController()
  const ended = new AbortController()
  const { persist, problem } = persistence(log, options.fraction, stopped.signal)
  const cargo = cargoOf(volume, database, { ...options, persist })
  const at = positions(database.epoch())
  const checkpoint = checkpoints(database, options, stopped.signal)
  let running: Promise<void> | undefined
  let ending: Promise<void> | undefined

  const round = async (): Promise<void> => {
    while (!at.isReached()) {
      const target = at.current()
      // While the log is moved into the file; what comes then is noted when that has ended.
      if (database.epoch() !== target.epoch) return
      await cargo.ship(target)
      at.reach(cargo.shipped())
    }
    checkpoint(cargo.load())
  }
  const wake = (): void => {
    if (at.failure() !== undefined || stopped.signal.aborted) return
    running ??= round()
      .catch((error: unknown) => {
        if (stopped.signal.aborted) return
        log.error({ err: error }, 'the volume is written to no more')
        at.fail((error as Error).message)
      })
      .finally(() => {
        running = undefined
        if (!at.isReached() && database.epoch() === at.current().epoch) wake()
      })
  }
  at.reach(cargo.shipped())
  return {
    note() {
      const next = { epoch: database.epoch(), log: stampOf(`${volume.file}.wal`)?.bytes ?? 0 }
      at.move(next)
      if (!cargo.isOf(next)) at.reach(undefined)
      wake()
    },
    settled: () => at.settled(),
    problem: () => (ending || at.isReached() ? undefined : problem()),
    failure: at.failure,
    end(timeoutMs) {
      ending ??= pause(timeoutMs, undefined, { signal: ended.signal }).then(
        () => at.fail('the engine ends'),
        () => undefined,
      )
    },
    async stop() {
      const rest = async () => {
        for (let more = running; more && !at.isReached(); more = running) await more
      }
      await Promise.race([rest(), ...(ending ? [ending] : [])])
      ended.abort()
      stopped.abort()
      // What is under way ends with its connection.
      volume.folder.close()
      await running
      await cargo.close()
    },
  }
}

interface Shipped {
  readonly epoch: number
  log: number
  readonly base: number
  file: ShippedFile
}

interface Cargo {
  /** What the store has; undefined until it has a whole file. */
  shipped(): LogPosition | undefined
  ship(target: LogPosition): Promise<void>
  /** False for less of the same log than was shipped: it is another one, and all is shipped again. */
  isOf(next: LogPosition): boolean
  /** What a restart would read. */
  load(): { readonly bytes: number; readonly records: number }
  close(): Promise<void>
}

interface CargoParts {
  readonly volume: OpenVolume
  readonly database: ShippedDatabase
  readonly pieces: PieceShipper
  readonly collector: PieceCollector
  readonly append: VolumeLog['append']
}

function cargoOf(
  volume: OpenVolume,
  database: ShippedDatabase,
  { clock, log, persist }: ShipperOptions & Pick<ReturnType<typeof persistence>, 'persist'>,
): Cargo {
  let shipped = copied(volume, database.epoch())
  const { file, folder } = volume
  const collector = pieceCollector(folder, shipped?.file.pieces ?? [], (reason) =>
    log.warn({ reason }, 'old objects of the volume could not be removed yet'),
  )
  const start = shipped?.file
  const pieces = pieceShipper({ file, folder, blocks: database, collector, persist, clock, start })
  const append: VolumeLog['append'] = (record) => persist(() => volume.log.append(record))
  const parts = { volume, database, pieces, collector, append }
  return {
    shipped: () => shipped,
    async ship(target) {
      if (shipped?.epoch === target.epoch) await shipChange(parts, target, shipped)
      else shipped = (await shipBase(parts, target)) ?? shipped
    },
    isOf({ epoch, log: bytes }) {
      if (shipped?.epoch !== epoch || bytes >= shipped.log) return true
      shipped = undefined
      return false
    },
    load: () => ({
      bytes: shipped?.log ?? 0,
      records: shipped ? volume.log.last - shipped.base : 0,
    }),
    async close() {
      await collector.stop()
      await pieces.close()
    },
  }
}

function copied({ copied: it }: OpenVolume, epoch: number): Shipped | undefined {
  if (!it) return undefined
  const { base, pieces, logBytes } = it.state
  const digests = pieces.map(({ digest }) => digest)
  return { epoch, log: logBytes, base, file: { stamp: it.stamp, pieces: digests } }
}

/** Undefined when another checkpoint came meanwhile: of two, the pieces would make no file. */
async function shipBase(
  { volume, database, pieces, collector, append }: CargoParts,
  { epoch }: LogPosition,
): Promise<Shipped | undefined> {
  const file = await pieces.whole()
  if (database.epoch() !== epoch) return undefined
  const base = volume.log.last + 1
  const all = file.pieces.map((digest, index) => [index, digest] as const)
  const header = { base, pieces: all, fileBytes: file.stamp.bytes, logFrom: 0, logEnd: 0 }
  await append({ header, bytes: new Uint8Array() })
  writeNote(volume.directory, { record: base, stamp: file.stamp })
  collector.keepOnly(file.pieces, () => volume.log.removeBefore(base))
  return { epoch, log: 0, base, file }
}

async function shipChange(
  { volume, database, pieces, append }: CargoParts,
  target: LogPosition,
  shipped: Shipped,
): Promise<void> {
  const before = shipped.file
  const file = await pieces.changed()
  let changed = file.pieces
    .map((digest, index) => [index, digest] as const)
    .filter(([index, digest]) => before.pieces[index] !== digest)
  const { base, log: from } = shipped
  for (let at = from; at < target.log;) {
    const length = Math.min(RECORD_LOG_BYTES, target.log - at)
    const read = await readLog(volume.file, at, length).catch((problem: Error) => problem)
    // What was read may be of the next log, or no log may be there; all of this one is in the next base.
    if (database.epoch() !== target.epoch) return
    if (read instanceof Error) throw read
    const bytes = read
    const end = at + bytes.length
    const logEnd = end === target.log ? end : from
    const header = { base, pieces: changed, fileBytes: file.stamp.bytes, logFrom: at, logEnd }
    await append({ header, bytes })
    shipped.file = file
    changed = []
    at = end
  }
  shipped.log = target.log
}

async function readLog(file: string, at: number, bytes: number): Promise<Buffer> {
  const log = await open(`${file}.wal`, 'r')
  try {
    const { content } = await readPiece(log, { at, bytes })
    return content
  } finally {
    await log.close()
  }
}

/** Has the log moved into the file when it has become long, one at a time. */
function checkpoints(
  database: ShippedDatabase,
  { clock, log, withLock, checkpointAt = CHECKPOINT_AT }: ShipperOptions,
  stopped: AbortSignal,
): (load: { readonly bytes: number; readonly records: number }) => void {
  let isDue = false
  let lastMs = -Infinity
  const run = async (): Promise<void> => {
    const waitMs = Math.min(CHECKPOINT_AGAIN_MS, lastMs + CHECKPOINT_AGAIN_MS - clock.wall())
    if (waitMs > 0) await pause(waitMs, undefined, { ref: false })
    await withLock(async () => {
      if (!stopped.aborted) await database.checkpoint()
    })
  }
  return ({ bytes, records }) => {
    if (isDue || (bytes < checkpointAt.bytes && records < checkpointAt.records)) return
    isDue = true
    void run()
      .catch((error: unknown) =>
        log.warn({ reason: String(error) }, 'the log could not be moved into the file yet'),
      )
      .finally(() => {
        isDue = false
        lastMs = clock.wall()
      })
  }
}
