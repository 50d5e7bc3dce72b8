/**
 * What is due of a cluster by the calendar in the weeks to come: nodes that come and go by scaling rules and strategies, and backups. Who may
 * read the rules by the vendor's actions sees them here.
 */
import type { Cluster } from '../domain/cluster/cluster.ts'
import { nextOccurrence, type Recurrence } from '../domain/recurrence.ts'
import type { ScalingRule } from '../domain/scaling-rule.ts'
import { nextTimeMs, type ScalingStrategy } from '../domain/scaling-strategy.ts'
import { limits } from '../limits.ts'
import type { Reader } from '../store/port.ts'
import type { Viewer } from './viewer.ts'

const DAY_MS = 86_400_000
const DAYS = 14
/** Of one plan; what recurs each day has two a day. */
const EVENTS_MAX = 2 * DAYS + 2

export interface CalendarEvent {
  readonly atMs: number
  /** How many come, or go; null where it is not counted in nodes. */
  readonly nodes: number | null
}

export interface Plan {
  readonly id: string
  readonly kind: 'rule' | 'strategy' | 'backup'
  readonly name: string
  /** The node group that it is about; null for the whole cluster. */
  readonly group: string | null
  /** Whether it does anything now: a strategy may rest. */
  readonly enabled: boolean
  readonly events: readonly CalendarEvent[]
}

export async function calendarOf(
  tx: Reader,
  viewer: Viewer,
  { cluster, nowMs }: { readonly cluster: Cluster; readonly nowMs: number },
) {
  const untilMs = nowMs + DAYS * DAY_MS
  const seesScaling = viewer.may('scaling', cluster)
  const plans = [
    ...(seesScaling ? await scalingPlans(tx, cluster, { nowMs, untilMs }) : []),
    ...(viewer.may('backupPolicies', cluster)
      ? await backupPlans(tx, cluster, { nowMs, untilMs })
      : []),
  ]
  return { fromMs: nowMs, untilMs, denied: !seesScaling, plans }
}

interface Span {
  readonly nowMs: number
  readonly untilMs: number
}

async function scalingPlans(tx: Reader, cluster: Cluster, span: Span): Promise<readonly Plan[]> {
  const { account, id } = cluster
  const listing = { account, order: 'oldest', limit: limits.pageSize, offset: 0 } as const
  const plans: Plan[] = []
  for (const group of cluster.spec.groups) {
    const { rows } = await tx.list('scalingRule', { ...listing, parent: group.id })
    for (const { document } of rows)
      if (!document.removed && !document.over) plans.push(planOfRule(document, span))
  }
  const { rows } = await tx.list('scalingStrategy', { ...listing, parent: id })
  for (const { document } of rows)
    if (document.at && !document.removed) plans.push(planOfStrategy(document, span))
  return plans
}

function planOfRule(rule: ScalingRule, span: Span): Plan {
  const events = [
    ...timesOf(rule.out, span).map((atMs) => ({ atMs, nodes: rule.nodes })),
    ...timesOf(rule.in, span).map((atMs) => ({ atMs, nodes: -rule.nodes })),
  ].toSorted((one, other) => one.atMs - other.atMs)
  const { id, name, group } = rule
  return { id, kind: 'rule', name, group, enabled: true, events }
}

function planOfStrategy(strategy: ScalingStrategy, { nowMs, untilMs }: Span): Plan {
  const { id, name, enabled, direction, amount, measure } = strategy
  const nodes = measure === 'node' ? (direction === 'out' ? amount : -amount) : null
  const events: CalendarEvent[] = []
  let seenMs = nowMs
  while (events.length < EVENTS_MAX) {
    const atMs = nextTimeMs({ ...strategy, seenMs })
    if (atMs === undefined || atMs > untilMs) break
    events.push({ atMs, nodes })
    seenMs = atMs
  }
  return { id, kind: 'strategy', name, group: null, enabled, events }
}

async function backupPlans(
  tx: Reader,
  { account, id: parent }: Cluster,
  span: Span,
): Promise<readonly Plan[]> {
  const { rows } = await tx.list('backupPolicy', {
    account,
    parent,
    order: 'oldest',
    limit: limits.pageSize,
    offset: 0,
  })
  return rows.map(({ document: { id, recurrence } }) => ({
    id,
    kind: 'backup',
    name: id,
    group: null,
    enabled: true,
    events: timesOf(recurrence, span).map((atMs) => ({ atMs, nodes: null })),
  }))
}

function timesOf(it: Recurrence, { nowMs, untilMs }: Span): readonly number[] {
  const times: number[] = []
  let atMs = nextOccurrence(it, nowMs)
  while (atMs !== undefined && atMs <= untilMs && times.length < EVENTS_MAX) {
    times.push(atMs)
    atMs = nextOccurrence(it, atMs)
  }
  return times
}
