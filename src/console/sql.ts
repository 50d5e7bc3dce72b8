/**
 * Statements of SQL that somebody at a page sends to a cluster that it sees, as a user of that database: with the password that the page
 * has, which is used and forgotten. The database decides what its user may do; here rows, bytes and time are bounded, and the address is
 * never one that a page names.
 */
import type { Connection, FieldPacket } from 'mysql2'
import type { Cluster } from '../domain/cluster/cluster.ts'
import { limits } from '../limits.ts'
import { ConsoleProblem } from './answer.ts'
import { textIn, type Asked } from './call.ts'
import { clusterFor } from './clusters.ts'
import type { ConsoleContext } from './context.ts'
import type { Session } from './session.ts'

interface Query extends Pick<Asked, 'viewer' | 'members'> {
  readonly session: Session
}

export interface Statements {
  run(it: Query): Promise<Result>
  /** How far a statement of the same session is; null where none of that id is under way. */
  progress(it: Query): { readonly progress: Progress | null }
  /** Ends a statement of the same session. */
  cancel(it: Query): Promise<{ readonly cancelled: boolean }>
}

export interface Result {
  readonly columns: readonly string[]
  /** As texts; null is no value. */
  readonly rows: readonly (readonly (string | null)[])[]
  /** What the result was cut at. */
  readonly cut: 'rows' | 'bytes' | null
  readonly affected: number | null
  readonly ms: number
  /** The database's own words. */
  readonly problem: string | null
}

/** A database says nothing of how much is left: what is known is what came so far. */
export interface Progress {
  readonly phase: 'connecting' | 'running' | 'reading'
  readonly ms: number
  /** It ends then at the latest. */
  readonly mostMs: number
  readonly rows: number
}

interface Running {
  readonly session: Session
  readonly progress: () => Progress
  readonly kill: () => Promise<void>
}

interface Seen {
  phase: Progress['phase']
  rows: number
}

interface Target {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database?: string
}

export function statementsOf(context: Pick<ConsoleContext, 'store'>): Statements {
  const running = new Map<string, Running>()
  return {
    async run({ viewer, members, session }) {
      const cluster = await clusterFor(context, viewer, required(members, 'cluster'))
      const id = required(members, 'id')
      const text = required(members, 'text')
      if (!STATEMENT_ID.test(id) || running.has(id))
        throw new ConsoleProblem('id must name this statement alone')
      if (running.size >= limits.consoleSqlAtOnce)
        throw new ConsoleProblem('too many statements are under way', 503)
      const target = targetOf(cluster, members)
      // Held from here on, so that the bound is one of those that connect too.
      let kill = async () => {}
      const startedMs = performance.now()
      const seen: Seen = { phase: 'connecting', rows: 0 }
      const progress = () => ({
        ...seen,
        ms: Math.round(performance.now() - startedMs),
        mostMs: limits.consoleSqlMs,
      })
      running.set(id, { session, progress, kill: () => kill() })
      try {
        const connection = await connected(target)
        kill = () => killed(target, connection)
        seen.phase = 'running'
        return await resultOf(connection, text, { kill, seen })
      } finally {
        running.delete(id)
      }
    },
    progress({ members, session }) {
      const found = running.get(required(members, 'id'))
      return { progress: found?.session === session ? found.progress() : null }
    },
    async cancel({ members, session }) {
      const found = running.get(required(members, 'id'))
      if (found?.session !== session) return { cancelled: false }
      await found.kill()
      return { cancelled: true }
    },
  }
}

/** Chosen by the page, at random. */
const STATEMENT_ID = /^[\w-]{8,64}$/

function required(members: Asked['members'], name: string): string {
  const value = textIn(members, name)
  if (value === undefined || value === '') throw new ConsoleProblem(`${name} is missing`)
  return value
}

function targetOf({ id, status }: Cluster, members: Asked['members']): Target {
  const endpoint = (status.endpoints ?? []).find(({ name }) => name === 'mysql')
  if (!endpoint || status.state === 'deleted')
    throw new ConsoleProblem(`${id} takes no statements now: nothing of it answers MySQL`, 409)
  const database = textIn(members, 'database') ?? ''
  return {
    host: endpoint.host,
    port: endpoint.port,
    user: required(members, 'user'),
    password: textIn(members, 'password') ?? '',
    ...(database === '' ? {} : { database }),
  }
}

/** Throws ConsoleProblem with what the database says of the user. */
async function connected(target: Target): Promise<Connection> {
  const { createConnection } = await import('mysql2')
  const connection = createConnection({
    ...target,
    connectTimeout: limits.consoleSqlConnectMs,
    charset: 'utf8mb4',
    supportBigNumbers: true,
  })
  const { promise, resolve, reject } = Promise.withResolvers<Connection>()
  connection.connect((problem) => {
    if (!problem) return resolve(connection)
    connection.destroy()
    reject(new ConsoleProblem(problem.message, 409))
  })
  // What breaks later is an error of the statement that it breaks.
  connection.on('error', () => {})
  return promise
}

/** By a second connection, as any client does; what does not answer that is left. */
async function killed(target: Target, connection: Connection): Promise<void> {
  const { threadId } = connection
  try {
    const other = await connected(target)
    const { promise, resolve } = Promise.withResolvers<void>()
    other.query(`kill query ${threadId}`, () => resolve())
    await promise
    other.destroy()
  } catch {
    connection.destroy()
  }
}

function resultOf(
  connection: Connection,
  text: string,
  { kill, seen }: { readonly kill: () => Promise<void>; readonly seen: Seen },
): Promise<Result> {
  const startedMs = performance.now()
  const { promise, resolve } = Promise.withResolvers<Result>()
  const rows: (string | null)[][] = []
  let columns: readonly string[] = []
  let [bytes, affected, isOver] = [0, null as number | null, false]
  const finish = (more: Partial<Pick<Result, 'cut' | 'problem'>>) => {
    if (isOver) return
    isOver = true
    clearTimeout(late)
    connection.destroy()
    const ms = Math.round(performance.now() - startedMs)
    resolve({ columns, rows, cut: null, affected, ms, problem: null, ...more })
  }
  const late = setTimeout(() => {
    void kill()
    finish({ problem: `no end within ${limits.consoleSqlMs / 1000} seconds` })
  }, limits.consoleSqlMs)
  const query = connection.query({
    sql: text,
    rowsAsArray: true,
    typeCast: (field) => field.string(),
  })
  query
    .on('error', (problem: Error) => finish({ problem: problem.message }))
    .on('fields', (fields: FieldPacket[] | undefined) => {
      columns = (fields ?? []).map(({ name }) => name)
    })
    .on('result', (row: unknown) => {
      if (!Array.isArray(row)) {
        affected = (row as { readonly affectedRows?: number }).affectedRows ?? null
        return
      }
      const cells = row as (string | null)[]
      seen.phase = 'reading'
      seen.rows++
      bytes += cells.reduce((sum, cell) => sum + (cell?.length ?? 0) * 2, 0)
      const cut =
        rows.length >= limits.consoleSqlRows
          ? 'rows'
          : bytes > limits.consoleSqlBytes
            ? 'bytes'
            : undefined
      // What is not shown is not waited for.
      if (cut) finish({ cut })
      else rows.push(cells)
    })
    .on('end', () => finish({}))
  return promise
}
