/** Figures of Hadoop's daemons in Prometheus' text form, of a fixed set: by their beans, as they have them. */
import type { DaemonPlan } from '../../../src/substrate/local/service.ts'
import { bean } from './site.ts'

type Attributes = Readonly<Record<string, unknown>>

/** Of an attribute of a bean: its name there, and ours. */
type Figures = readonly (readonly [attribute: string, name: string, type: 'gauge' | 'counter'])[]

const JVM: Figures = [
  ['MemHeapUsedM', 'hadoop_heap_used_mib', 'gauge'],
  ['MemHeapMaxM', 'hadoop_heap_max_mib', 'gauge'],
  ['GcTimeMillis', 'hadoop_gc_ms_total', 'counter'],
  ['LogError', 'hadoop_log_errors_total', 'counter'],
]

export const fileSystemFigures: Figures = [
  ['CapacityTotal', 'hdfs_capacity_bytes', 'gauge'],
  ['CapacityUsed', 'hdfs_used_bytes', 'gauge'],
  ['CapacityRemaining', 'hdfs_remaining_bytes', 'gauge'],
  ['FilesTotal', 'hdfs_files', 'gauge'],
  ['BlocksTotal', 'hdfs_blocks', 'gauge'],
  ['MissingBlocks', 'hdfs_missing_blocks', 'gauge'],
  ['UnderReplicatedBlocks', 'hdfs_under_replicated_blocks', 'gauge'],
]

export const queueFigures: Figures = [
  ['AppsRunning', 'yarn_applications_running', 'gauge'],
  ['AppsPending', 'yarn_applications_pending', 'gauge'],
  ['AllocatedMB', 'yarn_memory_allocated_mib', 'gauge'],
  ['AvailableMB', 'yarn_memory_available_mib', 'gauge'],
  ['PendingMB', 'yarn_memory_pending_mib', 'gauge'],
  ['PendingContainers', 'yarn_containers_pending', 'gauge'],
]

export interface FigureSource {
  /** The daemon's name among its beans: `NameNode`. */
  readonly service: string
  /** Which of its ports speaks HTTP. */
  readonly port: number
  readonly more?: { readonly bean: string; readonly figures: Figures }
}

export function figuresOf({ service, port: at, more }: FigureSource) {
  return async ({ host, ports }: DaemonPlan): Promise<string> => {
    const port = ports[at] ?? 0
    const jvm = await bean(host, port, `Hadoop:service=${service},name=JvmMetrics`)
    if (!more) return textOf(JVM, jvm)
    const own = await bean(host, port, `Hadoop:service=${service},${more.bean}`)
    return textOf(JVM, jvm) + textOf(more.figures, own)
  }
}

function textOf(figures: Figures, attributes: Attributes): string {
  return figures
    .flatMap(([attribute, name, type]) => {
      const value = attributes[attribute]
      return typeof value === 'number' ? [`# TYPE ${name} ${type}\n${name} ${value}\n`] : []
    })
    .join('')
}
