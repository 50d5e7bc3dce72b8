/**
 * The transaction interface: begin, load (any number of times), prepare, commit, rollback, by label.
 *
 * An open transaction lives in this process and is aborted when nothing happens in it; a prepared one lives in the
 * engine, survives a restart, and is finished by label alone. One request at a time works on a transaction: another gets
 * TXN_IN_PROCESSING. Not supported: transactions over several tables.
 * reference: StarRocks documentation, "Stream Load transaction interface"; be/src/runtime/stream_load/transaction_mgr.cpp
 */
import type { Load, LoadOutcome, LoadRequest } from '../load-sink.ts'
import { LabelTakenError } from '../load-sink.ts'
import { SqlError } from '../session.ts'
import type { UserIdentity } from '../session.ts'
import { authenticated } from './access.ts'
import type { Body } from './body.ts'
import { departure } from './exchange.ts'
import type { Answer, Exchange } from './exchange.ts'
import { countsOf, jobStatus, jsonAnswer, messageOf } from './load-answer.ts'
import { feedLoad } from './load-feed.ts'
import {
  loadHeaders,
  optionKey,
  readLoadOptions,
  readSeconds,
  refuseUnsupportedHeaders,
} from './load-option.ts'
import type { HeaderOf } from './load-option.ts'
import type { LoadMetrics } from './metric.ts'
import { checkSize, demandHeader, errorUrl, discardUnread, receive } from './stream-load.ts'
import type { LoadService } from './stream-load.ts'

export type TransactionVerb = 'begin' | 'load' | 'prepare' | 'commit' | 'rollback'

export const transactionVerbs: readonly string[] = [
  'begin',
  'load',
  'prepare',
  'commit',
  'rollback',
] satisfies readonly TransactionVerb[]

export interface Transactions {
  handle(verb: TransactionVerb, exchange: Exchange): Promise<Answer>
}

interface OpenLoad {
  readonly request: LoadRequest
  readonly beginMs: number
  readonly deadlineMs: number
  readonly idleMs: number
  load: Load
  /** The headers of the first load; undefined before it. */
  options: string | undefined
  bytes: number
  readTimeMs: number
  busy: boolean
  cancelTimer: () => void
}

/** An answer other than OK: StarRocks' status word and, for some, more than a message. */
class TransactionError extends SqlError {
  readonly status: string

  constructor(status: string, message: string) {
    super(message)
    this.name = 'TransactionError'
    this.status = status
  }
}

const notExists = (label: string) =>
  new TransactionError('TXN_NOT_EXISTS', `transaction with label ${label} not exists`)

/** One request of a transaction, as every verb gets it. */
interface TransactionRequest {
  readonly service: LoadService
  readonly open: Map<string, OpenLoad>
  readonly exchange: Exchange
  readonly header: HeaderOf
  readonly user: UserIdentity
  readonly label: string
  readonly database: string
  readonly key: string
}

export function transactions(service: LoadService, metrics: LoadMetrics): Transactions {
  const open = new Map<string, OpenLoad>()
  return {
    async handle(verb, exchange) {
      const startMs = service.clock.now()
      const header = loadHeaders(exchange.request)
      let label = ''
      metrics.began()
      let bytes = 0
      try {
        label = demandHeader(header, 'label')
        const database = demandHeader(header, 'db')
        refuseUnsupportedHeaders(header)
        const user = await authenticated(service.engine, exchange)
        const key = `${database.toLowerCase()} ${label}`
        const incoming = { service, open, exchange, header, user, label, database, key }
        const facts = await verbs[verb](incoming)
        bytes = verb === 'load' ? Number(facts['LoadBytes'] ?? 0) : 0
        return jsonAnswer({ Status: 'OK', Message: '', Label: label, ...facts })
      } catch (error) {
        if (!(error instanceof SqlError)) service.log.error({ err: error }, 'a transaction failed')
        return failure(service, label, error)
      } finally {
        metrics.ended({ bytes, ms: service.clock.now() - startMs })
      }
    },
  }
}

