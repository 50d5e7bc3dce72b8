/** A strategy on the wire, judged against its cluster and its other strategies (reference: appendix B, api.json). */
import type {
  StrategyKind,
  StrategyRequest,
} from '../../../../app/scaling-strategy/scaling-strategies.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { ScalingStrategy, StrategyMembers } from '../../../../domain/scaling-strategy.ts'
import type { Recurrence } from '../../../../domain/recurrence.ts'
import { canonicalJson } from '../../../../kernel/json.ts'
import { readJson } from '../../../../shape/json-text.ts'
import { scalableGroup } from '../../strategy-rules.ts'
import { numberOf } from '../identifier.ts'
import { given, invalid, missing, unsupported } from '../refusal.ts'
import { readTags } from '../tag/rule.ts'
import { readCalendar } from './calendar.ts'
import type { TimeStrategyInput } from './shape.ts'

export const byLoad = 1
export const byTime = 2

/** The only group of nodes that come and go; 0 is what clients send for it. */
export function groupIdOf(cluster: string): number {
  return numberOf(`scaling group ${cluster}`)
}

export function checkGroup(cluster: string, id: number | undefined, name = 'GroupId'): void {
  if (id === undefined || id === 0 || id === groupIdOf(cluster)) return
  const rule = 'the cluster has no such scaling group'
  throw invalid({ name, code: 'FailedOperation', rule, value: id })
}

/** Throws InvalidStrategyType. */
export function kindOfType(type: number): StrategyKind {
  if (type === byTime) return 'time'
  if (type === byLoad) return 'load'
  const code = 'InvalidParameter.InvalidStrategyType'
  throw invalid({ name: 'StrategyType', code, rule: 'it must be one of 1, 2', value: type })
}

export interface ReadStrategy {
  readonly path: string
  readonly input: TimeStrategyInput
  readonly nowMs: number
}

/** The strategy as the core takes it, once it is judged in the transaction. */
export function decideTime({ path, input, nowMs }: ReadStrategy): StrategyRequest['decide'] {
  if (input.CompensateFlag === 1) throw unsupported(`${path}.CompensateFlag`)
  if ((input.GraceDownLabel ?? []).length > 0) throw unsupported(`${path}.GraceDownLabel`)
  const calendar = readCalendar(path, input.RepeatStrategy, nowMs)
  const members: StrategyMembers = {
    ...commonMembers(path, input),
    ...calendar,
    priority: input.Priority,
    cooldownMs: input.IntervalTime * 1000,
    retryMs: input.RetryValidTime * 1000,
    ...keptOf(path, input),
  }
  return (was) => {
    checkUse(path, { input, members }, was)
    checkTimes(path, calendar.at, was.others)
    return { ...members, written: input }
  }
}

type Common = Pick<
  TimeStrategyInput,
  | 'StrategyName'
  | 'ScaleAction'
  | 'ScaleNum'
  | 'MeasureMethod'
  | 'StrategyStatus'
  | 'Tags'
  | 'GraceDownFlag'
  | 'GraceDownTime'
  | 'GraceDownProtectFlag'
  | 'GraceDownProtectTime'
  | 'SoftDeployInfo'
  | 'ServiceNodeInfo'
  | 'ConfigGroupAssigned'
>

/** What strategies of both kinds say of the nodes that come and go. */
export function commonMembers(path: string, input: Common) {
  refuseUnsupported(path, input)
  return {
    name: input.StrategyName,
    direction: input.ScaleAction === 1 ? 'out' : 'in',
    amount: input.ScaleNum,
    measure: MEASURES[input.MeasureMethod],
    enabled: input.StrategyStatus === 1,
    tags: input.Tags ? readTags(`${path}.Tags`, input.Tags) : [],
    ...(input.GraceDownFlag ? { graceMs: input.GraceDownTime * 1000 } : {}),
  } as const
}

