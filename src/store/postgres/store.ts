/**
 * The store of several servers: one PostgreSQL database. A server has one session that writes (commit.ts), a few that read, and one that
 * hears when another server enqueued work. Losing any of them loses no answer: it is opened again, and what was under way is done again.
 */
import { randomUUID } from 'node:crypto'
import { limits } from '../../limits.ts'
import { decodeDocument, type Decoders, type StoredBody } from '../decoder.ts'
import type { Reader, Store, Stored } from '../port.ts'
import type { FindDocuments, SqlConnection } from '../sql/connection.ts'
import { documentCache, type DocumentCache } from '../sql/document-cache.ts'
import { reader, writer } from '../sql/transaction.ts'
import { statements } from '../statement.ts'
import { writeQueue } from '../write-queue.ts'
import { committer, WORK } from './commit.ts'
import { keptSession, type KeptSession } from './kept-session.ts'
import { postgresMemory } from './memory.ts'
import { migrate } from './migrate.ts'
import { openSession, type Session, type SessionOptions } from './session.ts'

export interface PostgresStoreOptions extends SessionOptions {
  /** By kind: brings stored bodies to today's form whenever they are read. */
  readonly decode?: Decoders
}

/** Units per commit: each is a savepoint, of which the engine keeps 64 at hand. */
const BATCH_MAX = 50
const READING_SESSIONS = 3

/** Opens (and creates or migrates) the store. Throws a sentence, or what the database says, when it cannot be used. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { decode: decoders = {} } = options
  const open = () => openSession(options)
  const first = await open()
  try {
    await migrate(first)
  } finally {
    await first.end()
  }

  const listeners: ((dueMs: number) => void)[] = []
  const hint = (dueMs: number) => {
    for (const listener of listeners) listener(dueMs)
  }
  let earliest = Infinity
  const counter = `commits/${randomUUID()}`
  const writing = keptSession(open)
  const commit = committer({
    writing,
    counter,
    writerOf: (session) =>
      writer(session, {
        documents: { find: documentsOf(session, decoders) },
        decoders,
        announce: (dueMs) => void (earliest = Math.min(earliest, dueMs)),
      }),
    begins: () => void (earliest = Infinity),
    earliest: () => earliest,
    committed: () => {
      if (earliest !== Infinity) hint(earliest)
    },
  })
  const queue = writeQueue({ most: BATCH_MAX, commit })
  const readers = readingSessions(open, decoders)
  const memory = postgresMemory(open)
  const hearing = listening(open, counter, hint)
  return {
    memory,
    read: readers.read,
    write: queue.write,
    onEnqueue: (listener) => void listeners.push(listener),
    nextDueMs: () => readers.next(statements.nextDue),
    nextLeaseEndMs: () => readers.next(statements.nextLeaseEnd),
    async copyTo() {
      throw new Error(
        "the store is a PostgreSQL database; back it up with PostgreSQL's own programs (pg_dump), and the file `key` beside it",
      )
    },
    async close() {
      const sessions = [hearing, readers, memory, writing]
      try {
        await queue.end()
      } finally {
        await Promise.all(sessions.map((each) => each.close()))
      }
    },
  }
}

interface ReadingSessions {
  readonly read: Store['read']
  /** The time that a statement finds. */
  next(sql: string): Promise<number | undefined>
  close(): Promise<void>
}

/** What reads is spread over a few sessions, the least busy first. */
function readingSessions(open: () => Promise<Session>, decoders: Decoders): ReadingSessions {
  const txs = new WeakMap<Session, Reader>()
  const opened = async (session: Session) => {
    // Known documents are forgotten with their session: another host may have lost the last commits of the first one.
    const find = documentsOf(session, decoders, documentCache())
    txs.set(session, reader(snapshots(session), { find }))
  }
  const sessions: readonly KeptSession[] = Array.from({ length: READING_SESSIONS }, () =>
    keptSession(open, opened),
  )
  const idlest = () => sessions.reduce((best, each) => (each.users < best.users ? each : best))
  return {
    read: (work) => idlest().use((session) => work(txs.get(session)!)),
    async next(sql) {
      const row = await idlest().use(async (session) => session.first(sql, []))
      const next = row?.['next']
      return typeof next === 'number' ? next : undefined
    },
    close: async () => void (await Promise.all(sessions.map((each) => each.close()))),
  }
}

function documentsOf(session: Session, decoders: Decoders, cache?: DocumentCache): FindDocuments {
  return async (sql, values) => {
    const rows = await session.all(sql, values)
    return rows.map((row): Stored => {
      const { seq, revision, ...body } = row as unknown as Omit<Stored, 'document'> & StoredBody
      const known = cache?.find(seq, revision)
      if (known) return known
      const stored = { document: decodeDocument(decoders, body), seq, revision }
      cache?.keep(stored)
      return stored
    })
  }
}

/** Transactions of one turn: nothing else is sent between their statements. */
function snapshots(session: Session): SqlConnection {
  return {
    ...session,
    together(work) {
      session.send('begin isolation level repeatable read read only')
      const done = work()
      session.send('commit')
      return done
    },
  }
}

/**
 * Hears what other servers enqueue. That is a hint, and so is the poll beside it, without which work whose hint or whose server was lost
 * would wait for the sweep.
 */
function listening(open: () => Promise<Session>, self: string, hint: (dueMs: number) => void) {
  const kept = keptSession(open, async (session) => {
    session.onNotice((payload) => {
      const [dueMs, from] = payload.split(' ')
      if (from !== self) hint(Number(dueMs))
    })
    await session.exec(`listen ${WORK}`)
  })
  const present = () => kept.use(async () => {})
  const timer = setInterval(() => {
    present().then(
      () => hint(0),
      // Whoever writes or reads meets the same, and says so.
      () => {},
    )
  }, limits.pollMs).unref()
  void present().catch(() => {})
  return {
    async close() {
      clearInterval(timer)
      await kept.close()
    },
  }
}
