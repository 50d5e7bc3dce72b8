/**
 * Composition root, its part for traces: what is put around the gateway, the store, the substrates and the reconcilers where the
 * setting `tracing.endpoint` asks for it. Without it none of this is there, and the exporter is not loaded.
 */
import type { SpanExporter } from '../adapter/otlp/exporter.ts'
import type { Config } from '../config/config.ts'
import type { Operation } from '../domain/operation.ts'
import type { Gateway, Handled } from '../gateway/gateway.ts'
import { headerOf } from '../gateway/signed-request.ts'
import { openOperations } from '../journal/history.ts'
import type { Logger } from '../kernel/log.ts'
import {
  describeSpan,
  inSpan,
  ofThisSpan,
  outsideSpans,
  parentIn,
  traced,
  wallMs,
  type SpanSink,
} from '../kernel/trace.ts'
import type { Reconciler } from '../reconcile/loop.ts'
import type { Store } from '../store/port.ts'
import type { Substrate } from '../substrate/port.ts'

export interface Tracing {
  readonly counts: SpanExporter['counts']
  gateway(gate: Gateway): Gateway
  store(store: Store): Store
  substrate(substrate: Substrate): Substrate
  /** `store` without spans: looking for what a step belongs to is no part of it. */
  reconciler(store: Store, reconciler: Reconciler): Reconciler
  close(): Promise<void>
}

export async function tracingOf({ tracing }: Config, log: Logger): Promise<Tracing | undefined> {
  if (!tracing) return undefined
  const { spanExporter } = await import('../adapter/otlp/exporter.ts')
  const exporter = spanExporter({ ...tracing, log: log.child({ part: 'tracing' }) })
  return {
    counts: exporter.counts,
    gateway: (gate) => tracedGateway(gate, exporter),
    store: tracedStore,
    substrate: tracedSubstrate,
    reconciler: (store, reconciler) => tracedReconciler(reconciler, { store, sink: exporter }),
    close: exporter.close,
  }
}

/** A client that says that it records nothing is believed. */
function tracedGateway(gate: Gateway, sink: SpanSink): Gateway {
  return {
    ...gate,
    handle(dialect, request, known) {
      const parent = parentIn(headerOf(request, 'traceparent'))
      const handle = () => gate.handle(dialect, request, known)
      if (parent?.sampled === false) return handle()
      return traced(sink, { name: 'request', kind: 'server', parent }, handle)
    },
  }
}

/** Called in the span of the request that was handled. */
export function describeRequest({ dialect, action, outcome, requestId, region }: Handled): void {
  describeSpan({
    ...(action === '' ? {} : { name: action }),
    attributes: {
      'emrys.dialect': dialect,
      'emrys.action': action,
      'emrys.outcome': outcome,
      ...(requestId === undefined ? {} : { 'emrys.request_id': requestId }),
      ...(region === undefined || region === '' ? {} : { 'emrys.region': region }),
    },
    // What a client did wrong is no failure of the server.
    problem: outcome === 'bug' ? 'internal error' : undefined,
  })
}

/** Transactions share a commit, so that the work of one may be run by another one's. */
function tracedStore(store: Store): Store {
  return {
    ...store,
    write: (work) => inSpan('transaction', {}, () => store.write(ofThisSpan(work))),
    onEnqueue: (listener) => store.onEnqueue((dueMs) => outsideSpans(() => listener(dueMs))),
  }
}

function tracedSubstrate(substrate: Substrate): Substrate {
  const attributes = { 'emrys.substrate': substrate.name }
  const { drain, run } = substrate
  return {
    ...substrate,
    apply: (wanted) => inSpan('apply', attributes, () => substrate.apply(wanted)),
    remove: (id) => inSpan('remove', attributes, () => substrate.remove(id)),
    ...(drain && { drain: (...it) => inSpan('drain', attributes, () => drain(...it)) }),
    ...(run && { run: (...it) => inSpan('run script', attributes, () => run(...it)) }),
  }
}

interface StepParts {
  readonly store: Store
  readonly sink: SpanSink
}

/**
 * A step belongs to the oldest operation of its cluster that continues and was asked for in a trace, which is kept with it: so a trace continues
 * when another process takes the change up.
 */
function tracedReconciler(reconciler: Reconciler, { store, sink }: StepParts): Reconciler {
  if (reconciler.kind !== 'cluster') return reconciler
  return {
    ...reconciler,
    async reconcile(id, complete) {
      const open = await tracedOperations(store, id)
      const [first] = open
      if (!first?.span) return reconciler.reconcile(id, complete)
      const { traceId, id: spanId } = first.span
      const attributes = { 'emrys.cluster': id, 'emrys.operation': first.id }
      const outcome = await traced(
        sink,
        { name: 'step', parent: { traceId, spanId }, attributes, onlyAround: true },
        () => reconciler.reconcile(id, complete),
      )
      await addEnded(open, { store, sink })
      return outcome
    },
  }
}

async function tracedOperations(store: Store, id: string): Promise<readonly Operation[]> {
  return store.read(async (tx) => {
    const found = await tx.findById('cluster', id)
    const open = found ? await openOperations(tx, found.document) : []
    return open.map(({ document }) => document).filter(({ span }) => span !== undefined)
  })
}

/** The span of a change, from its request to its end. It was named when it was asked for; the steps below it know that name. */
async function addEnded(open: readonly Operation[], { store, sink }: StepParts): Promise<void> {
  const endMs = wallMs()
  for (const { id } of open) {
    const now = (await store.read((tx) => tx.findById('operation', id)))?.document
    if (!now?.span || now.status === 'running') continue
    const { traceId, parentId, id: spanId, startMs } = now.span
    sink.add({
      name: `change ${now.verb}`,
      kind: 'internal',
      traceId,
      parentId,
      spanId,
      startMs,
      endMs,
      attributes: { 'emrys.cluster': now.cluster, 'emrys.operation': id, 'emrys.verb': now.verb },
      ...(now.status === 'failed' ? { problem: 'it was not completed' } : {}),
    })
  }
}
