/** The embedded store: one SQLite file, one connection that writes (commit-queue.ts) and one that reads. */
import type { Decoders } from '../decoder.ts'
import { migrations } from '../migration.ts'
import { statements } from '../statement.ts'
import type { Store } from '../port.ts'
import { clusterNames, clustersNamed } from './cluster-name.ts'
import { commitQueue, type CommitQueue } from './commit-queue.ts'
import { connect, demandDurable, type Connection } from './connection.ts'
import { requireSound } from './soundness.ts'
import { keptLog, type KeptLog } from './kept-log.ts'
import { listingThread, type ListingThread } from './listing-thread.ts'
import { reader, writer, type WriterParts } from '../sql/transaction.ts'
import type { WriteObserver } from '../sql/write-observer.ts'
import type { BatchWriter } from '../write-queue.ts'
import { idempotencyReader } from '../sql/idempotency.ts'
import { committedPages } from './committed-pages.ts'
import { committedRows } from './committed-rows.ts'
import { committedDocuments, documentsWithin, type CommittedParts } from './document.ts'
import { fileVersion } from './file-version.ts'
import { knownDocuments, type KnownDocuments } from './known-documents.ts'
import { memoryLeases } from './memory-leases.ts'

export interface SqliteStoreOptions {
  /** By kind: brings stored bodies to today's form whenever they are read. */
  readonly decode?: Decoders
  /** Listings that may walk more rows are read by a thread of their own. */
  readonly walkedMax?: number
}

/** So many rows are walked in some 20 ms. */
const WALKED_MAX = 10_000

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
  const { decode: decoders = {}, walkedMax = WALKED_MAX } = options
  const known = knownDocuments({ highestSeq: Number(reading.first(HIGHEST, [])?.['seq']) })
  const thread = listingThread({ file })
  const committed = committedReads({ reading, thread, walkedMax }, known, decoders)
  const version = fileVersion(file)
  const look = () => {
    if (!version.isForeign()) return
    committed.forget()
    known.forget()
  }
  const announce = (dueMs: number) => void (earliest = Math.min(earliest, dueMs))
  const leases = memoryLeases(connection, announce)
  const begin = () => {
    look()
    known.begin()
  }
  const documents = documentsWithin(connection, known, decoders)
  const observer = { ...known, begin }
  const tx = namingWriter(connection, { documents, decoders, announce, leases, observer })
  const queue = commitQueue({
    connection,
    tx,
    log,
    begins: () => (earliest = Infinity),
    kept() {
      leases.kept()
      if (earliest !== Infinity) for (const listener of listeners) listener(earliest)
    },
    failed: leases.begin,
    committed() {
      version.committed()
      committed.forget()
      known.committed()
    },
  })
  const copies = storeCopies({ queue, log, thread })
  return {
    read(work) {
      look()
      return work(committed.tx)
    },
    write: queue.write,
    onEnqueue: (listener) => void listeners.push(listener),
    nextDueMs: async () => leases.nextDueMs(reading),
    nextLeaseEndMs: async () => leases.nextEndMs(),
    copyTo: copies.make,
    async close() {
      await copies.end()
      await queue.end()
      await thread.end()
      reading.close()
      log.checkpoint()
      connection.close()
      log.close()
      version.release()
    },
  }
}

interface CopyParts {
  readonly queue: CommitQueue
  readonly log: KeptLog
  readonly thread: ListingThread
}

/** Copies of the file, one after the other. */
function storeCopies({ queue, log, thread }: CopyParts) {
  let copying: Promise<unknown> = Promise.resolve()
  const copy = async (target: string) => {
    // What a listing is still reading around cannot be put into the database.
    const resume = await thread.pause()
    try {
      await queue.between(() => {
        const copied = log.copy(target)
        resume()
        return copied
      })
    } finally {
      resume()
    }
  }
  return {
    async make(target: string) {
      const done = copying.then(() => copy(target))
      copying = done.catch(() => {})
      await done
    },
    end: () => copying,
  }
}

const HIGHEST = 'select max(seq) as seq from document'

/** A writer that puts clusters' names into their index. */
function namingWriter(
  connection: Connection,
  parts: WriterParts & { readonly observer: WriteObserver },
): BatchWriter {
  const names = clusterNames(connection)
  const { observer } = parts
  const tx = writer(withNames(connection), {
    ...parts,
    observer: {
      ...observer,
      wrote(kind, id, it) {
        if (kind === 'cluster' && it) names.wrote(it.seq)
        observer.wrote(kind, id, it)
      },
    },
  })
  const endAll = async () => {
    await tx.units.endAll()
    names.end()
  }
  return { ...tx, units: { ...tx.units, endAll } }
}

function withNames(connection: Connection): Connection {
  return {
    ...connection,
    clustersNamed: (part, most) => clustersNamed(connection, part, most),
  }
}

/** What is committed, as it is read: rows and pages are the same until the next commit. */
function committedReads(
  parts: Omit<CommittedParts, 'rows'>,
  known: KnownDocuments,
  decoders: Decoders,
) {
  const { reading } = parts
  const rows = committedRows(reading)
  const documents = committedDocuments({ ...parts, rows }, known, decoders)
  const plain = reader({ ...withNames(reading), ...rows }, documents)
  // A client asks for each of its tokens once.
  const { findToken } = idempotencyReader(reading)
  const pages = committedPages(plain)
  return {
    tx: { ...plain, findToken, list: pages.list },
    forget() {
      rows.forget()
      pages.forget()
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
  // Written by a version that wrote them down: one process owns the file (the data directory is locked), so they are a dead one's.
  connection.run(statements.endAllLeases, [])
  return connection
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
