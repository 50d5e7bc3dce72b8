/**
 * The embedded store: one SQLite file, one connection that writes and one that reads.
 *
 * Writes queue up and run in batches, each unit of work in its own savepoint and the whole batch in one commit: under load
 * many requests share one flush to disk, alone a request pays for one. While a batch is on its way to the disk new requests
 * are read from their sockets and form the next.
 */
import { Fault } from '../../domain/fault.ts'
import { limits } from '../../limits.ts'
import type { Decoders } from '../decoder.ts'
import { migrations } from '../migration.ts'
import { statements } from '../statement.ts'
import type { Store, Writer } from '../port.ts'
import { connect, demandDurable, type Connection, type Row } from './connection.ts'
import { COMMIT_COUNTER, requireSound } from './soundness.ts'
import { keptLog } from './kept-log.ts'
import { documentCache } from './document-cache.ts'
import { reader, writer } from './transaction.ts'

/** Units per commit: enough to make the flush cheap for each, few enough that the first of them does not wait long. */
const BATCH_MAX = 256

interface Unit {
  run(tx: Writer): Promise<void>
  settle(problem?: unknown): void
}

export interface SqliteStoreOptions {
  /** By kind: brings stored bodies to today's form whenever they are read. */
  readonly decode?: Decoders
}

/**
 * Opens (and creates or migrates) the store at `file`. Throws a sentence when it was written by a newer version of Emrys,
 * when it is damaged or has lost what was acknowledged (soundness.ts), and where commits cannot be made durable.
 */
export function openSqliteStore(file: string, options: SqliteStoreOptions = {}): Store {
  const begun = requireSound(file)
  const connection = openWriter(file)
  const { note, checkpoint, isLong, close: closeLog } = keptLog({ file, connection, begun })
  const reading = connect(file, { readOnly: true })
  const listeners: ((dueMs: number) => void)[] = []
  let earliest = Infinity
  const { decode: decoders = {} } = options
  const tx = writer(connection, { decoders }, (dueMs) => {
    earliest = Math.min(earliest, dueMs)
  })
  const readTx = reader(reading, { decoders, cache: documentCache() })
  const queue: Unit[] = []
  let busy = false
  let closed = false
  let resting: NodeJS.Timeout | undefined

  const announce = () => {
    if (earliest !== Infinity) for (const listener of listeners) listener(earliest)
  }
  const committed = (count: number) => {
    note(count)
    announce()
  }
  const flush = async () => {
    busy = true
    while (queue.length > 0) {
      earliest = Infinity
      await commit(connection, { tx, batch: queue.splice(0, BATCH_MAX), committed })
      if (isLong()) checkpoint()
    }
    busy = false
    rest()
  }
  /** What is in the log only is put into the database while nobody waits for anything. */
  const rest = () => {
    clearTimeout(resting)
    resting = setTimeout(() => {
      if (!busy && !closed) checkpoint()
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
    read: (work) => work(readTx),
    write,
    onEnqueue: (listener) => void listeners.push(listener),
    nextDueMs: async () => timeIn(reading.first(statements.nextDue, [])),
    nextLeaseEndMs: async () => timeIn(reading.first(statements.nextLeaseEnd, [])),
    async close() {
      await write(async () => {})
      closed = true
      clearTimeout(resting)
      reading.close()
      checkpoint()
      connection.close()
      closeLog()
    },
  }
}

/** Nothing was written for so long: it is a good moment to put the log in order. */
const REST_MS = 1_000

/** The connection that writes, on a migrated database in which nothing is leased. */
function openWriter(file: string): Connection {
  const connection = connect(file, { readOnly: false })
  try {
    demandDurable(connection)
    migrate(connection)
  } catch (problem) {
    connection.close()
    throw problem
  }
  // One process owns the file (the data directory is locked), so a lease found now is a dead one's.
  connection.run(statements.endAllLeases, [])
  return connection
}

interface Batch {
  readonly tx: Writer
  readonly batch: readonly Unit[]
  /** Called once the batch is durable, before any caller is answered, with how many commits there have been. */
  committed(count: number): void
}

async function commit(connection: Connection, { tx, batch, committed }: Batch): Promise<void> {
  const problems = new Map<Unit, unknown>()
  let count: number | undefined
  try {
    connection.exec('begin immediate')
    const before = changesOf(connection)
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
    if (changesOf(connection) !== before)
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

function changesOf(connection: Connection): unknown {
  return connection.first('select total_changes() as changes', [])?.['changes']
}

function timeIn(row: Row | undefined): number | undefined {
  const next = row?.['next']
  return typeof next === 'number' ? next : undefined
}

function rollBack(connection: Connection): void {
  try {
    connection.exec('rollback')
  } catch {
    // SQLite has rolled back by itself, which it does after some errors; there is nothing left to undo.
  }
}

function migrate(connection: Connection): void {
  connection.exec('create table if not exists migration (name text primary key)')
  const done = new Set(
    connection.all('select name from migration', []).map((row) => String(row['name'])),
  )
  for (const { name, statements: sql } of migrations) {
    if (done.has(name)) continue
    connection.exec('begin immediate')
    for (const statement of sql)
      connection.exec(
        statement
          .replaceAll('{serial}', 'integer primary key autoincrement')
          .replaceAll('{keyed}', 'without rowid'),
      )
    connection.run('insert into migration (name) values (?)', [name])
    connection.exec('commit')
  }
}
