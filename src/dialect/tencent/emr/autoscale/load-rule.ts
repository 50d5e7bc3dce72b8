/** A strategy by load on the wire (reference: api.json, LoadAutoScaleStrategy; the product's pages on custom scaling, for figures and periods). */
import type { StrategyRequest } from '../../../../app/scaling-strategy/scaling-strategies.ts'
import type { LoadComparison, LoadCondition, LoadFigure } from '../../../../domain/load-trigger.ts'
import { given, invalid, oneOf, unsupported, unsupportedValue } from '../refusal.ts'
import { neverEndsMs } from './calendar.ts'
import { readPeriod } from './period.ts'
import { checkUse, commonMembers } from './rule.ts'
import type { LoadStrategyInput } from './shape.ts'

type Condition = LoadStrategyInput['LoadMetricsConditions']['LoadMetrics'][number]

const FIGURES: Readonly<Record<string, LoadFigure>> = {
  AvailableVCores: 'availableCores',
  PendingVCores: 'pendingCores',
  AllocatedVCores: 'allocatedCores',
  ReservedVCores: 'reservedCores',
  AvailableMB: 'availableMemoryMib',
  PendingMB: 'pendingMemoryMib',
  AllocatedMB: 'allocatedMemoryMib',
  ReservedMB: 'reservedMemoryMib',
  AllocatedContainers: 'allocatedContainers',
  PendingContainers: 'pendingContainers',
  AppsRunning: 'runningApplications',
  AppsPending: 'pendingApplications',
  AppsSubmitted: 'submittedApplications',
  AppsCompleted: 'completedApplications',
  AppsFailed: 'failedApplications',
  AppsKilled: 'killedApplications',
}

/** Of the whole cluster, so that they name no queue. */
const CLUSTER_FIGURES: Readonly<Record<string, LoadFigure>> = {
  AvailableMemPercentage: 'availableMemoryPercent',
  AvailableVCoresPercentage: 'availableCoresPercent',
  ContainerPendingRatio: 'pendingContainersRatio',
}

const ROOT = 'root'
const QUEUE = /^root(?:\.[\w-]{1,64}){0,8}$/
/** Of the examples and the description, and of the product's pages, in seconds. */
const PERIODS = [60, 180, 300, 600, 900]
const TIMES_MAX = 100
const COMPARES = [undefined, '>', '<', '>=', '<='] as const
const GATHERS = [undefined, 'greatest', 'least', 'average'] as const

/** The strategy as the core takes it, once it is judged in the transaction. A new one comes behind all others. */
export function decideLoad(path: string, input: LoadStrategyInput): StrategyRequest['decide'] {
  refuseUnsupported(path, input)
  const { LoadMetrics, Match } = input.LoadMetricsConditions
  const name = `${path}.LoadMetricsConditions.LoadMetrics`
  if (LoadMetrics.length === 0)
    throw invalid({ name, code: CONDITION_NUMBER, rule: 'there must be one at least' })
  const gather = GATHERS[input.ProcessMethod] ?? 'average'
  const conditions = LoadMetrics.map((each, at) => readCondition(`${name}.${at}`, each, { gather }))
  const { hours, untilMs = neverEndsMs } = readPeriod(`${path}.PeriodValid`, input.PeriodValid)
  const members = {
    ...commonMembers(path, input),
    load: { match: Match === 1 ? 'any' : 'all', conditions, ...(hours && { hours }) },
    untilMs,
    retryMs: 0,
    cooldownMs: input.CalmDownTime * 1000,
  } as const
  return (was) => {
    checkUse(path, { input, members }, was)
    if (!was.cluster.spec.daemons?.some(({ service }) => service === 'YARN')) {
      const code = 'InvalidParameter.InvalidSoftWare'
      throw invalid({ name: path, code, rule: 'the cluster has no YARN, whose load counts' })
    }
    const last = Math.max(0, ...was.others.map(({ priority }) => priority))
    const priority = input.StrategyId === undefined ? last + 1 : input.Priority
    return { ...members, priority, written: { ...input, Priority: priority } }
  }
}

const CONDITION_NUMBER = 'InvalidParameter.InvalidConditionNum'

function readCondition(
  path: string,
  input: Condition,
  { gather }: Pick<LoadCondition, 'gather'>,
): LoadCondition {
  const { StatisticPeriod, TriggerThreshold, Conditions } = input
  if (!PERIODS.includes(StatisticPeriod))
    throw period(`${path}.StatisticPeriod`, oneOf(PERIODS), StatisticPeriod)
  if (TriggerThreshold < 1 || TriggerThreshold > TIMES_MAX)
    throw period(`${path}.TriggerThreshold`, `it must be from 1 to ${TIMES_MAX}`, TriggerThreshold)
  if (Conditions.length === 0) {
    const rule = 'there must be one at least'
    throw invalid({ name: `${path}.Conditions`, code: CONDITION_NUMBER, rule })
  }
  return {
    ...readFigure(`${path}.LoadMetrics`, input.LoadMetrics),
    periodMs: StatisticPeriod * 1000,
    times: TriggerThreshold,
    gather,
    comparisons: Conditions.map((each, at) => readComparison(`${path}.Conditions.${at}`, each)),
  }
}

function period(name: string, rule: string, value: number) {
  const code = 'InvalidParameter.InvalidStatisticPeriodOrTriggerThreshold'
  return invalid({ name, code, rule, value })
}

/** `AvailableMB#root.default`. */
function readFigure(name: string, text: string): Pick<LoadCondition, 'figure' | 'queue'> {
  const [word = '', queue = ROOT, ...rest] = text.split('#')
  const ofCluster = Object.hasOwn(CLUSTER_FIGURES, word) ? CLUSTER_FIGURES[word] : undefined
  const figure = Object.hasOwn(FIGURES, word) ? FIGURES[word] : ofCluster
  if (!figure)
    throw unsupportedValue(name, {
      value: text,
      why: 'it is not among the figures that are measured here',
      instead: `use ${[...Object.keys(FIGURES), ...Object.keys(CLUSTER_FIGURES)].join(', ')}`,
    })
  if (rest.length === 0 && QUEUE.test(queue) && !(ofCluster && queue !== ROOT))
    return { figure, queue }
  const rule = ofCluster ? 'it is of the whole cluster' : 'behind # there must be a queue of root'
  const code = 'InvalidParameter.InvalidStrategy'
  throw invalid({ name, code, rule, value: text, example: `${word}#root.default` })
}

function readComparison(
  path: string,
  { CompareMethod, Threshold }: Condition['Conditions'][number],
): LoadComparison {
  const compare = COMPARES[CompareMethod]
  if (compare) return { compare, threshold: Threshold }
  throw invalid({
    name: `${path}.CompareMethod`,
    code: 'InvalidParameter.InvalidCompareMethod',
    rule: oneOf([1, 2, 3, 4]),
    value: CompareMethod,
  })
}

function refuseUnsupported(path: string, input: LoadStrategyInput): void {
  if (given(input.YarnNodeLabel) !== undefined)
    throw unsupported(`${path}.YarnNodeLabel`, 'new nodes have no label')
  const soft = given(input.Soft)
  if (soft !== undefined && soft.toLowerCase() !== 'yarn')
    throw unsupportedValue(`${path}.Soft`, {
      value: soft,
      why: 'only YARN has figures of its load',
      instead: 'use yarn',
    })
}
