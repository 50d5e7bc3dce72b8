/** The embedded store: one SQLite file, one connection that writes (commit-queue.ts) and one that reads. */
import type { Decoders } from '../decoder.ts'
import { migrations } from '../migration.ts'
import { statements } from '../statement.ts'
import type { Store } from '../port.ts'
import { commitQueue } from './commit-queue.ts'
import { connect, demandDurable, type Connection, type Row } from './connection.ts'
import { requireSound } from './soundness.ts'
import { keptLog } from './kept-log.ts'
import { reader, writer } from '../sql/transaction.ts'
import { committedRows } from './committed-rows.ts'
import { committedDocuments, documentsWithin } from './document.ts'

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
  const log = keptLog({ file, connection, begun })
  const reading = connect(file, { readOnly: true })
  const listeners: ((dueMs: number) => void)[] = []
  let earliest = Infinity
  const { decode: decoders = {} } = options
  const tx = writer(connection, {
    documents: documentsWithin(connection, decoders),
    decoders,
    announce: (dueMs) => void (earliest = Math.min(earliest, dueMs)),
  })
  const rows = committedRows(reading)
  const readTx = reader({ ...reading, ...rows }, committedDocuments({ reading, rows }, decoders))
  const queue = commitQueue({
    connection,
    tx,
    log,
    begins: () => (earliest = Infinity),
    committed() {
      rows.forget()
      if (earliest !== Infinity) for (const listener of listeners) listener(earliest)
    },
  })
  let copying: Promise<unknown> = Promise.resolve()
  return {
    read(work) {
      rows.begin()
      return work(readTx)
    },
    write: queue.write,
    onEnqueue: (listener) => void listeners.push(listener),
    nextDueMs: async () => timeIn(reading.first(statements.nextDue, [])),
    nextLeaseEndMs: async () => timeIn(reading.first(statements.nextLeaseEnd, [])),
    async copyTo(target) {
      const done = copying.then(() => queue.between(() => log.copy(target)))
      copying = done.catch(() => {})
      await done
    },
    async close() {
      await copying
      await queue.end()
      reading.close()
      log.checkpoint()
      connection.close()
      log.close()
    },
  }
}

/** The connection that writes, on a migrated database in which nothing is leased. */
export function openWriter(file: string): Connection {
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

function timeIn(row: Row | undefined): number | undefined {
  const next = row?.['next']
  return typeof next === 'number' ? next : undefined
}

function migrate(connection: Connection): void {
  connection.exec('create table if not exists migration (name text primary key)')
  const done = new Set(
    connection.all('select name from migration', []).map((row) => String(row['name'])),
  )
  const missing = migrations.filter(({ name }) => !done.has(name))
  if (missing.length === 0) return
  // All or none: a new database waits for the disk once, and one that is brought up to date is never between two versions.
  connection.exec('begin immediate')
  for (const { name, statements: sql } of missing) {
    for (const statement of sql)
      connection.exec(
        statement
          .replaceAll('{serial}', 'integer primary key autoincrement')
          .replaceAll('{keyed}', 'without rowid'),
      )
    connection.run('insert into migration (name) values (?)', [name])
  }
  connection.exec('commit')
}
