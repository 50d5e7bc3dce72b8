/**
 * Queries for the rows of one key of a table, of sessions that ask at the same time: those that wait are one query of DuckDB's, whose
 * planning costs more than finding a row. It begins after all of them have, so each answer holds what was committed before its statement.
 *
 * A statement that is cancelled gets its error at once; a query that nobody waits for any more is interrupted. What cannot be
 * read together (`undefined`) is for each to read by itself, with its own error.
 */
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { WireValue } from '../session.ts'
import type { PointSql } from '../sql/translate.ts'
import type { Duck } from '../storage/duck.ts'
import type { Link } from '../storage/link.ts'
import { rowsOf } from '../storage/wire-value.ts'
import type { Guard } from './guard.ts'

type Rows = readonly (readonly WireValue[])[]

export interface PointReader {
  read(sql: PointSql, key: string, guard: Guard): Promise<Rows | undefined>
}

interface Waiting {
  readonly key: string
  isGone: boolean
  readonly resolve: (rows: Rows | undefined) => void
}

/** Keys of one query. */
const KEYS_MAX = 64
/** Connections that are kept while nobody asks. */
const FREE_MAX = 2
const INTERRUPT_AGAIN_MS = 50

export function pointReader(duck: Pick<Duck, 'connect'>, clock: Clock): PointReader {
  const queues = new Map<PointSql, Waiting[]>()
  const free: Link[] = []

  const withLink = async <T>(work: (link: Link) => Promise<T>): Promise<T> => {
    const link = free.pop() ?? (await duck.connect())
    try {
      return await work(link)
    } finally {
      if (free.length < FREE_MAX) free.push(link)
      else void link.close()
    }
  }
  const answer = async (sql: PointSql, batch: readonly Waiting[]): Promise<void> => {
    const keys = new Set(batch.map(({ key }) => key))
    const found = await withLink(async (link) => {
      const stop = interruptWhenLeft(link, batch, clock)
      try {
        return byKey(sql, await link.whole(`${sql.head}${[...keys].join(', ')})`))
      } finally {
        stop()
      }
    })
    for (const { key, resolve } of batch) resolve(found.get(key) ?? [])
  }
  const answerAll = async (sql: PointSql, queue: Waiting[]): Promise<void> => {
    // Whoever asks in this turn of the event loop is among them.
    await new Promise((resolve) => setImmediate(resolve))
    while (queue.length > 0) {
      const batch = queue.splice(0, KEYS_MAX).filter(({ isGone }) => !isGone)
      if (batch.length > 0)
        await answer(sql, batch).catch(() => batch.forEach(({ resolve }) => resolve(undefined)))
    }
    queues.delete(sql)
  }
  return {
    read: (sql, key, guard) =>
      new Promise((resolve, reject) => {
        const waiting: Waiting = { key, isGone: false, resolve }
        guard.onCancel((error) => {
          waiting.isGone = true
          reject(error)
        })
        if (waiting.isGone) return
        const queue = queues.get(sql)
        if (queue) return void queue.push(waiting)
        const begun = [waiting]
        queues.set(sql, begun)
        void answerAll(sql, begun)
      }),
  }
}

/** DuckDB forgets an interrupt that arrives between two of its own statements. */
function interruptWhenLeft(link: Link, batch: readonly Waiting[], clock: Clock): () => void {
  let cancel = () => {}
  const look = () => {
    if (batch.every(({ isGone }) => isGone)) link.interrupt()
    cancel = clock.at(clock.now() + INTERRUPT_AGAIN_MS, look)
  }
  cancel = clock.at(clock.now() + INTERRUPT_AGAIN_MS, look)
  return () => cancel()
}

function byKey(
  { columns }: PointSql,
  chunks: Awaited<ReturnType<Link['whole']>>,
): ReadonlyMap<string, Rows> {
  const found = new Map<string, (readonly WireValue[])[]>()
  for (const row of chunks.flatMap((chunk) => rowsOf(chunk, columns))) {
    const key = String(row.at(-1))
    const rows = found.get(key) ?? []
    found.set(key, rows)
    rows.push(row.slice(0, -1))
  }
  return found
}
