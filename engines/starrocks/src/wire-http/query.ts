/**
 * The HTTP SQL API: `POST /api/v1/catalogs/{catalog}[/databases/{database}]/sql` with a JSON body. One statement, answered as lines
 * of JSON (connection, meta, a line a row, statistics); SHOW and EXPLAIN are one object. Each request has a session of its own.
 * A query whose client leaves is interrupted; one that fails after its first line ends with the connection.
 * reference: StarRocks 3.3, ExecuteSqlAction.java, HttpResultSender.java, JsonSerializer.java, http_result_writer.cpp
 */
import { once } from 'node:events'
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Logger } from '../../../../src/kernel/log.ts'
import { beginTurn } from '../../../../src/kernel/turn.ts'
import { remoteHost } from '../remote-host.ts'
import { SqlError } from '../session.ts'
import type { Engine, Result, Session, StatementClass, UserIdentity } from '../session.ts'
import { authenticated, isDenied } from './access.ts'
import { bodyOf } from './body.ts'
import { send100Continue } from './exchange.ts'
import type { Answer, Exchange } from './exchange.ts'
import type { HttpLimits } from './http-limits.ts'
import { LONG_JSON } from './json-thread.ts'
import type { JsonThread } from './json-thread.ts'
import { messageOf, restFailure, unauthorized } from './load-answer.ts'
import { readQueryBody } from './query-body.ts'
import type { SentQuery } from './query-body.ts'
import { dataPieces, metaLine, shownObject } from './query-row.ts'

export interface QueryPlace {
  readonly catalog: string
  readonly database: string | undefined
}

export interface QueryService {
  /** Undefined: the rows were written. */
  answer(exchange: Exchange, place: QueryPlace): Promise<Answer | undefined>
}

export interface QueryOptions {
  readonly engine: Pick<Engine, 'checkPassword' | 'openSession'>
  readonly limits: HttpLimits
  /** For long bodies. */
  readonly json: Pick<JsonThread, 'queryBody'>
  readonly clock: Clock
  readonly log: Logger
}

type Rows = Extract<Result, { kind: 'rows' }>

/** Out of the way of the MySQL port's ids, which begin at 1. */
const FIRST_SESSION = 2 ** 30
const LAST_SESSION = 2 ** 31 - 1

const NDJSON = 'application/x-ndjson; charset=utf-8'

/** A refusal with its HTTP status; what SQL refuses is 500. */
class QueryRefusal extends SqlError {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'QueryRefusal'
    this.status = status
  }
}

export function queryPlace(path: string): QueryPlace | undefined {
  const found = /^\/api\/v1\/catalogs\/([^/]+)(?:\/databases\/([^/]+))?\/sql$/.exec(path)
  if (!found) return undefined
  try {
    const [, catalog = '', database] = found
    return {
      catalog: decodeURIComponent(catalog),
      database: database === undefined ? undefined : decodeURIComponent(database),
    }
  } catch {
    return undefined
  }
}

export function queryService(options: QueryOptions): QueryService {
  const running = new Set<number>()
  let lastId = FIRST_SESSION
  const freeId = (): number => {
    do lastId = lastId === LAST_SESSION ? FIRST_SESSION : lastId + 1
    while (running.has(lastId))
    return lastId
  }
  return {
    async answer(exchange, place) {
      if (running.size >= options.limits.queries) return restFailure(503, 'Too many queries')
      const id = freeId()
      running.add(id)
      try {
        return await answerQuery(options, exchange, place, id)
      } catch (error) {
        return failure(options, exchange, error)
      } finally {
        running.delete(id)
      }
    },
  }
}

function failure({ log }: QueryOptions, { request, response }: Exchange, error: unknown) {
  if (!(error instanceof SqlError)) log.error({ err: error }, 'a query failed')
  if (response.headersSent) {
    response.destroy()
    return undefined
  }
  if (error instanceof QueryRefusal) return restFailure(error.status, error.message)
  if (!isDenied(error)) return restFailure(500, messageOf(error))
  const isAnonymous = request.headers.authorization === undefined
  return unauthorized(isAnonymous ? 'Need auth information.' : error.message)
}

async function answerQuery(
  options: QueryOptions,
  exchange: Exchange,
  place: QueryPlace,
  id: number,
): Promise<Answer | undefined> {
  const identity = await authenticated(options.engine, exchange)
  const asked = await readQuery(options, exchange, identity)
  const session = await options.engine.openSession({
    id,
    identity,
    remoteHost: remoteHost(exchange.request.socket),
    database: undefined,
  })
  const leave = () => session.interrupt()
  exchange.response.once('close', leave)
  try {
    await enter(session, place)
    for (const [name, value] of asked.variables) await run(session, setText(name, value))
    const kind = await statementOf(session, asked.query)
    const result = await run(session, asked.query)
    if (kind === 'kill' || result?.kind !== 'rows') return { status: 200, type: NDJSON, text: '' }
    if (kind !== 'query') return wholeAnswer(kind, result)
    await writeRows({ ...options, exchange, id, asked, result })
    return undefined
  } finally {
    exchange.response.off('close', leave)
    await session.close()
  }
}

