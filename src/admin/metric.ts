/**
 * Counts and times of what the server did, in Prometheus' text form at `/_emrys/metrics`; beside them the figures of each engine on
 * this machine. No label of the server's own holds an id or a name; those of engines have the cluster's id, of which there are few.
 * The library that counts (metric-registry.ts) is loaded when the page is first asked for, or when much was counted.
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

/** So much waits to be counted until the library is loaded; a megabyte at most. */
const EARLY_MAX = 5_000

export function createMetrics(options: MetricsOptions): Metrics {
  const early: Counted[] = []
  let loading: Promise<MetricRegistry> | undefined
  let loaded: MetricRegistry | undefined
  const load = () =>
    (loading ??= import('./metric-registry.ts').then(({ metricRegistry }) => {
      loaded = metricRegistry(options)
      for (const each of early.splice(0)) loaded.count(each)
      return loaded
    }))
  return {
    handled({ dialect, action, outcome, ms }) {
      const counted = { dialect, action, outcome, ms }
      if (loaded) return loaded.count(counted)
      if (early.push(counted) >= EARLY_MAX) void load()
    },
    render: async () => (await load()).render(),
  }
}
