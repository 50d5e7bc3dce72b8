/**
 * What a diagnosis looks at, and what it finds on a day: a row for each event, and one for each kind of problem that the engine
 * counted. An item is healthy by the engine's own account of today and by nothing else; where nothing gives one, it has no row.
 * Facts: reference alibaba-starrocks.md 5.3 (Diagnosis Status), 6.10.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import {
  incidentTraits,
  type Incident,
  type IncidentKind,
} from '../../../../domain/cluster/incident.ts'
import { dateOf, type WorkloadDay } from '../../../../domain/cluster/workload.ts'
import { sha256Hex } from '../../../../kernel/digest.ts'
import { eventName } from '../event/event-name.ts'

export const diagnosisStatuses = ['healthy', 'info', 'medium', 'critical'] as const
export type DiagnosisStatus = (typeof diagnosisStatuses)[number]

/** Of tables nothing is found: their buckets are names here, and none can be too large. */
export const dimensions = [
  'table_analysis',
  'node_analysis',
  'instance_analysis',
  'query_analysis',
  'load_analysis',
] as const
export type Dimension = (typeof dimensions)[number]

export interface Finding {
  readonly dimension: Dimension
  readonly id: string
  readonly name: string
  readonly introduction: string
  readonly status: DiagnosisStatus
  readonly description: string
  readonly suggestion: string
  readonly atMs: number
}

export const FULL_SCORE = 10
export const scores: { readonly [status in DiagnosisStatus]: number } = {
  healthy: FULL_SCORE,
  info: 8,
  medium: 5,
  critical: 0,
}

/** All findings of the day, dimension by dimension. */
export function findingsOf(
  cluster: Cluster,
  { date, nowMs }: { readonly date: string; readonly nowMs: number },
): readonly Finding[] {
  const isToday = date === dateOf(nowMs)
  const { state, workload, incidents = [] } = cluster.status
  const events = incidents.filter((each) => isOf(each, date, nowMs))
  const day = workload?.days.find((each) => each.date === date)
  const isSaid = isToday && state === 'running' && workload !== undefined
  return items.flatMap((item) => {
    const found =
      item.kinds === undefined
        ? day && item.count(day) > 0
          ? [countFinding(item, day)]
          : []
        : events.filter(({ kind }) => item.kinds.includes(kind)).map((it) => eventFinding(item, it))
    return found.length > 0 || !isSaid ? found : [healthy(item, nowMs)]
  })
}

/** One that lasts is of every day until it ends. */
function isOf({ kind, atMs, endedMs, restart }: Incident, date: string, nowMs: number): boolean {
  const first = dateOf(atMs)
  if (!incidentTraits[kind].lasts && !restart) return date === first
  return first <= date && date <= dateOf(endedMs ?? nowMs)
}

interface ItemFacts {
  readonly dimension: Dimension
  readonly name: string
  readonly introduction: string
  /** What is said of it when there is nothing. */
  readonly nothing: string
}

interface EventItem extends ItemFacts {
  readonly kinds: readonly IncidentKind[]
}

interface CountItem extends ItemFacts {
  readonly kinds?: undefined
  count(day: WorkloadDay): number
  describe(day: WorkloadDay): string
  readonly suggestion: string
}

const items: readonly (EventItem | CountItem)[] = [
  {
    dimension: 'node_analysis',
    name: 'node_stability',
    introduction: 'Whether the processes of the nodes run without being started again',
    nothing: 'No process ended or stopped answering.',
    kinds: ['node-ended', 'node-unresponsive', 'node-lost'],
  },
  {
    dimension: 'instance_analysis',
    name: 'instance_availability',
    introduction: 'Whether the instance serves, and what was asked of it was done',
    nothing: 'The instance served all the time.',
    kinds: ['impaired', 'change-undone', 'backup-failed', 'stopped'],
  },
  {
    dimension: 'query_analysis',
    name: 'slow_statements',
    introduction: 'Statements that took longer than qe_slow_log_ms',
    nothing: 'No statement was slow.',
    count: ({ slowStatements }) => slowStatements,
    describe: ({ slowStatements, slowestMs, slowest }) =>
      `${slowStatements} slow; the slowest took ${slowestMs} ms: ${slowest}`,
    suggestion: 'Look at the plan of the statement with EXPLAIN.',
  },
  {
    dimension: 'load_analysis',
    name: 'failed_loads',
    introduction: 'Loads that failed',
    nothing: 'No load failed.',
    count: ({ failedLoads }) => failedLoads,
    describe: ({ failedLoads, failedTable }) =>
      `${failedLoads} failed, the last one into ${failedTable}`,
    suggestion: 'Look at the reason in the answer of the load.',
  },
]

function countFinding(item: CountItem, day: WorkloadDay): Finding {
  const { suggestion } = item
  const description = item.describe(day)
  return { ...factsOf(item), status: 'medium', description, suggestion, atMs: day.atMs }
}

/** Its item's id is the event's. */
function eventFinding(item: EventItem, it: Incident): Finding {
  const { id, kind, node, reason, atMs, endedMs } = it
  return {
    ...factsOf(item),
    id,
    name: eventName(kind),
    status: endedMs === undefined ? incidentTraits[kind].level : 'info',
    description: node === undefined ? reason : `${node}: ${reason}`,
    suggestion: suggestionOf(it),
    atMs,
  }
}

function suggestionOf({ id, kind, endedMs, restart }: Incident): string {
  if (endedMs !== undefined) return 'It is over; nothing is to be done.'
  if (restart) return `It is answered by the reboot at ${new Date(restart.atMs).toISOString()}.`
  if (incidentTraits[kind].restart) return `RebootECS with EventId ${id} starts it again.`
  return 'Nothing is to be done but to look at the reason.'
}

function healthy(item: ItemFacts, atMs: number): Finding {
  return { ...factsOf(item), status: 'healthy', description: item.nothing, suggestion: '', atMs }
}

function factsOf({ dimension, name, introduction }: ItemFacts) {
  return { dimension, name, introduction, id: sha256Hex(name).slice(0, 8) }
}
