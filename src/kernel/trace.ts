/**
 * Spans: what was done for whom, how long it took, and below what (W3C Trace Context). A span runs in the asynchronous context of its
 * work, so that what it calls needs not be handed anything; where none runs, nothing is recorded and `inSpan` is its work alone.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'

export type Attributes = Readonly<Record<string, string | number | boolean>>

export interface Span {
  readonly name: string
  readonly kind: 'server' | 'internal'
  /** 32 and 16 hexadecimal digits. */
  readonly traceId: string
  readonly spanId: string
  readonly parentId?: string
  /** Of the machine's time, with fractions. */
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Attributes
  /** Why it failed, in a word; absent where it did not. */
  readonly problem?: string
}

/** Takes what has ended; it neither waits nor throws. */
export interface SpanSink {
  add(span: Span): void
}

export interface Parent {
  readonly traceId: string
  readonly spanId: string
}

interface Running extends Parent {
  readonly sink: SpanSink
  readonly attributes: Record<string, string | number | boolean>
  name: string
  problem?: string
  children: number
}

export interface SpanStart {
  readonly name: string
  readonly kind?: Span['kind']
  /** Without one it begins a trace. */
  readonly parent?: Parent | undefined
  readonly attributes?: Attributes
  /** Not recorded unless something below it was: a look that did nothing. */
  readonly onlyAround?: true
}

const running = new AsyncLocalStorage<Running>()

export function currentSpan(): Parent | undefined {
  return running.getStore()
}

/** What is known of the running span only now. */
export function describeSpan(more: {
  readonly name?: string
  readonly attributes?: Attributes
  readonly problem?: string | undefined
}): void {
  const span = running.getStore()
  if (!span) return
  Object.assign(span.attributes, more.attributes)
  if (more.name !== undefined) span.name = more.name
  if (more.problem !== undefined) span.problem = more.problem
}

/** Runs the work in a span below the running one; where none runs, alone. */
export function inSpan<T>(
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
): Promise<T> {
  const parent = running.getStore()
  return parent ? traced(parent.sink, { name, attributes, parent }, work) : work()
}

/** Runs the work in a span, wherever it is called. */
export async function traced<T>(
  sink: SpanSink,
  { name, kind = 'internal', parent, attributes, onlyAround }: SpanStart,
  work: () => Promise<T>,
): Promise<T> {
  const above = running.getStore()
  const span: Running = {
    sink,
    name,
    traceId: parent?.traceId ?? randomDigits(16),
    spanId: newSpanId(),
    attributes: { ...attributes },
    children: 0,
  }
  const startMs = wallMs()
  try {
    return await running.run(span, work)
  } catch (problem) {
    span.problem ??= problem instanceof Error ? problem.name : 'Error'
    throw problem
  } finally {
    if (!onlyAround || span.children > 0) {
      if (above) above.children++
      const { spanId, traceId, problem } = span
      const below = parent ? { parentId: parent.spanId } : {}
      const failed = problem === undefined ? {} : { problem }
      const ended = { kind, traceId, spanId, ...below, startMs, endMs: wallMs(), ...failed }
      sink.add({ name: span.name, attributes: span.attributes, ...ended })
    }
  }
}

/** The work runs in the span of now, whoever calls it: for what waits in a queue with that of others. */
export function ofThisSpan<F extends (...args: never[]) => unknown>(work: F): F {
  return running.getStore() ? AsyncLocalStorage.bind(work) : work
}

/** What is set off by work, and is no part of it. */
export function outsideSpans(work: () => void): void {
  running.exit(work)
}

export function newSpanId(): string {
  return randomDigits(8)
}

/** The machine's time to a fraction of a millisecond, which does not turn back. */
export function wallMs(): number {
  return performance.timeOrigin + performance.now()
}

/** The header `traceparent` of a client; undefined where it is none, which is as if there was none. */
export function parentIn(
  header: string | undefined,
): (Parent & { readonly sampled: boolean }) | undefined {
  const found = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/.exec(
    header ?? '',
  )
  const [, traceId = '', spanId = '', flags = ''] = found ?? []
  if (!/[1-9a-f]/.test(traceId) || !/[1-9a-f]/.test(spanId)) return undefined
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

function randomDigits(bytes: number): string {
  return randomBytes(bytes).toString('hex')
}
