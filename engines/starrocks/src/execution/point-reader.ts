/**
 * Queries for the rows of one key of a table, of sessions that ask at the same time: those that wait are one query of DuckDB's, whose
 * planning costs more than finding a row. It begins after all of them have, so each answer holds what was committed before its statement.
 * Many sessions that were answered together are likely to ask again together: they are waited for, for a moment, or else the first
 * of them would be a query alone while the others come.
 *
 * A statement that is cancelled gets its error at once; a query that nobody waits for any more is interrupted. What cannot be
 * read together (`undefined`) is for each to read by itself, with its own error.
 */
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { WireValue } from '../session.ts'
import { pointSql } from '../sql/translate.ts'
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

/** Those who wait, and who says when they are enough. */
interface Queue {
  readonly waiting: Waiting[]
  pushed: () => void
}

/** Keys of one query. */
const KEYS_MAX = 64
/** Who is waited for, once so many ask at the same time. */
const RETURNING_MIN = 4
/** About as long as a query takes. */
const RETURNING_MS = 1
/** So many queries begin without waiting after too few came back. */
const UNDELAYED = 16
/** Connections that are kept while nobody asks. */
const FREE_MAX = 2
const INTERRUPT_AGAIN_MS = 50

export function pointReader(duck: Pick<Duck, 'connect'>, clock: Clock): PointReader {
  const queues = new Map<PointSql, Queue>()
  const returning = returnOf(clock)
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
        return byKey(sql, await link.whole(pointSql(sql, [...keys])))
      } finally {
        stop()
      }
    })
    for (const { key, resolve } of batch) resolve(found.get(key) ?? [])
  }
  const answerAll = async (sql: PointSql, queue: Queue): Promise<void> => {
    // Whoever asks in this turn of the event loop is among them.
    await new Promise((resolve) => setImmediate(resolve))
    while (queue.waiting.length > 0) {
      const batch = queue.waiting.splice(0, KEYS_MAX).filter(({ isGone }) => !isGone)
      if (batch.length === 0) continue
      await answer(sql, batch).catch(() => batch.forEach(({ resolve }) => resolve(undefined)))
      await returning(sql, queue, batch.length)
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
        if (queue) {
          queue.waiting.push(waiting)
          return queue.pushed()
        }
        const begun: Queue = { waiting: [waiting], pushed: () => {} }
        queues.set(sql, begun)
        void answerAll(sql, begun)
      }),
  }
}

/** Resolves when as many wait as were just answered or waited meanwhile, or after a moment. */
function returnOf(clock: Clock) {
  /** How many more queries begin without waiting. */
  const undelayed = new WeakMap<PointSql, number>()
  return async (sql: PointSql, queue: Queue, answered: number): Promise<void> => {
    const wanted = Math.min(answered + queue.waiting.length, KEYS_MAX)
    if (wanted < RETURNING_MIN || queue.waiting.length >= wanted) return
    const left = undelayed.get(sql) ?? 0
    if (left > 0) return void undelayed.set(sql, left - 1)
    await new Promise<void>((resolve) => {
      const stop = clock.at(clock.now() + RETURNING_MS, resolve)
      queue.pushed = () => {
        if (queue.waiting.length < wanted) return
        stop()
        resolve()
      }
    })
    queue.pushed = () => {}
    if (queue.waiting.length < wanted / 2) undelayed.set(sql, UNDELAYED)
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
