/**
 * Writes queue up and run in batches, the whole batch in one commit: under load many requests share one flush to disk, alone a
 * request pays for one. While a batch is on its way to the disk new requests are read from their sockets and form the next.
 */
import { Fault } from '../domain/fault.ts'
import { limits } from '../limits.ts'
import type { Store, Writer } from './port.ts'
import type { TallyBuffer } from './sql/tally.ts'

export interface Unit {
  /** May be called again, after everything that it did was undone. */
  run(tx: Writer): Promise<void>
  settle(problem?: unknown): void
}

export interface WriteQueue extends Pick<Store, 'write'> {
  /** Everything that waits is done, and nothing more is taken. */
  end(): Promise<void>
}

/** The writer of every unit of a batch, and what its units have in common. */
export interface BatchWriter extends Writer {
  readonly tallies: TallyBuffer
}

/** How the engine marks the beginning of a unit, and what it did as kept or undone. */
export interface BatchTransaction {
  /** Sent without waiting for what becomes of it. */
  send(sql: string): void
  exec(sql: string): unknown
  /** Whether it has ended, so that the batch has to begin again. */
  isOver(): boolean
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
  const alone = batch.length === 1
  const { tallies } = tx
  tallies.clear()
  for (const unit of batch) {
    tallies.mark()
    if (!alone) transaction.send('savepoint unit')
    try {
      await unit.run(tx)
      // Fails where the unit went on after a statement that failed.
      if (!alone) await transaction.exec('release unit')
    } catch (problem) {
      if (transaction.isOver()) throw problem
      if (!alone) transaction.send('rollback to unit; release unit')
      tallies.undo()
      problems.set(unit, problem ?? new Error('a unit of work failed without saying why'))
    }
  }
  await tallies.flush()
  return problems
}

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
  const flush = async () => {
    busy = true
    while (queue.length > 0) await commit(queue.splice(0, most))
    busy = false
    rest?.()
  }
  const enqueue = (unit: Unit) => {
    queue.push(unit)
    // setImmediate: everything that this turn of the event loop reads from sockets joins the batch.
    if (queue.length === 1 && !busy) setImmediate(() => void flush())
  }
  const write = <T>(work: (tx: Writer) => Promise<T>): Promise<T> => {
    if (closed) return Promise.reject(new Error('the store is closed'))
    // Better refused than answered too late: whoever asked tries again, under the same token.
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