async function enter(session: Session, { catalog, database }: QueryPlace): Promise<void> {
  try {
    if (database !== undefined) await session.use(`${catalog}.${database}`)
    else await run(session, `SET CATALOG \`${catalog.replaceAll('`', '``')}\``)
  } catch {
    throw new QueryRefusal(403, 'set catalog or db failed')
  }
}

async function statementOf(session: Session, query: string): Promise<StatementClass> {
  const [kind, more] = await session.classify(query)
  if (more) throw new QueryRefusal(400, 'http query does not support execute multiple query')
  if (kind === undefined || kind === 'other')
    throw new QueryRefusal(
      400,
      'http query only support SELECT, SHOW, EXPLAIN, DESC, KILL statement',
    )
  return kind
}

async function run(session: Session, text: string): Promise<Result | undefined> {
  for await (const result of session.execute(text, { single: true })) return result
  return undefined
}

type Asked = Exclude<SentQuery, { readonly refusal: string }>

async function readQuery(
  { limits, clock, json }: QueryOptions,
  exchange: Exchange,
  identity: UserIdentity,
): Promise<Asked> {
  send100Continue(exchange)
  const body = bodyOf(exchange.request, {
    clock,
    idleMs: limits.bodyIdleMs,
    deadlineMs: clock.now() + limits.bodyIdleMs,
    maxBytes: limits.queryBytes,
    compression: 'none',
  })
  const pieces: Buffer[] = []
  try {
    for await (const chunk of body.chunks) pieces.push(chunk)
  } catch (error) {
    throw new QueryRefusal(400, messageOf(error))
  }
  const text = Buffer.concat(pieces)
  const read =
    text.length < LONG_JSON
      ? readQueryBody(text)
      : await json.queryBody(text, { user: identity.user })
  if ('refusal' in read) throw new QueryRefusal(400, read.refusal)
  return read
}

function setText(name: string, value: string): string {
  if (!/^\w{1,64}$/.test(name)) throw new SqlError(`Unknown system variable '${name}'`, 1193)
  return `SET ${name} = '${value.replace(/[\\']/g, '\\$&')}'`
}

async function wholeAnswer(kind: StatementClass, result: Rows): Promise<Answer> {
  const rows = []
  for await (const chunk of result.chunks) rows.push(...chunk)
  const text =
    kind === 'explain'
      ? JSON.stringify({ explain: rows.map(([line]) => `${String(line)}\n`).join('') })
      : shownObject(result.columns, rows)
  return { status: 200, type: NDJSON, text }
}

interface Writing extends QueryOptions {
  readonly exchange: Exchange
  readonly id: number
  readonly asked: Asked
  readonly result: Rows
}

async function writeRows(writing: Writing): Promise<void> {
  const { exchange, id, asked, result } = writing
  const { response } = exchange
  const chunks = pulled(result.chunks)
  // What fails at once fails with its status, before the first line is sent.
  let next = await chunks.next()
  response.writeHead(200, { 'Content-Type': NDJSON })
  if (!asked.raw && !asked.withoutConnection) response.write(`{"connectionId":${id}}\n`)
  response.write(metaLine(result.columns))
  let returnRows = 0
  for (; next.done !== true; next = await chunks.next()) {
    returnRows += next.value.length
    await writePieces(writing, dataPieces(next.value, result.columns))
  }
  // What DuckDB scanned is not known.
  const statistics = { scanRows: 0, scanBytes: 0, returnRows }
  response.end(asked.raw ? '' : `${JSON.stringify({ statistics })}\n`)
}

/** One write. */
const WRITE_CHARACTERS = 65_536

async function writePieces(writing: Writing, pieces: Iterable<string>): Promise<void> {
  let gathered: string[] = []
  let length = 0
  const turn = beginTurn()
  const write = async (): Promise<void> => {
    if (!writing.exchange.response.write(gathered.join(''))) await drained(writing)
    gathered = []
    length = 0
  }
  for (const piece of pieces) {
    gathered.push(piece)
    length += piece.length
    if (length < WRITE_CHARACTERS) continue
    await write()
    if (turn.isOver()) await turn.next()
  }
  await write()
}

async function* pulled(chunks: Rows['chunks']) {
  yield* chunks
}

/** A reader that stands still, or has left, holds no session. */
async function drained({ exchange, limits, clock }: Writing): Promise<void> {
  const { response } = exchange
  if (response.destroyed) throw new SqlError('The client left', 1317, '70100')
  const stop = new AbortController()
  const cancel = clock.at(clock.now() + limits.bodyIdleMs, () => stop.abort())
  const gone = () => stop.abort()
  response.once('close', gone)
  try {
    await once(response, 'drain', { signal: stop.signal })
  } catch {
    throw new SqlError('The client reads no more', 1317, '70100')
  } finally {
    cancel()
    response.off('close', gone)
  }
}
