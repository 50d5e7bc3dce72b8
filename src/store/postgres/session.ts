/**
 * One connection to the database, with its prepared statements. Statements are sent as they are issued and answered in order, so that
 * those that do not wait for each other cost one round trip. The session says of itself when it is lost, and when its transaction was
 * given up for the sake of another one: what to do then is its holder's business.
 */
import { Client, types, type QueryResult } from 'pg'
import { limits } from '../../limits.ts'
import type { Row, SqlConnection, Value } from '../sql/connection.ts'
import { tlsOptions, type PostgresAddress } from './address.ts'

export interface Session extends SqlConnection {
  /** Statements without values, in one go; resolves with the word for what the last of them did. */
  exec(sql: string): Promise<string>
  /** As `exec`; what fails shows in what follows. */
  send(sql: string): void
  /** Whether any row was changed since this was last asked. */
  takeChanged(): boolean
  /** Why the connection does not help any more. */
  lost(): Error | undefined
  /** Whether the engine gave the transaction under way up, so that it has to begin again. */
  givenUp(): boolean
  /** Called at once for one that is lost already. */
  onLost(listener: () => void): void
  onNotice(listener: (payload: string) => void): void
  end(): Promise<void>
}

export interface SessionOptions {
  readonly address: PostgresAddress
  /** Asked for each connection; undefined leaves it to PGPASSFILE, ~/.pgpass or PGPASSWORD. */
  readonly password: (() => string) | undefined
  /** The name of the server, asked for each connection. */
  readonly server?: () => string
}

/** serialization_failure, deadlock_detected (PostgreSQL, appendix A). */
const GIVEN_UP = new Set(['40001', '40P01'])
/** Classes and codes by which the server says that this connection is over, or is with the wrong one of several. */
const OVER = /^(08|57P0|25P03|25006|53300)/

const READY = `select pg_is_in_recovery() as replica, current_setting('fsync') as fsync,
  current_setting('server_encoding') as encoding, current_setting('synchronous_commit') as commits,
  current_setting('full_page_writes') as pages`

/** Tries each host until one takes writes. Throws the last one's refusal. */
export async function openSession(options: SessionOptions): Promise<Session> {
  let problem: unknown
  for (const place of options.address.hosts) {
    try {
      return await sessionAt(place, options)
    } catch (cause) {
      problem = cause
    }
  }
  throw problem
}

async function sessionAt(
  { host, port }: PostgresAddress['hosts'][number],
  { address, password, server = () => '' }: SessionOptions,
): Promise<Session> {
  const client = new Client({
    host,
    port,
    user: address.user,
    database: address.database,
    ssl: tlsOptions(address.tls, host),
    ...(password && { password }),
    application_name: 'emrys',
    keepAlive: true,
    pipeline: true,
    connectionTimeoutMillis: limits.databaseMs,
    query_timeout: limits.databaseMs,
    // A server that stops in the middle of a transaction must not hold up the others for longer.
    idle_in_transaction_session_timeout: limits.idleTransactionMs,
  })
  // What is counted stays below 2^53.
  client.setTypeParser(types.builtins.INT8, Number)
  const session = sessionOf(client)
  try {
    await client.connect()
    await requireReady(session, `${host}:${port}`)
    await session.all(`select set_config('emrys.server', ?, false)`, [server()])
  } catch (problem) {
    void client.end().catch(() => {})
    throw problem
  }
  return session
}

/** Throws a sentence unless commits of this server are durable and texts are kept as they are. */
async function requireReady(session: Session, place: string): Promise<void> {
  const found = await session.first(READY, [])
  if (found?.['replica'] === true) throw new Error(`${place} is a replica, which takes no writes`)
  if (found?.['fsync'] !== 'on' || found['pages'] !== 'on')
    throw new Error(
      `the database at ${place} does not put commits on the disk (fsync, full_page_writes); set both to on`,
    )
  if (found['encoding'] !== 'UTF8')
    throw new Error(
      `the database at ${place} is encoded in ${String(found['encoding'])}; create it with encoding UTF8`,
    )
  if (found['commits'] === 'off' || found['commits'] === 'local')
    await session.exec('set synchronous_commit = on')
}

