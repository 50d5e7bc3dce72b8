/**
 * One connection to DuckDB. Its native half must not be freed while a call runs on it: closing waits for what runs.
 * Every error leaves as a SqlError; one that makes DuckDB unusable is reported to `onFatal` as well, and one of its defects to `onDefect`.
 */
import type {
  DuckDBAppender,
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBMaterializedResult,
  DuckDBType,
  DuckDBValue,
} from '@duckdb/node-api'
import { SqlError } from '../session.ts'
import { defectOf, isFatal, isOutOfMemory, sqlErrorOf } from './duck-error.ts'
import { keptPlans, planCache } from './kept-plan.ts'
import type { PlanCache } from './kept-plan.ts'
import { beginSql, commitSql, rollbackSql, streams } from './stream.ts'
import type { WriteCount } from './stream.ts'
import type { NameMap } from './duck-error.ts'

type Shape = readonly { readonly name: string; readonly type: DuckDBType }[]

/** Of a statement: whether it was cancelled, and how long it waits for what is not DuckDB's. */
export interface Cancellation {
  /** Throws when it was cancelled. */
  check(): void
  /** How long it waits for the storage at most. */
  readonly storageSeconds: number
  /** The outcome of a call of its own, or, a while after it was cancelled, the reason of that. */
  abandonable<T>(call: Promise<T>): Promise<T>
  /** The outcome of what others do, or, as soon as it is cancelled or so long after, the reason of that. */
  waitFor<T>(others: Promise<T>, graceMs?: number): Promise<T>
  /** Resolves when the calls have ended that were left to themselves, without an effect; undefined when there are none. */
  readonly abandoned?: Promise<void> | undefined
  /** It has committed something into this storage volume, and is over when that is kept. */
  touched?(volume: number): void
  /** The volumes that it has touched. */
  readonly volumes?: ReadonlySet<number>
}

/** One connection. Statements on it run one after the other; a stream must be read or closed before the next. */
export interface Link {
  /** Of a statement that uses it. */
  readonly cancellation?: Cancellation
  /** Runs one or more statements and answers how many rows the last one changed. */
  run(sql: string, values?: readonly DuckDBValue[]): Promise<number>
  rows(sql: string, values?: readonly DuckDBValue[]): Promise<DuckDBValue[][]>
  /** Names and types of a query's columns; no row is asked for. */
  shape(sql: string): Promise<Shape>
  /** Chunks of a query as DuckDB produces them. */
  stream(sql: string): Promise<AsyncIterable<DuckDBDataChunk>>
  /** The same for a result that is known to be small: computed as a whole, in one trip to DuckDB's threads. */
  whole(sql: string): Promise<readonly DuckDBDataChunk[]>
  /** The same for one that is likely to be asked again, in the same words and on this connection. */
  again(sql: string): Promise<readonly DuckDBDataChunk[]>
  appender(table: string, schema: string | null): Promise<DuckDBAppender>
  /** How long what is asked next waits for an answer of the object storage, so that all its tries together take about so long. */
  boundStorage(seconds: number): Promise<void>
  interrupt(): void
  /** Takes nothing more; the connection ends when what runs on it has ended. Resolves then. */
  close(): Promise<void>
}

/** All or nothing: commits when `work` resolves, rolls back when it throws. Not to be nested on one link. */
export async function inTransaction<T>(link: Link, work: () => Promise<T>): Promise<T> {
  await link.run(beginSql)
  try {
    const value = await work()
    await link.run(commitSql)
    return value
  } catch (error) {
    // After a fatal error there is nothing left to roll back; the first error is the one to report.
    await link.run(rollbackSql).catch(() => 0)
    throw error
  }
}

/**
 * What `work` writes may stand in another order than its source has it: DuckDB's threads then write side by side, and do not wait for the one
 * whose rows come first.
 */
export async function inAnyOrder<T>(link: Link, work: () => Promise<T>): Promise<T> {
  await link.run('SET SESSION preserve_insertion_order = false')
  try {
    return await work()
  } finally {
    // A statement that was cancelled sends nothing more; the first error is the one to report.
    await link.run('SET SESSION preserve_insertion_order = true').catch(() => 0)
  }
}

/** How often a request is sent, and how long each one waits: the answer of a storage that is only slow is worth waiting for. */
export const TRIES = 3
export const ANSWER_SECONDS_MOST = 10

