/** The server's own figures, in Prometheus' library. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Handled } from '../gateway/gateway.ts'
import type { Metrics, MetricsOptions } from './metric.ts'

export type Counted = Pick<Handled, 'dialect' | 'action' | 'outcome' | 'ms'>

export interface MetricRegistry extends Pick<Metrics, 'render'> {
  count(counted: Counted): void
}

export function metricRegistry({ store, loop, spans }: MetricsOptions): MetricRegistry {
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
    count({ dialect, action, outcome, ms }) {
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