function sessionOf(client: Client): Session {
  const lostListeners: (() => void)[] = []
  let lost: Error | undefined
  let givenUp = false
  let changed = false
  const lose = (problem: Error) => {
    if (lost) return
    lost = problem
    for (const listener of lostListeners) listener()
  }
  client.on('error', lose)
  client.on('end', () => lose(new Error('the database ended the connection')))
  const query = async (sql: string, values?: readonly Value[]): Promise<QueryResult<Row>> => {
    try {
      const prepared = values && { ...statementOf(sql), values: values.map(storable) }
      return await client.query<Row>(prepared ?? sql)
    } catch (problem) {
      const { code = '', severity } = problem as { code?: string; severity?: string }
      if (GIVEN_UP.has(code)) givenUp = true
      else if (severity === undefined || OVER.test(code)) lose(problem as Error)
      throw problem
    }
  }
  const noted = async (sql: string, values: readonly Value[]) => {
    const result = await query(sql, values)
    if (result.command !== 'SELECT' && (result.rowCount ?? 0) > 0) changed = true
    return result
  }
  const exec = async (sql: string) => {
    const result: QueryResult | readonly QueryResult[] = await query(sql)
    return (Array.isArray(result) ? result.at(-1) : result)?.command ?? ''
  }
  return {
    all: async (sql, values) => (await noted(sql, values)).rows,
    first: async (sql, values) => (await noted(sql, values)).rows[0],
    run: async (sql, values) => (await noted(sql, values)).rowCount ?? 0,
    exec,
    send: (sql) => void exec(sql).catch(() => {}),
    takeChanged() {
      const was = changed
      changed = false
      givenUp = false
      return was
    },
    lost: () => lost,
    givenUp: () => givenUp,
    onLost(listener) {
      if (lost) listener()
      else lostListeners.push(listener)
    },
    onNotice: (listener) =>
      void client.on('notification', ({ payload }) => listener(payload ?? '')),
    async end() {
      const ended = client.end().catch(() => {})
      // Of a connection that broke, nobody hears when it has ended.
      if (!lost) await withinMs(END_MS, ended)
    },
  }
}

const END_MS = 1_000

async function withinMs(ms: number, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await Promise.race([work, promise])
  clearTimeout(timer)
}

/** Listings with many ids have many texts; beyond this many, statements are not kept prepared. */
const STATEMENTS_MAX = 500
const known = new Map<string, { readonly name?: string; readonly text: string }>()

function statementOf(sql: string): { readonly name?: string; readonly text: string } {
  const found = known.get(sql)
  if (found) return found
  const text = inOwnWords(sql)
  if (known.size >= STATEMENTS_MAX) return { text }
  const statement = { name: `emrys-${known.size}`, text }
  known.set(sql, statement)
  return statement
}

/** By the session's own setting. Work is on a cluster, on what bears its id, or on what belongs to it. */
const MINE = ` and not exists (select 1 from document c where c.kind = 'cluster'
  and c.home not in ('', current_setting('emrys.server')) and (c.id = w.id or c.id =
    (select parent from document d where d.kind = w.kind and d.id = w.id)))`

function inOwnWords(sql: string): string {
  let at = 0
  return sql
    .replace('{document}', 'd.seq, d.revision, d.kind, d.id, d.body')
    .replace('{like}', 'ilike')
    .replace('{claim}', ' for update of w skip locked')
    .replace('{mine}', MINE)
    .replaceAll('?', () => `$${++at}`)
}

/** Texts of this engine hold no NUL. Columns are looked up by; what is read back comes from the body, where it is escaped. */
function storable(value: Value): Value {
  return typeof value === 'string' && value.includes('\0')
    ? value.replaceAll('\0', '\u2400')
    : value
}
