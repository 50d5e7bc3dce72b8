/**
 * From a rule on the wire to the calendar of the core, and back in the same words; and which groups may have rules.
 * Facts: reference alibaba-starrocks.md 3.2 (Elastic scaling rules), 5.3, 6.5, 11.5.
 */
import type { RuleMembers } from '../../../../app/scaling-rule/scaling-rules.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { stateTraits } from '../../../../domain/cluster/lifecycle.ts'
import { Fault, refuse } from '../../../../domain/fault.ts'
import { nextOccurrence, type Recurrence } from '../../../../domain/recurrence.ts'
import { ends, type ScalingRule } from '../../../../domain/scaling-rule.ts'
import type { Static } from '../../../../shape/shape.ts'
import { groupExtension } from '../instance/extension.ts'
import { requireOfficial } from '../node-group/rules.ts'
import {
  recurrenceTypes,
  type MomentInput,
  type MomentView,
  type RuleInput,
  type ruleView,
} from './shape.ts'

/** All times of the product are UTC+8. */
const OFFSET_MS = 8 * 3_600_000
const DAYS_OF_WEEK = 7

const everyOf = { ONCE: 'once', DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month' } as const

/** Throws NotSupported for other groups than those of compute nodes, and ParametersRefused in the trial edition. */
export function requireScalable(instance: Cluster, group: NodeGroup): void {
  requireOfficial(instance)
  if (groupExtension(group).component !== 'CN')
    throw new Fault('NotSupported', {
      what: `A scaling rule of node group ${group.id}`,
      detail: 'only groups of compute nodes have some',
    })
  requireHourly(instance)
}

/** Throws NotSupported. */
export function requireHourly({ charge }: Cluster): void {
  if (charge.mode === 'postpaid') return
  throw new Fault('NotSupported', {
    what: 'A scaling rule in a prePaid instance',
    detail: 'nodes that come and go are paid for by the hour',
  })
}

/** Throws ParametersRefused for days that do not exist, and for nodes that would never come or never go. */
export function membersOf(input: RuleInput, nowMs: number): RuleMembers {
  const { nodeNumber: nodes, scalingRuleName: name } = input
  const out = recurrenceOf(input.scalingOutRule, 'scaling out rule')
  const back = recurrenceOf(input.scalingInRule, 'scaling in rule')
  if (nextOccurrence(out, nowMs) === undefined)
    throw refused('Scaling out rule should come to pass in the future')
  if (!ends({ out, in: back }, nowMs))
    throw refused('Scaling in rule should come to pass after scaling out rule')
  return { name, nodes, out, in: back }
}

function recurrenceOf(it: MomentInput, of: string): Recurrence {
  const { year, month, day, hour, minute, second } = it
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day)
    throw refused(`Day of ${of} should be a day of its month`)
  const every = everyOf[it.recurrenceType]
  const days = it.recurrenceValues ?? []
  if (days.length > 0 && every !== 'week' && every !== 'month')
    throw refused(`Recurrence values of ${of} are for WEEKLY and MONTHLY`)
  if (every === 'week' && days.some((value) => value > DAYS_OF_WEEK))
    throw refused(`Recurrence value of ${of} should be in range [1, ${DAYS_OF_WEEK}]`)
  return {
    every,
    // 0 and none are one on this wire.
    interval: it.recurrenceInterval || 1,
    days,
    from: { year, month, day },
    time: { hour, minute, second },
    offsetMs: OFFSET_MS,
  }
}

export function viewRule(rule: ScalingRule, cluster: Cluster): Static<typeof ruleView> {
  return {
    NodeNumber: String(rule.nodes),
    ScalingInRule: viewMoment(rule.in),
    ScalingOutRule: viewMoment(rule.out),
    ScalingRuleId: rule.id,
    ScalingRuleName: rule.name,
    Status: statusOf(rule, cluster),
  }
}

/** ACTIVE from the time at which its nodes come to the one at which they go. */
function statusOf({ on }: ScalingRule, { charge, status }: Cluster): string {
  const overdue = charge.overdueMs !== undefined || charge.stop !== undefined
  if (overdue || stateTraits[status.state].stopped) return 'DISABLED'
  return on ? 'ACTIVE' : 'INACTIVE'
}

function viewMoment({ every, interval, days, from, time }: Recurrence): MomentView {
  return {
    Day: from.day,
    Hour: time.hour,
    Minute: time.minute,
    Month: from.month,
    RecurrenceInterval: interval,
    RecurrenceType: recurrenceTypes.find((type) => everyOf[type] === every) ?? '',
    RecurrenceValues: days.map(String),
    Second: time.second,
    Year: from.year,
  }
}

function refused(message: string): Fault {
  return refuse({ name: 'Rule', problem: 'value', message })
}
