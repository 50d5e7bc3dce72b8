/**
 * Counts and times of what the server did, in Prometheus' text form at `/_emrys/metrics`; beside them the figures of each engine on
 * this machine. No label of the server's own holds an id or a name; those of engines have the cluster's id, of which there are few.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Store } from '../store/port.ts'
import type { Handled } from '../gateway/gateway.ts'
import type { AdminContext } from './context.ts'
import { withEngines } from './engine-metric.ts'
import type { Page } from './page.ts'

export interface Metrics {
  handled(handled: Handled): void
  render(): Promise<{ contentType: string; text: string }>
}

export interface MetricsOptions {
  readonly store: Store
  /** Where the server records traces. */
  readonly spans?: (() => { readonly exported: number; readonly dropped: number }) | undefined
  readonly loop: { counts(): { reconciled: number; failed: number; swept: number; lost: number } }
}

export function metricsPage({
  metrics,
  engineFigures,
}: Pick<AdminContext, 'metrics' | 'engineFigures'>): Page {
  return {
    method: 'GET',
    path: '/_emrys/metrics',
    does: "counts and times, and the figures of engines on this machine, in Prometheus' text form",
    open: true,
    async run() {
      const [{ contentType, text }, engines] = await Promise.all([
        metrics.render(),
        engineFigures(),
      ])
      const body = withEngines(text, engines)
      return { status: 200, headers: { 'content-type': contentType }, body }
    },
  }
}

export function createMetrics({ store, loop, spans }: MetricsOptions): Metrics {
  const registers = [new Registry()]
  const requests = new Counter({
    name: 'emrys_requests_total',
    help: 'Requests answered, by dialect, action and outcome.',
    labelNames: ['dialect', 'action', 'outcome'],
    registers,
  })
  const seconds = new Histogram({
    name: 'emrys_request_seconds',
    help: 'Time from the whole request to its answer.',
    labelNames: ['dialect'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    registers,
  })
  const steps = new Gauge({
    name: 'emrys_reconcile_steps',
    help: 'Reconcile steps taken since start.',
    labelNames: ['outcome'],
    registers,
  })
  const held = new Gauge({
    name: 'emrys_clusters',
    help: 'Clusters by product and state.',
    labelNames: ['product', 'state'],
    registers,
  })
  const memory = new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the server.',
    registers,
  })
  const sent =
    spans &&
    new Gauge({
      name: 'emrys_spans',
      help: 'Spans of traces since start, by what became of them: exported or dropped.',
      labelNames: ['outcome'],
      registers,
    })
  return {
    handled({ dialect, action, outcome, ms }) {
      requests.inc({ dialect, action, outcome })
      seconds.observe({ dialect }, ms / 1000)
    },
    async render() {
      const { reconciled, failed, swept, lost } = loop.counts()
      steps.set({ outcome: 'all' }, reconciled)
      steps.set({ outcome: 'failed' }, failed)
      steps.set({ outcome: 'swept' }, swept)
      steps.set({ outcome: 'lost' }, lost)
      for (const [outcome, count] of Object.entries(spans?.() ?? {})) sent?.set({ outcome }, count)
      memory.set(process.memoryUsage.rss())
      held.reset()
      const tally = await store.read((tx) => tx.tally('cluster'))
      for (const { product, state, count } of tally) held.set({ product, state }, count)
      return { contentType: registers[0]!.contentType, text: await registers[0]!.metrics() }
    },
  }
}
