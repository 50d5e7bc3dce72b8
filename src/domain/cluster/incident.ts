/**
 * What happened to a cluster without being asked for. The kinds stand here once: what records incidents takes them from here, and so
 * does what lists them. A cluster's status keeps the latest. Pure.
 */
import { sha256Hex } from '../../kernel/digest.ts'

export type IncidentKind =
  | 'node-ended'
  | 'node-unresponsive'
  | 'node-lost'
  | 'impaired'
  | 'change-undone'
  | 'backup-failed'
  | 'stopped'

export interface IncidentTraits {
  /** How much it matters while it is open. */
  readonly level: 'critical' | 'medium'
  /** Its node is started again on request: what ended by itself once may do so for the same reason. */
  readonly restart: boolean
  /** It continues until something ends it; any other is over with its moment. */
  readonly lasts: boolean
}

const moment: IncidentTraits = { level: 'medium', restart: false, lasts: false }

export const incidentTraits: { readonly [kind in IncidentKind]: IncidentTraits } = {
  'node-ended': { ...moment, restart: true },
  'node-unresponsive': { ...moment, restart: true },
  'node-lost': { ...moment, level: 'critical', lasts: true },
  impaired: { ...moment, level: 'critical', lasts: true },
  'change-undone': moment,
  'backup-failed': moment,
  stopped: { ...moment, lasts: true },
}

export const incidentKinds = Object.keys(incidentTraits) as readonly IncidentKind[]

export interface Incident {
  readonly id: string
  readonly kind: IncidentKind
  /** Its node; absent for one of the whole cluster. */
  readonly node?: string
  readonly reason: string
  readonly atMs: number
  /** When it was over, or answered by a restart; absent while it is open. */
  readonly endedMs?: number
  /** The restart that it was given, until it begins. */
  readonly restart?: PlannedRestart
}

export interface PlannedRestart {
  readonly atMs: number
  /** Who asked for it. */
  readonly by: string
}

export type NewIncident = Pick<Incident, 'kind' | 'node' | 'reason' | 'atMs'>

export type Incidents = readonly Incident[] | undefined

/** Far more than a cluster has in a month, and a few kilobytes of its document. */
const INCIDENTS_MAX = 100
const REASON_MAX = 300

/** Oldest first; the same list when it is known already, or older than all that are kept. */
export function withIncident(was: Incidents, cluster: string, it: NewIncident): Incidents {
  const known = was ?? []
  const id = idOf(cluster, it)
  if (known.some((each) => each.id === id)) return was
  const next = [...known, { ...it, id, reason: it.reason.slice(0, REASON_MAX) }].sort(
    (one, other) => one.atMs - other.atMs,
  )
  if (next.length <= INCIDENTS_MAX) return next
  // What was promised is kept.
  const dropped = next.find(({ restart }) => restart === undefined)
  return dropped?.id === id ? was : next.filter((each) => each !== dropped)
}

/** The same incident has the same id, however often it is reported. */
function idOf(cluster: string, { kind, node = '', atMs }: NewIncident): string {
  return `e-${sha256Hex(`${cluster} ${kind} ${node} ${atMs}`).slice(0, 16)}`
}

/** The same list when none is met. */
export function endIncidents(
  was: Incidents,
  isMet: (incident: Incident) => boolean,
  nowMs: number,
): Incidents {
  const ends = (each: Incident) => each.endedMs === undefined && isMet(each)
  if (!was?.some(ends)) return was
  return was.map((each) => {
    if (!ends(each)) return each
    const { restart: _planned, ...rest } = each
    return { ...rest, endedMs: nowMs }
  })
}

/** With this restart, or without one. */
export function planRestart(
  was: Incidents,
  id: string,
  planned: PlannedRestart | undefined,
): Incidents {
  return was?.map((each) => {
    if (each.id !== id) return each
    const { restart: _before, ...rest } = each
    return planned ? { ...rest, restart: planned } : rest
  })
}

/** The one whose restart comes first. */
export function nextPlanned(
  incidents: Incidents,
): (Incident & { readonly restart: PlannedRestart }) | undefined {
  const planned = (incidents ?? []).flatMap((each) =>
    each.restart ? [{ ...each, restart: each.restart }] : [],
  )
  return planned.sort((one, other) => one.restart.atMs - other.restart.atMs)[0]
}
