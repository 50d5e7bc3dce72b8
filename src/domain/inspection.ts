/**
 * Inspections of a cluster: what is known of its nodes, its daemons and its scaling strategies is written down when somebody asks for it,
 * or at times of the calendar. What nobody here measures is said to be unknown, never to be good. Pure.
 */
import { nodeStatus, type Cluster } from './cluster/cluster.ts'
import { daemonsOf, isSameDaemon } from './cluster/daemon.ts'
import { nodesOf } from './cluster/node-group.ts'
import type { Operation } from './operation.ts'
import { nextOccurrence, type Recurrence } from './recurrence.ts'

/** What can be known; `unmeasured` for all else that clients name. */
export type InspectionCheck = 'nodes' | 'daemons' | 'strategies' | 'unmeasured'

export interface InspectionTask {
  /** Its client's word for it. */
  readonly name: string
  readonly check: InspectionCheck
}

export interface InspectionFinding {
  readonly task: string
  readonly outcome: 'good' | 'bad' | 'unknown'
  /** One sentence each, of what is bad. */
  readonly details: readonly string[]
}

export interface InspectionReport {
  readonly number: number
  readonly atMs: number
  /** Absent while it is being made. */
  readonly findings?: readonly InspectionFinding[]
}

export interface Inspection {
  readonly id: string
  /** By which clients name it. */
  readonly number: number
  readonly account: string
  readonly cluster: string
  readonly tasks: readonly InspectionTask[]
  /** Absent for one that is made once, at once. */
  readonly at?: Recurrence
  /** Of one that repeats: never before, never after. Of one that is made once: what it looks back at. */
  readonly fromMs?: number
  readonly untilMs?: number
  readonly createdMs: number
  /** Its times are behind it up to this one. */
  readonly seenMs: number
  /** The latest, the oldest first. */
  readonly reports: readonly InspectionReport[]
}

/** The next time of one that repeats; undefined when there is none. */
export function nextInspectionMs(it: Inspection): number | undefined {
  const { at, fromMs = 0, untilMs = Infinity, tasks } = it
  if (!at || tasks.length === 0) return undefined
  const nextMs = nextOccurrence(at, Math.max(it.seenMs, fromMs - 1))
  return nextMs === undefined || nextMs > untilMs ? undefined : nextMs
}

/** Whether there is a report to come. */
export function isOpen(it: Inspection): boolean {
  const waiting = it.reports.some(({ findings }) => findings === undefined)
  return waiting || nextInspectionMs(it) !== undefined
}

/** What its next report looks back at: the time since the one before, or since it was asked for. */
export function periodOf(it: Inspection, nowMs: number) {
  if (!it.at) return { fromMs: it.fromMs ?? it.createdMs, untilMs: it.untilMs ?? nowMs }
  const [last] = it.reports.slice(-1)
  return { fromMs: last?.atMs ?? it.createdMs, untilMs: nowMs }
}

export interface InspectionInput {
  readonly cluster: Cluster
  /** Of scaling strategies, of the period. */
  readonly failed: readonly Operation[]
}

export function findingsOf(
  tasks: readonly InspectionTask[],
  input: InspectionInput,
): readonly InspectionFinding[] {
  return tasks.map(({ name, check }): InspectionFinding => {
    if (check === 'unmeasured') return { task: name, outcome: 'unknown', details: [] }
    const details = detailsOf(check, input).slice(0, DETAILS_MAX)
    return { task: name, outcome: details.length === 0 ? 'good' : 'bad', details }
  })
}

/** Of one task; more of the same tell nothing new. */
const DETAILS_MAX = 20

function detailsOf(
  check: Exclude<InspectionCheck, 'unmeasured'>,
  { cluster, failed }: InspectionInput,
): readonly string[] {
  switch (check) {
    case 'nodes':
      return badNodes(cluster)
    case 'daemons':
      return badDaemons(cluster)
    case 'strategies':
      return failed.map(({ detail = 'it failed', cause }) => `${cause?.strategy ?? ''}: ${detail}`)
  }
}

function badNodes(cluster: Cluster): readonly string[] {
  return nodesOf(cluster.spec.groups)
    .filter((node) => !nodeStatus(cluster, node).ready)
    .map(({ name, id }) => `${name} (${id}) does not serve`)
}

/** Those that shall run and do not; one in maintenance is left alone. */
function badDaemons(cluster: Cluster): readonly string[] {
  return cluster.spec.groups.flatMap((group) =>
    group.nodes.flatMap((node) => {
      const wanted = daemonsOf(cluster.spec, group, node) ?? []
      const { daemons: seen = [] } = nodeStatus(cluster, node)
      return wanted.flatMap((daemon) => {
        const { service, name, running, maintenance } = daemon
        const found = seen.find((each) => isSameDaemon(each, daemon))
        const isBad = running && maintenance === undefined && found && found.state !== 'running'
        return isBad ? [`${service} ${name} on ${node.name} is ${found.state}`] : []
      })
    }),
  )
}