function failure(service: LoadService, label: string, error: unknown): Answer {
  const url = errorUrl(service, { outcome: undefined, error })
  const tail = { Message: messageOf(error), ...(url !== undefined && { ErrorURL: url }) }
  if (error instanceof LabelTakenError) {
    const ExistingJobStatus = jobStatus[error.existing.state]
    return jsonAnswer({ Status: 'LABEL_ALREADY_EXISTS', ExistingJobStatus, ...tail })
  }
  if (error instanceof TransactionError) {
    const withLabel = error.status.startsWith('TXN_')
    return jsonAnswer({ Status: error.status, ...(withLabel && { Label: label }), ...tail })
  }
  return jsonAnswer({ Status: 'FAILED', ...tail })
}

type Facts = Readonly<Record<string, unknown>>

const verbs: Readonly<Record<TransactionVerb, (incoming: TransactionRequest) => Promise<Facts>>> = {
  begin,
  load: addLoad,
  prepare: (incoming) => finish(incoming, 'prepare'),
  commit: (incoming) => finish(incoming, 'commit'),
  rollback,
}

async function begin(incoming: TransactionRequest): Promise<Facts> {
  const { service, open, header, user, label, database, key } = incoming
  const { engine, clock, limits } = service
  const table = demandHeader(header, 'table')
  const startMs = clock.now()
  if (service.isClosing()) throw new SqlError('Service is shutting down, please retry later!')
  if (open.size >= limits.transactions) {
    throw new SqlError(`current running txns is ${open.size}, larger than limit ${open.size}`)
  }
  const inDatabase = [...open.values()].filter((each) => each.request.database === database).length
  if (inDatabase >= limits.databaseTransactions) {
    throw new SqlError(
      `current running txns on db ${database} is ${inDatabase}, larger than limit ${limits.databaseTransactions}`,
    )
  }
  // All headers of a load are judged here already: a refusal is better before the first byte than after the last.
  const options = readLoadOptions(header, service.limits.loadSeconds)
  const request = { ...options.request, user, database, table, label }
  const load = await engine.beginLoad(request)
  const idleSeconds = readSeconds(header, 'idle_transaction_timeout')
  const entry: OpenLoad = {
    request,
    load,
    beginMs: startMs,
    deadlineMs: startMs + request.timeoutSeconds * 1000,
    idleMs: idleSeconds === undefined ? limits.transactionIdleMs : idleSeconds * 1000,
    options: undefined,
    bytes: 0,
    readTimeMs: 0,
    busy: false,
    cancelTimer: () => undefined,
  }
  open.set(key, entry)
  watch(incoming, entry)
  return { TxnId: load.id, BeginTxnTimeMs: clock.now() - startMs }
}

/** Aborts an open transaction when it is over its time or nothing happens in it. */
function watch({ service, open, key, label }: TransactionRequest, entry: OpenLoad): void {
  const { clock, log } = service
  entry.cancelTimer()
  const atMs = Math.min(entry.deadlineMs, clock.now() + entry.idleMs)
  entry.cancelTimer = clock.at(atMs, () => {
    // A request that works on it has deadlines of its own, and sets this one again when it is done.
    if (entry.busy || open.get(key) !== entry) return
    open.delete(key)
    log.info({ load: entry.load.id, label }, 'an idle transaction is aborted')
    entry.load.rollback().catch((error: unknown) => {
      log.warn({ err: error, load: entry.load.id }, 'an idle transaction could not be aborted')
    })
  })
}

/** The open transaction that a request is about; another user's does not exist to it. */
function openLoadOf({ open, key, user, label }: TransactionRequest): OpenLoad {
  const entry = open.get(key)
  if (!entry?.load.isOf(user)) throw notExists(label)
  if (entry.busy) {
    throw new TransactionError('TXN_IN_PROCESSING', `transaction ${label} is in processing`)
  }
  return entry
}

/** Works on a transaction alone; a failure ends it. */
async function exclusively<T>(
  incoming: TransactionRequest,
  entry: OpenLoad,
  work: () => Promise<T>,
): Promise<T> {
  entry.busy = true
  try {
    const value = await work()
    entry.busy = false
    watch(incoming, entry)
    return value
  } catch (error) {
    closeEntry(incoming, entry)
    await entry.load.rollback()
    throw error
  }
}

function closeEntry({ open, key }: TransactionRequest, entry: OpenLoad): void {
  entry.cancelTimer()
  if (open.get(key) === entry) open.delete(key)
}

