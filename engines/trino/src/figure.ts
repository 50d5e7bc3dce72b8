/** Figures of a node of Trino in Prometheus' text form, of a fixed set: by what it says of itself to the others. */
import type { DaemonPlan } from '../../../src/substrate/local/service.ts'
import { addressOf } from './node.ts'
import { getJson } from './rest.ts'

interface Status {
  readonly heapUsed?: number
  readonly heapAvailable?: number
  readonly nonHeapUsed?: number
  readonly processCpuLoad?: number
  readonly memoryInfo?: {
    readonly pool?: { readonly maxBytes?: number; readonly reservedBytes?: number }
  }
}

export async function figuresOf(plan: DaemonPlan): Promise<string> {
  const status = (await getJson(addressOf(plan), '/v1/status')) as Status
  const { pool } = status.memoryInfo ?? {}
  const figures: Readonly<Record<string, number | undefined>> = {
    trino_heap_used_bytes: status.heapUsed,
    trino_heap_max_bytes: status.heapAvailable,
    trino_non_heap_used_bytes: status.nonHeapUsed,
    trino_query_memory_max_bytes: pool?.maxBytes,
    trino_query_memory_reserved_bytes: pool?.reservedBytes,
    trino_process_cpu_load: status.processCpuLoad,
  }
  return Object.entries(figures)
    .flatMap(([name, value]) =>
      typeof value === 'number' ? [`# TYPE ${name} gauge\n${name} ${value}\n`] : [],
    )
    .join('')
}
