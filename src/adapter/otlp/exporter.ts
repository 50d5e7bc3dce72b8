/**
 * Sends spans to a collector by OTLP over HTTP, as JSON (opentelemetry.io/docs/specs/otlp). Nobody waits for it: what it cannot take is
 * dropped and counted. One batch is on its way at a time, and what waits for it is bounded.
 */
import type { ClientRequest, IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { answerText, request as httpRequest } from '../../kernel/http.ts'
import type { Logger } from '../../kernel/log.ts'
import type { Attributes, Span, SpanSink } from '../../kernel/trace.ts'
import { limits } from '../../limits.ts'

export interface SpanExporter extends SpanSink {
  counts(): { readonly exported: number; readonly dropped: number }
  /** Sends what is left, for a moment, and drops the rest. */
  close(): Promise<void>
}

export interface SpanExporterOptions {
  /** The address of the collector; `v1/traces` follows it. */
  readonly endpoint: string
  readonly log: Logger
  /** Tests do not wait for them. */
  readonly times?: { readonly flushMs: number; readonly sendMs: number; readonly closeMs: number }
}

const ANSWER_CHARACTERS_MAX = 64 * 1024

export function spanExporter(options: SpanExporterOptions): SpanExporter {
  const {
    log,
    times = { flushMs: limits.spanFlushMs, sendMs: limits.spanSendMs, closeMs: limits.spanCloseMs },
  } = options
  const waiting: Span[] = []
  let [exported, dropped] = [0, 0]
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<void> | undefined
  let failing = false
  const end = new AbortController()

  const send = async (): Promise<void> => {
    const batch = waiting.splice(0, limits.spansPerBatch)
    try {
      const signal = AbortSignal.any([end.signal, AbortSignal.timeout(times.sendMs)])
      const rejected = await post(options, batch, signal)
      exported += batch.length - rejected
      dropped += rejected
      if (failing) log.info({}, 'the collector takes spans again')
      failing = false
    } catch (problem) {
      dropped += batch.length
      if (!failing) log.warn({ err: problem }, 'the collector takes no spans; they are dropped')
      failing = true
    }
  }
  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    sending ??= send().finally(() => {
      sending = undefined
      if (waiting.length > 0) arm(waiting.length >= limits.spansPerBatch ? 0 : times.flushMs)
    })
    return sending
  }
  const arm = (ms: number) => {
    if (end.signal.aborted || (timer && ms > 0)) return
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), ms).unref()
  }
  return {
    add(span) {
      if (end.signal.aborted || waiting.length >= limits.spansWaiting) {
        dropped++
        return
      }
      waiting.push(span)
      if (!sending) arm(waiting.length === limits.spansPerBatch ? 0 : times.flushMs)
    },
    counts: () => ({ exported, dropped }),
    async close() {
      const late = setTimeout(() => end.abort(), times.closeMs)
      await sending
      while (waiting.length > 0 && !end.signal.aborted) await flush()
      clearTimeout(late)
      end.abort()
      clearTimeout(timer)
      dropped += waiting.splice(0).length
    },
  }
}

/** Returns how many of them the collector did not take. */
async function post(
  { endpoint }: SpanExporterOptions,
  spans: readonly Span[],
  signal: AbortSignal,
): Promise<number> {
  const url = new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`)
  const body = JSON.stringify(requestOf(spans))
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const method = url.protocol === 'https:' ? httpsRequest : httpRequest
    const headers = { 'content-type': 'application/json' }
    const sent: ClientRequest = method(
      url,
      { method: 'POST', headers, agent: false, signal },
      resolve,
    )
    sent.on('error', reject)
    sent.end(body)
  })
  const text = await answerText(answer, { most: ANSWER_CHARACTERS_MAX, from: url.origin })
  const { statusCode = 0 } = answer
  if (statusCode < 200 || statusCode > 299) throw new Error(`it answers with status ${statusCode}`)
  return rejectedIn(text, spans.length)
}

/** `partialSuccess.rejectedSpans` of the answer, which need not be there. */
function rejectedIn(text: string, most: number): number {
  try {
    const { partialSuccess } = JSON.parse(text) as {
      readonly partialSuccess?: { readonly rejectedSpans?: string | number }
    }
    const rejected = Number(partialSuccess?.rejectedSpans ?? 0)
    return Number.isSafeInteger(rejected) ? Math.min(Math.max(0, rejected), most) : 0
  } catch {
    return 0
  }
}

const KINDS = { internal: 1, server: 2 } as const
const STATUS_ERROR = 2

/** An ExportTraceServiceRequest in the JSON mapping of its protocol. */
function requestOf(spans: readonly Span[]): object {
  const resource = { attributes: attributesOf({ 'service.name': 'emrys' }) }
  const scope = { name: 'emrys' }
  return {
    resourceSpans: [{ resource, scopeSpans: [{ scope, spans: spans.map(spanOf) }] }],
  }
}

function spanOf(it: Span): object {
  return {
    traceId: it.traceId,
    spanId: it.spanId,
    ...(it.parentId === undefined ? {} : { parentSpanId: it.parentId }),
    name: it.name,
    kind: KINDS[it.kind],
    startTimeUnixNano: nanoseconds(it.startMs),
    endTimeUnixNano: nanoseconds(it.endMs),
    attributes: attributesOf(it.attributes),
    status: it.problem === undefined ? {} : { code: STATUS_ERROR, message: it.problem },
  }
}

function attributesOf(attributes: Attributes): readonly object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }))
}

function valueOf(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}

/** As text: a number does not hold so many digits. */
function nanoseconds(ms: number): string {
  const whole = Math.floor(ms)
  return `${whole}${String(Math.floor((ms - whole) * 1e6)).padStart(6, '0')}`
}
