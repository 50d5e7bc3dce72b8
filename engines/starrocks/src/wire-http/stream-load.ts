/**
 * `PUT /api/{db}/{table}/_stream_load` on the BE: one request, one load, atomic. Whatever goes wrong is reported in the
 * answer's `Status`, under HTTP 200, and leaves no row and no label behind.
 */
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Logger } from '../../../../src/kernel/log.ts'
import type { LoadOutcome, LoadSink } from '../load-sink.ts'
import { SqlError } from '../session.ts'
import type { Engine } from '../session.ts'
import { authenticated } from './access.ts'
import { bodyOf } from './body.ts'
import type { Body } from './body.ts'
import type { ErrorLog } from './error-log.ts'
import { departure, discardBody, send100Continue } from './exchange.ts'
import type { Exchange } from './exchange.ts'
import type { HttpLimits } from './http-limits.ts'
import { loadAnswer, reasonsOf } from './load-answer.ts'
import type { LoadReport } from './load-answer.ts'
import type { JsonThread } from './json-thread.ts'
import { feedLoad } from './load-feed.ts'
import { loadHeaders, readLoadOptions } from './load-option.ts'
import type { HeaderOf, LoadOptions } from './load-option.ts'
import { stopwatch } from './stopwatch.ts'
import type { Stopwatch } from './stopwatch.ts'
import type { LoadMetrics } from './metric.ts'

/** What the loads of one process share. */
export interface LoadService {
  readonly engine: Pick<Engine, 'checkPassword'> & LoadSink
  readonly clock: Clock
  readonly log: Logger
  readonly limits: HttpLimits
  /** For long rows. */
  readonly json: Pick<JsonThread, 'row'>
  readonly errors: ErrorLog
  /** Where clients reach the BE, as in `http://host:8040`. */
  readonly backUrl: () => string
  /** Bodies that are being read now. */
  readonly reading: Set<Body>
  /** The process is about to end: what has not begun does not begin. */
  readonly isClosing: () => boolean
}

/** What becomes known of a load on its way. */
interface LoadProgress {
  readonly watch: Stopwatch<'begin' | 'read' | 'commit'>
  id: number
  label: string
  body: Body | undefined
}

export async function streamLoad(
  service: LoadService,
  exchange: Exchange,
  target: { readonly database: string; readonly table: string },
  metrics: LoadMetrics,
) {
  const progress: LoadProgress = {
    watch: stopwatch(service.clock),
    id: -1,
    label: exchange.request.headersDistinct.label?.[0] ?? '',
    body: undefined,
  }
  metrics.began()
  let outcome: LoadOutcome | undefined
  let error: unknown
  try {
    outcome = await loadBody(service, { exchange, target, progress })
  } catch (caught) {
    error = caught
    if (!(caught instanceof SqlError)) service.log.error({ err: caught }, 'a load failed')
  }
  const report = reportOf(service, progress, { outcome, error })
  metrics.ended({ bytes: report.bytes, ms: report.times.load })
  const { id, label, bytes } = report
  service.log.info({ load: id, label, bytes, ok: error === undefined }, 'stream load ended')
  return loadAnswer(report)
}

async function loadBody(
  service: LoadService,
  work: {
    readonly exchange: Exchange
    readonly target: { readonly database: string; readonly table: string }
    readonly progress: LoadProgress
  },
): Promise<LoadOutcome> {
  const { engine } = service
  const { exchange, target, progress } = work
  const { watch } = progress
  const user = await authenticated(engine, exchange)
  const options = readLoadOptions(loadHeaders(exchange.request), service.limits.loadSeconds)
  checkSize(exchange, options, service.limits)
  const running = await engine.beginLoad({
    ...options.request,
    ...target,
    user,
    label: options.label,
  })
  progress.id = running.id
  progress.label = running.label
  watch.end('begin')
  const deadlineMs = watch.startMs + options.request.timeoutSeconds * 1000
  try {
    await receive(service, exchange, { options, deadlineMs, progress }, (body) =>
      feedLoad(service, running, options, body),
    )
    watch.end('read')
    return await running.commit(departure(exchange))
  } catch (error) {
    await running.rollback()
    await discardUnread(service, exchange, progress.body, deadlineMs)
    throw error
  } finally {
    if (watch.phaseMs('read') !== undefined) watch.end('commit')
  }
}

