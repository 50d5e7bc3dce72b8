/**
 * Counts and times of what the server did, in Prometheus' text form at `/_emrys/metrics`; beside them the figures of each engine on
 * this machine. No label of the server's own holds an id or a name; those of engines have the cluster's id, of which there are few.
 * The library that counts (metric-registry.ts) is loaded when the page is first asked for, or when much waits to be counted.
 */
import type { Store } from '../store/port.ts'
import type { Handled } from '../gateway/gateway.ts'
import type { AdminContext } from './context.ts'
import { withEngines } from './engine-metric.ts'
import type { Counted, MetricRegistry } from './metric-registry.ts'
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

/** So much is counted in a row, all of it when the page is asked for: between others' code the library's would be loaded again for each. */
const WAITING_MAX = 100

export function createMetrics(options: MetricsOptions): Metrics {
  let waiting: Counted[] = []
  let loading: Promise<MetricRegistry> | undefined
  const counted = async (): Promise<MetricRegistry> => {
    const registry = await (loading ??= import('./metric-registry.ts').then((it) =>
      it.metricRegistry(options),
    ))
    const counting = waiting
    waiting = []
    for (const each of counting) registry.count(each)
    return registry
  }
  return {
    handled({ dialect, action, outcome, ms }) {
      if (waiting.push({ dialect, action, outcome, ms }) === WAITING_MAX) void counted()
    },
    render: async () => (await counted()).render(),
  }
}