/** Whether it fits its cluster and the other strategies of it. */
export function checkUse(
  path: string,
  {
    input,
    members,
  }: {
    readonly input: { readonly GroupId: number }
    readonly members: Pick<StrategyMembers, 'name' | 'direction'>
  },
  { cluster, others }: Parameters<StrategyRequest['decide']>[0],
): void {
  checkGroup(cluster.id, input.GroupId, `${path}.GroupId`)
  if (members.direction === 'out') scalableGroup(cluster, path)
  if (!others.some(({ name }) => name === members.name)) return
  const code = 'InvalidParameter.RepeatedStrategyName'
  const rule = 'another strategy of the cluster has it'
  throw invalid({ name: `${path}.StrategyName`, code, rule, value: members.name })
}

const MEASURES = {
  DEFAULT: 'node',
  INSTANCE: 'node',
  CPU: 'core',
  MEMORYGB: 'memory-gib',
} as const

const KEPT_SECONDS_MIN = 3_600

function keptOf(path: string, { TerminatePolicy, MaxUse, ScaleAction }: TimeStrategyInput) {
  if (TerminatePolicy === 'DEFAULT') return {}
  if (ScaleAction === 1 && MaxUse >= KEPT_SECONDS_MIN) return { keptMs: MaxUse * 1000 }
  const rule = `with TIMING nodes come for ${KEPT_SECONDS_MIN} to 86400 seconds`
  throw invalid({
    name: `${path}.MaxUse`,
    code: 'InvalidParameter.InvalidStrategy',
    rule,
    value: MaxUse,
  })
}

function checkTimes(path: string, at: Recurrence, others: readonly ScalingStrategy[]): void {
  const textOf = (times: Recurrence) =>
    canonicalJson({ ...times, from: times.every === 'once' ? times.from : null })
  const isSame = (other: ScalingStrategy) => other.at && textOf(other.at) === textOf(at)
  if (!others.some(isSame)) return
  const code = 'InvalidParameter.RepeatedExecutionTime'
  const rule = 'another strategy of the cluster is carried out then'
  throw invalid({ name: `${path}.RepeatStrategy`, code, rule, value: at.every })
}

/** What task nodes have anyway: HDFS' and YARN's files, and YARN's NodeManager. */
const SERVICES = [1, 2]
const PROCESSES = [7]

function refuseUnsupported(path: string, input: Common): void {
  if (input.GraceDownProtectFlag) throw unsupported(`${path}.GraceDownProtectFlag`)
  if (input.GraceDownProtectTime > 0) throw unsupported(`${path}.GraceDownProtectTime`)
  const isElse = (numbers: readonly number[] = [], own: readonly number[]) =>
    numbers.some((each) => !own.includes(each))
  const why = 'new nodes have what their role has'
  if (isElse(input.SoftDeployInfo, SERVICES)) throw unsupported(`${path}.SoftDeployInfo`, why)
  if (isElse(input.ServiceNodeInfo, PROCESSES)) throw unsupported(`${path}.ServiceNodeInfo`, why)
  const assigned = given(input.ConfigGroupAssigned)
  if (assigned !== undefined && !isDefault(assigned))
    throw unsupported(`${path}.ConfigGroupAssigned`, 'a role has one configuration group')
}

/** `{"HDFS-3.2.2":-1}`: each service's default group. */
function isDefault(assigned: string): boolean {
  const read = readJson(Buffer.from(assigned))
  if ('problem' in read || typeof read.value !== 'object' || read.value === null) return false
  return Object.values(read.value).every((group) => group === -1)
}

export function requireStrategy<T>(name: string, input: T | undefined): T {
  if (input !== undefined) return input
  throw missing(name)
}

/** Throws StrategyNotFound. */
export function strategyNotFound(name: string, id: number, cluster: Cluster['id']) {
  const code = 'ResourceNotFound.StrategyNotFound'
  return invalid({ name, code, rule: `it is no strategy of the cluster ${cluster}`, value: id })
}
