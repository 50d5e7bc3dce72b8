/**
 * The embedded store's commits: the units of work of a batch in one transaction, which is begun again, each unit in its own savepoint, when one
 * of them has failed. Between two batches the log is put into the database when it is long, and once nothing was written for a while.
 */
import type { Store } from '../port.ts'
import { statements } from '../statement.ts'
import { runUnits, writeQueue, type BatchWriter, type Unit } from '../write-queue.ts'
import type { Connection } from './connection.ts'
import type { KeptLog } from './kept-log.ts'
import { COMMIT_COUNTER } from './soundness.ts'

/** Units per commit: enough to make the flush cheap for each, few enough that the first of them does not wait long. */
const BATCH_MAX = 256

export interface CommitQueue extends Pick<Store, 'write'> {
  /** Begins something between two commits, and resolves with it. */
  between(work: () => Promise<void>): Promise<void>
  /** Everything that waits is done, and nothing more is taken. */
  end(): Promise<void>
}

interface QueueOptions {
  readonly connection: Connection
  readonly tx: BatchWriter
  readonly log: KeptLog
  begins(): void
  /** The batch is durable, and no caller was answered yet. */
  committed(): void
  /** What its units did counts, also where nothing of it was to be written. */
  kept(): void
  /** Nothing of it counts. */
  failed(): void
}

/** Nothing was written for so long: it is a good moment to put the log into the database. */
const REST_MS = 1_000

export function commitQueue(options: QueueOptions): CommitQueue {
  const { connection, tx, log, begins, committed, kept, failed } = options
  const between: (() => void)[] = []
  let busy = false
  let closed = false
  let resting: NodeJS.Timeout | undefined
  const queue = writeQueue({
    most: BATCH_MAX,
    async commit(batch) {
      busy = true
      begins()
      await commit(connection, {
        tx,
        batch,
        kept,
        failed,
        committed(count) {
          log.note(count)
          committed()
        },
      })
      for (const work of between.splice(0)) work()
      if (log.isLong()) log.checkpoint()
    },
    rest() {
      busy = false
      clearTimeout(resting)
      resting = setTimeout(() => {
        if (!busy && !closed) log.checkpoint()
      }, REST_MS).unref()
    },
  })
  return {
    write: queue.write,
    async between(work) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      between.push(() => void work().then(resolve, reject))
      await queue.write(async () => {})
      await promise
    },
    async end() {
      await queue.end()
      closed = true
      clearTimeout(resting)
    },
  }
}

interface Batch extends Pick<QueueOptions, 'kept' | 'failed'> {
  readonly tx: BatchWriter
  readonly batch: readonly Unit[]
  /** Called once the batch is durable, before any caller is answered, with how many commits there have been. */
  committed(count: number): void
}

async function commit(connection: Connection, it: Batch): Promise<void> {
  const { tx, batch, committed, kept, failed } = it
  let problems: ReadonlyMap<Unit, unknown> = new Map()
  let count: number | undefined
  const exec = (sql: string) => connection.exec(sql)
  const { changes } = connection
  const restart = { changes, begin: () => exec('rollback; begin immediate') }
  const isOver = () => !connection.isInTransaction()
  const transaction = { send: exec, exec, isOver, restart }
  const before = changes()
  try {
    connection.exec('begin immediate')
    problems = await runUnits(transaction, tx, batch)
    // One that changed nothing writes nothing, and is none.
    if (changes() > before && problems.size < batch.length)
      count = Number(connection.first(statements.count, [COMMIT_COUNTER, 1])?.['value'])
    connection.exec(count === undefined ? 'rollback' : 'commit')
  } catch (problem) {
    // The batch as a whole did not become durable (a full disk, say): nobody may believe it did.
    rollBack(connection)
    failed()
    for (const unit of batch) unit.settle(problems.get(unit) ?? problem)
    return
  }
  if (count !== undefined) committed(count)
  kept()
  for (const unit of batch) unit.settle(problems.get(unit))
}

function rollBack(connection: Connection): void {
  try {
    connection.exec('rollback')
  } catch {
    // SQLite has rolled back by itself, which it does after some errors; there is nothing left to undo.
  }
}
