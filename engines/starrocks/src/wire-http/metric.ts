/**
 * What `/metrics` answers, in Prometheus' text form, under the names that StarRocks' dashboards ask for.
 * reference: StarRocks documentation, "Metrics"; be/src/http/action/stream_load.cpp
 */
import { Counter, Gauge, Registry } from 'prom-client'
import type { Answer } from './exchange.ts'

export interface LoadMetrics {
  began(): void
  ended(what: { readonly bytes: number; readonly ms: number }): void
}

export interface EngineFigures {
  readonly connections: number
  readonly sessions: number
  readonly running: number
  readonly usedBytes: number
  readonly storageBytes: number
  readonly tables: number
}

export interface Metrics {
  readonly stream: LoadMetrics
  readonly transaction: LoadMetrics
  front(): Promise<Answer>
  back(): Promise<Answer>
}

export function metrics(figures: () => Promise<EngineFigures>): Metrics {
  const [front, back] = [new Registry(), new Registry()]
  const stream = loadMetrics(back, 'starrocks_be_streaming_load', 'Stream Load')
  const transaction = loadMetrics(
    back,
    'starrocks_be_transaction_streaming_load',
    'Transaction Stream Load',
  )
  const gauges: readonly [string, string, keyof EngineFigures][] = [
    ['starrocks_fe_connection_total', 'Open MySQL connections', 'connections'],
    ['starrocks_fe_session_total', 'Sessions of the engine', 'sessions'],
    ['starrocks_fe_query_running', 'Statements that run now', 'running'],
    ['starrocks_fe_table_total', 'Tables', 'tables'],
  ]
  const frontGauges = gauges.map(([name, help, figure]) => gauge(front, { name, help, figure }))
  const backGauges = [
    gauge(back, {
      name: 'starrocks_be_disks_data_used_capacity',
      help: 'Bytes of data on disk',
      figure: 'usedBytes',
    }),
    gauge(back, {
      name: 'starrocks_be_disks_total_capacity',
      help: 'Bytes that the instance may hold',
      figure: 'storageBytes',
    }),
  ]
  const render = async (registry: Registry, all: readonly FigureGauge[]): Promise<Answer> => {
    const now = await figures()
    for (const { gauge: one, figure } of all) one.set(now[figure])
    return { status: 200, type: registry.contentType, text: await registry.metrics() }
  }
  processGauges(front)
  processGauges(back)
  return {
    stream,
    transaction,
    front: () => render(front, frontGauges),
    back: () => render(back, backGauges),
  }
}

interface FigureGauge {
  readonly gauge: Gauge
  readonly figure: keyof EngineFigures
}

function gauge(
  registry: Registry,
  what: { readonly name: string; readonly help: string; readonly figure: keyof EngineFigures },
): FigureGauge {
  const { name, help, figure } = what
  return { gauge: new Gauge({ name, help, registers: [registry] }), figure }
}

function loadMetrics(registry: Registry, prefix: string, what: string): LoadMetrics {
  const registers = [registry]
  const requests = new Counter({
    name: `${prefix}_requests_total`,
    help: `${what} requests`,
    registers,
  })
  const bytes = new Counter({ name: `${prefix}_bytes`, help: `${what} bytes`, registers })
  const duration = new Counter({
    name: `${prefix}_duration_ms`,
    help: `${what} time in ms`,
    registers,
  })
  const current = new Gauge({
    name: `${prefix}_current_processing`,
    help: `${what} requests that run now`,
    registers,
  })
  return {
    began: () => current.inc(),
    ended(load) {
      current.dec()
      requests.inc()
      bytes.inc(load.bytes)
      duration.inc(load.ms)
    },
  }
}

/** Both ports are one process; each says so for itself. */
function processGauges(registry: Registry): void {
  const registers = [registry]
  const resident: Gauge = new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the process',
    registers,
    collect: () => resident.set(process.memoryUsage.rss()),
  })
  const cpu: Gauge = new Gauge({
    name: 'process_cpu_seconds_total',
    help: 'User and system time of the process',
    registers,
    collect() {
      const { user, system } = process.cpuUsage()
      cpu.set((user + system) / 1e6)
    },
  })
}