/** What all connections of a database share. */
interface Shared {
  readonly writes: WriteCount
  readonly plans: PlanCache
}

export interface LinkFaults {
  /** DuckDB can do nothing more. */
  onFatal(reason: string): void
  /** One statement failed by a defect of DuckDB. */
  readonly onDefect?: ((reason: string) => void) | undefined
}

/** `hide` takes out of an error's text what is the host's. */
export function linkOf(
  connection: DuckDBConnection,
  { onFatal, onDefect }: LinkFaults,
  hide: NameMap,
  { writes, plans: cache }: Shared = sharedState(),
): Link {
  const open = streams(connection, writes)
  const plans = keptPlans(connection, writes, cache, () => !open.isInTransaction)
  const free = () => {
    plans.close()
    connection.closeSync()
  }
  const { call, isRunning, close } = callsOf(free, (error) => {
    if (isFatal(error)) onFatal(String(error))
    const defect = defectOf(error)
    if (defect !== undefined) onDefect?.(defect)
    if (isOutOfMemory(error)) cache.clear()
    return sqlErrorOf(error, hide)
  })
  const guarded = <T>(work: () => Promise<T>): Promise<T> =>
    call(async () => {
      if (open.isLeft) await open.leave()
      return work()
    })
  return {
    run: (sql, values) =>
      guarded(() =>
        open.writing(sql, async () => {
          const result = await connection.run(sql, values && [...values])
          return result.rowsChanged
        }),
      ),
    rows: (sql, values) =>
      guarded(async () => {
        const result = await connection.run(sql, values && [...values])
        return result.getRows()
      }),
    shape: (sql) => guarded(() => shapeOf(connection, sql)),
    stream: (sql) =>
      guarded(async () => {
        const next = await open.stream(sql)
        return chunksOf(() => call(next))
      }),
    whole: (sql) => guarded(async () => chunksIn(await connection.run(sql))),
    again: (sql) => guarded(async () => chunksIn(await plans.run(sql))),
    appender: (table, schema) => guarded(() => connection.createAppender(table, schema)),
    boundStorage: storageBound((sql) => guarded(() => connection.run(sql))),
    interrupt() {
      if (isRunning()) connection.interrupt()
    },
    close,
  }
}

export const sharedState = (): Shared => ({
  writes: { begun: 0, running: 0 },
  plans: planCache(),
})

/** Calls of a connection, which is freed when it was closed and none runs any more. */
function callsOf(freeConnection: () => void, explained: (error: unknown) => SqlError) {
  let running = 0
  let closing = false
  let announce = () => {}
  const closed = new Promise<void>((resolve) => {
    announce = resolve
  })
  const free = () => {
    if (!closing || running > 0) return
    freeConnection()
    announce()
  }
  return {
    isRunning: () => running > 0,
    async call<T>(work: () => Promise<T>): Promise<T> {
      if (closing) throw new SqlError('The connection is closed', 1317, '70100')
      running++
      try {
        return await work()
      } catch (error) {
        throw explained(error)
      } finally {
        running--
        free()
      }
    },
    close() {
      if (!closing) {
        closing = true
        free()
      }
      return closed
    },
  }
}

function storageBound(run: (sql: string) => Promise<unknown>): Link['boundStorage'] {
  let now = ANSWER_SECONDS_MOST
  return async (seconds) => {
    const next = Math.max(1, Math.min(Math.floor(seconds / TRIES), ANSWER_SECONDS_MOST))
    if (next === now) return
    await run(`SET SESSION http_timeout = ${next}`)
    now = next
  }
}

async function shapeOf(connection: DuckDBConnection, sql: string): Promise<Shape> {
  const result = await connection.run(`SELECT * FROM (${sql}) LIMIT 0`)
  const types = result.columnTypes()
  return result.columnNames().flatMap((name, index) => {
    const type = types[index]
    return type ? [{ name, type }] : []
  })
}

const chunksIn = (result: DuckDBMaterializedResult): readonly DuckDBDataChunk[] =>
  Array.from({ length: result.chunkCount }, (_, index) => result.getChunk(index))

async function* chunksOf(
  next: () => Promise<DuckDBDataChunk | null>,
): AsyncGenerator<DuckDBDataChunk, void> {
  for (;;) {
    const chunk = await next()
    if (chunk === null || chunk.rowCount === 0) return
    yield chunk
  }
}