/** Takes the body in, as one of a bounded number. */
export async function receive(
  service: LoadService,
  exchange: Exchange,
  load: {
    readonly options: Pick<LoadOptions, 'compression'>
    readonly deadlineMs: number
    readonly progress: { body: Body | undefined }
  },
  feed: (body: Body) => Promise<void>,
): Promise<void> {
  const { limits, reading, clock } = service
  if (service.isClosing()) {
    throw new SqlError('Service is shutting down, please retry later!', 1053, '08S01')
  }
  if (reading.size >= limits.bodies) {
    throw new SqlError(
      `Stream Load exceed http concurrent limit ${limits.bodies}, please try again later`,
    )
  }
  const body = bodyOf(exchange.request, {
    clock,
    idleMs: limits.bodyIdleMs,
    deadlineMs: load.deadlineMs,
    maxBytes: limits.bodyBytes,
    compression: load.options.compression,
  })
  load.progress.body = body
  reading.add(body)
  try {
    send100Continue(exchange)
    await feed(body)
  } finally {
    reading.delete(body)
  }
}

/**
 * A load that fails on its way is answered when its body has ended, as StarRocks does: many clients read no answer before.
 * Only for bodies that were asked for; a sender that is slow or over its limits is waited for no longer.
 */
export async function discardUnread(
  service: LoadService,
  exchange: Exchange,
  body: Body | undefined,
  deadlineMs: number,
): Promise<void> {
  if (!body || body.isGivenUp()) return
  const { limits, clock } = service
  await discardBody(exchange, {
    lingerMs: Math.max(0, deadlineMs - clock.now()),
    lingerBytes: Math.max(0, limits.bodyBytes - body.received()),
    idleMs: limits.bodyIdleMs,
  })
}

/** A body that announces more than may come is refused before it comes. */
export function checkSize(exchange: Exchange, options: LoadOptions, limits: HttpLimits): void {
  const bytes = Number(exchange.request.headers['content-length'] ?? 0)
  if (bytes > limits.bodyBytes) {
    throw new SqlError(`body size ${bytes} exceed limit: ${limits.bodyBytes}`)
  }
  if (options.format.kind !== 'json' || options.format.ignoreSize) return
  if (bytes > limits.jsonBytes) {
    throw new SqlError(
      `The size of this batch exceed the max size [${limits.jsonBytes}] of json type data [ ${bytes} ]. Set ignore_json_size to skip the check`,
    )
  }
}

function reportOf(
  service: LoadService,
  progress: LoadProgress,
  result: Pick<LoadReport, 'outcome' | 'error'>,
): LoadReport {
  const { watch, id, label } = progress
  const read = watch.phaseMs('read') ?? 0
  return {
    ...result,
    id,
    label,
    bytes: progress.body?.received() ?? 0,
    errorUrl: errorUrl(service, result),
    times: {
      load: watch.totalMs(),
      begin: watch.phaseMs('begin') ?? 0,
      // Planning is a part of beginning.
      plan: 0,
      read,
      // Rows are written while they are read.
      write: read,
      commit: watch.phaseMs('commit') ?? 0,
    },
  }
}

export function errorUrl(
  service: Pick<LoadService, 'errors' | 'backUrl'>,
  result: Pick<LoadReport, 'outcome' | 'error'>,
): string | undefined {
  const file = service.errors.keep(reasonsOf(result))
  return file && `${service.backUrl()}/api/_load_error_log?file=${file}`
}

/** A header that must be there. */
export function demandHeader(header: HeaderOf, name: string): string {
  const value = header(name)
  if (value === undefined) throw new SqlError(`empty ${name}`)
  return value
}
