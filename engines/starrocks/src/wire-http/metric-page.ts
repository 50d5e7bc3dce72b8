/** The pages that metric.ts answers, by prom-client. Loaded by whom asks for one first. */
import { Counter, Gauge, Registry } from 'prom-client'
import type { Answer } from './exchange.ts'
import type { EngineFigures, LoadFigures, Metrics } from './metric.ts'

export interface PageSources {
  readonly stream: LoadFigures
  readonly transaction: LoadFigures
  figures(): Promise<EngineFigures>
}

export function metricPages({
  stream,
  transaction,
  figures,
}: PageSources): Pick<Metrics, 'front' | 'back'> {
  const [front, back] = [new Registry(), new Registry()]
  loadPage(back, { prefix: 'starrocks_be_streaming_load', what: 'Stream Load', figures: stream })
  loadPage(back, {
    prefix: 'starrocks_be_transaction_streaming_load',
    what: 'Transaction Stream Load',
    figures: transaction,
  })
  const gauges: readonly [string, string, keyof EngineFigures][] = [
    ['starrocks_fe_connection_total', 'Open MySQL connections', 'connections'],
    ['starrocks_fe_session_total', 'Sessions of the engine', 'sessions'],
    ['starrocks_fe_query_running', 'Statements that run now', 'running'],
    ['starrocks_fe_table_total', 'Tables', 'tables'],
  ]
  let statements = 0
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
    statements = now.statements
    for (const { gauge: one, figure } of all) one.set(now[figure])
    return { status: 200, type: registry.contentType, text: await registry.metrics() }
  }
  statementCounter(front, () => statements)
  processGauges(front)
  processGauges(back)
  return {
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

function loadPage(
  registry: Registry,
  page: { readonly prefix: string; readonly what: string; readonly figures: LoadFigures },
): void {
  const { prefix, what, figures } = page
  const registers = [registry]
  const counter = (name: string, help: string, figure: keyof LoadFigures) => {
    const one: Counter = new Counter({
      name: `${prefix}_${name}`,
      help: `${what} ${help}`,
      registers,
      collect() {
        one.reset()
        one.inc(figures[figure])
      },
    })
  }
  counter('requests_total', 'requests', 'requests')
  counter('bytes', 'bytes', 'bytes')
  counter('duration_ms', 'time in ms', 'durationMs')
  const current: Gauge = new Gauge({
    name: `${prefix}_current_processing`,
    help: `${what} requests that run now`,
    registers,
    collect: () => current.set(figures.current),
  })
}

function statementCounter(registry: Registry, count: () => number): void {
  const one: Counter = new Counter({
    name: 'starrocks_fe_query_total',
    help: 'Statements that ended',
    registers: [registry],
    collect() {
      one.reset()
      one.inc(count())
    },
  })
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
