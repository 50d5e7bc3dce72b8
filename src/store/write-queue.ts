/**
 * Writes queue up and run in batches, the whole batch in one commit: under load many requests share one flush to disk, alone a
 * request pays for one. While a batch is on its way to the disk new requests are read from their sockets and form the next.
 */
import { Fault } from '../domain/fault.ts'
import { limits } from '../limits.ts'
import type { Store, Writer } from './port.ts'

export interface Unit {
  /** May be called again, after everything that it did was undone. */
  run(tx: Writer): Promise<void>
  settle(problem?: unknown): void
}

export interface WriteQueue extends Pick<Store, 'write'> {
  /** Everything that waits is done, and nothing more is taken. */
  end(): Promise<void>
}

/** What units wrote and is not sent yet follows them: it is sent, or forgotten. */
export interface BatchUnits {
  beginAll(): void
  begin(): void
  /** What may be refused is sent: of one unit where they are marked, of all of them otherwise. */
  end(): Promise<void>
  undo(): void
  /** Whether the problem that a unit has just met may be one of those before it. */
  isUnclear(): boolean
  endAll(): Promise<void>
}

/** The writer of every unit of a batch, and what is reported of them. */
export interface BatchWriter extends Writer {
  readonly units: BatchUnits
}

/** How the engine marks the beginning of a unit, and what it did as kept or undone. */
export interface BatchTransaction {
  /** Sent without waiting for what becomes of it. */
  send(sql: string): void
  exec(sql: string): unknown
  /** Whether it has ended, so that the batch has to begin again. */
  isOver(): boolean
  /**
   * Present where nothing outlives the process that a unit did, so that a batch can be begun again for less than it costs to mark every unit:
   * the units are marked only once one of them has failed that had changed something.
   */
  readonly restart?: {
    /** How often something was changed in it. */
    changes(): number
    /** Nothing was done in it. */
    begin(): void
  }
}

/**
 * Units that threw, with why; what they did is undone, or will be with the batch when all of it was one unit's. Throws when the
 * transaction is over.
 */
export async function runUnits(
  transaction: BatchTransaction,
  tx: BatchWriter,
  batch: readonly Unit[],
): Promise<ReadonlyMap<Unit, unknown>> {
  const problems = new Map<Unit, unknown>()
  const it = { transaction, tx, problems }
  if (!transaction.restart || batch.length === 1) await runMarked(it, batch)
  else if (!(await runUnmarked(it, transaction.restart, batch)))
    await runMarked(
      it,
      batch.filter((unit) => !problems.has(unit)),
    )
  await tx.units.endAll()
  return problems
}

interface Run {
  readonly transaction: BatchTransaction
  readonly tx: BatchWriter
  readonly problems: Map<Unit, unknown>
}

/** Each unit between marks, unless there is but one. */
async function runMarked(it: Run, batch: readonly Unit[]): Promise<void> {
  const { transaction, tx, problems } = it
  const { units } = tx
  const alone = batch.length === 1 && problems.size === 0
  units.beginAll()
  for (const unit of batch) {
    units.begin()
    if (!alone) transaction.send('savepoint unit')
    try {
      await unit.run(tx)
      await units.end()
      // Fails where the unit continued after a statement that failed.
      if (!alone) await transaction.exec('release unit')
    } catch (problem) {
      if (transaction.isOver()) throw problem
      if (!alone) transaction.send('rollback to unit; release unit')
      units.undo()
      problems.set(unit, knownProblem(problem))
    }
  }
}

/** Until a unit fails that has changed something: then nothing was done, and the answer is false. */
async function runUnmarked(
  { transaction, tx, problems }: Run,
  restart: NonNullable<BatchTransaction['restart']>,
  batch: readonly Unit[],
): Promise<boolean> {
  const { units } = tx
  units.beginAll()
  for (const unit of batch) {
    const before = restart.changes()
    units.begin()
    try {
      await unit.run(tx)
    } catch (problem) {
      if (transaction.isOver()) throw problem
      const unclear = units.isUnclear()
      if (!unclear) problems.set(unit, knownProblem(problem))
      if (unclear || restart.changes() > before) {
        restart.begin()
        return false
      }
      units.undo()
    }
  }
  try {
    await units.end()
  } catch (problem) {
    if (transaction.isOver()) throw problem
    restart.begin()
    return false
  }
  return true
}

function knownProblem(problem: unknown): unknown {
  return problem ?? new Error('a unit of work failed without saying why')
}

/** A fraction of what a commit takes: fewer of them, each for more. */
const GATHER_MS = 1

interface QueueOptions {
  readonly most: number
  /** Settles every unit of the batch. Does not reject. */
  commit(batch: readonly Unit[]): Promise<void>
  /** Nothing waits any more. */
  rest?(): void
}

export function writeQueue({ most, commit, rest }: QueueOptions): WriteQueue {
  const queue: Unit[] = []
  let busy = false
  let closed = false
  /** The last batch had several units: others are on their way. */
  let crowded = false
  const flush = async () => {
    busy = true
    while (queue.length > 0) {
      const batch = queue.splice(0, most)
      crowded = batch.length > 1
      await commit(batch)
    }
    busy = false
    rest?.()
  }
  const enqueue = (unit: Unit) => {
    queue.push(unit)
    if (queue.length > 1 || busy) return
    // Everything that this turn of the event loop reads from sockets joins the batch, and of a crowd what comes within a moment.
    if (crowded) setTimeout(() => void flush(), GATHER_MS)
    else setImmediate(() => void flush())
  }
  const write = <T>(work: (tx: Writer) => Promise<T>): Promise<T> => {
    if (closed) return Promise.reject(new Error('the store is closed'))
    // Better refused than answered too late: the caller tries again, under the same token.
    if (queue.length >= limits.writesWaiting)
      return Promise.reject(new Fault('Overloaded', { what: 'writes' }))
    return new Promise<T>((resolve, reject) => {
      let result: T
      enqueue({
        async run(tx) {
          result = await work(tx)
        },
        settle: (problem) => (problem === undefined ? resolve(result) : reject(problem)),
      })
    })
  }
  return {
    write,
    async end() {
      try {
        await write(async () => {})
      } finally {
        closed = true
      }
    },
  }
}