async function addLoad(incoming: TransactionRequest): Promise<Facts> {
  const { service, exchange, header } = incoming
  const entry = openLoadOf(incoming)
  const table = demandHeader(header, 'table')
  if (table.toLowerCase() !== entry.request.table.toLowerCase()) {
    throw new SqlError(`Request table ${table} not equal transaction table ${entry.request.table}`)
  }
  const options = readLoadOptions(header, service.limits.loadSeconds)
  checkSize(exchange, options, service.limits)
  const key = optionKey(header)
  if (entry.options !== undefined && entry.options !== key) {
    throw new SqlError('All loads of a transaction must have the same headers')
  }
  const progress: { body: Body | undefined } = { body: undefined }
  const startMs = service.clock.now()
  let plannedMs = startMs
  const work = async () => {
    if (entry.options === undefined) {
      const left = Math.max(1, Math.ceil((entry.deadlineMs - startMs) / 1000))
      const { user, database, table: name, label } = entry.request
      const target = { user, database, table: name, label }
      const request = { ...options.request, ...target, timeoutSeconds: left }
      entry.load = await service.engine.replan(entry.load, request)
      entry.options = key
      plannedMs = service.clock.now()
    }
    const { deadlineMs } = entry
    await receive(service, exchange, { options, deadlineMs, progress }, (body) =>
      feedLoad(service, entry.load, options, body),
    )
  }
  try {
    await exclusively(incoming, entry, work)
  } catch (error) {
    await discardUnread(service, exchange, progress.body, entry.deadlineMs)
    throw error
  }
  const bytes = progress.body?.received() ?? 0
  const readMs = service.clock.now() - plannedMs
  entry.bytes += bytes
  entry.readTimeMs += readMs
  return {
    TxnId: entry.load.id,
    LoadBytes: bytes,
    StreamLoadPlanTimeMs: plannedMs - startMs,
    ReceivedDataTimeMs: readMs,
  }
}

async function finish(incoming: TransactionRequest, how: 'prepare' | 'commit'): Promise<Facts> {
  const { service, open, exchange, key, user, database, label } = incoming
  const { engine, clock } = service
  const signal = departure(exchange)
  const startMs = clock.now()
  if (!open.has(key)) {
    const record = engine.findLoad(database, label)
    if (how === 'prepare' || !record || record.state === 'PREPARE') throw notExists(label)
    const outcome = await engine.commitPrepared(user, database, label, signal)
    const times = { beginMs: record.createdMs, readTimeMs: 0, bytes: outcome.bytes }
    return finished(times, outcome, { startMs, endMs: clock.now() })
  }
  const entry = openLoadOf(incoming)
  if (entry.options === undefined) {
    throw new TransactionError('INTERNAL_ERROR', `transaction ${label} hasn't send any data yet`)
  }
  const outcome = await exclusively(incoming, entry, () =>
    how === 'prepare' ? entry.load.prepare(signal) : entry.load.commit(signal),
  )
  closeEntry(incoming, entry)
  const url = errorUrl(service, { outcome, error: undefined })
  return {
    ...finished(entry, outcome, { startMs, endMs: clock.now() }),
    ...(url !== undefined && { ErrorURL: url }),
  }
}

function finished(
  entry: Pick<OpenLoad, 'beginMs' | 'readTimeMs' | 'bytes'>,
  outcome: LoadOutcome,
  time: { readonly startMs: number; readonly endMs: number },
): Facts {
  return {
    TxnId: outcome.id,
    ...countsOf({ outcome, error: undefined }),
    LoadBytes: entry.bytes,
    LoadTimeMs: time.endMs - entry.beginMs,
    StreamLoadPlanTimeMs: 0,
    ReceivedDataTimeMs: entry.readTimeMs,
    WriteDataTimeMs: entry.readTimeMs,
    CommitAndPublishTimeMs: time.endMs - time.startMs,
  }
}

async function rollback(incoming: TransactionRequest): Promise<Facts> {
  const { service, open, key, user, database, label } = incoming
  if (open.has(key)) {
    const entry = openLoadOf(incoming)
    closeEntry(incoming, entry)
    await entry.load.rollback()
    return {}
  }
  const record = service.engine.findLoad(database, label)
  if (!record || record.state === 'PREPARE') throw notExists(label)
  await service.engine.rollbackPrepared(user, database, label)
  return {}
}
