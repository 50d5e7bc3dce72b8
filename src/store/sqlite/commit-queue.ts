/**
 * Writes queue up and run in batches, each unit of work in its own savepoint and the whole batch in one commit: under load
 * many requests share one flush to disk, alone a request pays for one. While a batch is on its way to the disk new requests
 * are read from their sockets and form the next.
 */
import { Fault } from '../../domain/fault.ts'
import { limits } from '../../limits.ts'
import type { Store, Writer } from '../port.ts'
import { statements } from '../statement.ts'
import type { Connection } from './connection.ts'
import type { KeptLog } from './kept-log.ts'
import { COMMIT_COUNTER } from './soundness.ts'

/** Units per commit: enough to make the flush cheap for each, few enough that the first of them does not wait long. */
const BATCH_MAX = 256

interface Unit {
  run(tx: Writer): Promise<void>
  settle(problem?: unknown): void
}

export interface CommitQueue extends Pick<Store, 'write'> {
  /** Begins something between two commits, and resolves with it. */
  between(work: () => Promise<void>): Promise<void>
  /** Everything that waits is done, and nothing more is taken. */
  end(): Promise<void>
}

interface QueueOptions {
  readonly connection: Connection
  readonly tx: Writer
  readonly log: KeptLog
  begins(): void
  /** The batch is durable, and no caller was answered yet. */
  committed(): void
}

/** Nothing was written for so long: it is a good moment to put the log into the database. */
const REST_MS = 1_000

export function commitQueue({ connection, tx, log, begins, committed }: QueueOptions): CommitQueue {
  const queue: Unit[] = []
  const between: (() => void)[] = []
  const changed = changesOf(connection)
  let busy = false
  let closed = false
  let resting: NodeJS.Timeout | undefined
  const flush = async () => {
    busy = true
    while (queue.length > 0) {
      begins()
      await commit(connection, {
        tx,
        changed,
        batch: queue.splice(0, BATCH_MAX),
        committed(count) {
          log.note(count)
          committed()
        },
      })
      for (const work of between.splice(0)) work()
      if (log.isLong()) log.checkpoint()
    }
    busy = false
    clearTimeout(resting)
    resting = setTimeout(() => {
      if (!busy && !closed) log.checkpoint()
    }, REST_MS).unref()
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
        async run(writerTx) {
          result = await work(writerTx)
        },
        settle: (problem) => (problem === undefined ? resolve(result) : reject(problem)),
      })
    })
  }
  return {
    write,
    async between(work) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      between.push(() => void work().then(resolve, reject))
      await write(async () => {})
      await promise
    },
    async end() {
      await write(async () => {})
      closed = true
      clearTimeout(resting)
    },
  }
}

interface Batch {
  readonly tx: Writer
  readonly batch: readonly Unit[]
  readonly changed: () => boolean
  /** Called once the batch is durable, before any caller is answered, with how many commits there have been. */
  committed(count: number): void
}

async function commit(
  connection: Connection,
  { tx, batch, changed, committed }: Batch,
): Promise<void> {
  const problems = new Map<Unit, unknown>()
  let count: number | undefined
  try {
    connection.exec('begin immediate')
    for (const unit of batch) {
      connection.exec('savepoint unit')
      try {
        await unit.run(tx)
        connection.exec('release unit')
      } catch (problem) {
        connection.exec('rollback to unit')
        connection.exec('release unit')
        problems.set(unit, problem ?? new Error('a unit of work failed without saying why'))
      }
    }
    // One that changed nothing writes nothing, and is none.
    if (changed())
      count = Number(connection.first(statements.count, [COMMIT_COUNTER, 1])?.['value'])
    connection.exec('commit')
  } catch (problem) {
    // The batch as a whole did not become durable (a full disk, say): nobody may believe it did.
    rollBack(connection)
    for (const unit of batch) unit.settle(problems.get(unit) ?? problem)
    return
  }
  if (count !== undefined) committed(count)
  for (const unit of batch) unit.settle(problems.get(unit))
}

/** Whether the connection has changed any row since it was last asked; also by what was undone then. */
function changesOf(connection: Connection): () => boolean {
  let known = -1
  return () => {
    const changes = Number(connection.first('select total_changes() as changes', [])?.['changes'])
    const changed = changes !== known
    // Being counted is a change itself.
    known = changed ? changes + 1 : changes
    return changed
  }
}

function rollBack(connection: Connection): void {
  try {
    connection.exec('rollback')
  } catch {
    // SQLite has rolled back by itself, which it does after some errors; there is nothing left to undo.
  }
}
