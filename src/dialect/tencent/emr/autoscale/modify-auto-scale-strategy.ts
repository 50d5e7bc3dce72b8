/** ModifyAutoScaleStrategy: other members for strategies, all of them or none (reference: appendix B, api.json). */
import type {
  StrategyKind,
  StrategyRequest,
} from '../../../../app/scaling-strategy/scaling-strategies.ts'
import { Fault } from '../../../../domain/fault.ts'
import { integer, list, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { missing } from '../refusal.ts'
import { decideLoad } from './load-rule.ts'
import { checkGroup, decideTime, kindOfType, strategyNotFound } from './rule.ts'
import {
  loadStrategy,
  timeStrategy,
  type LoadStrategyInput,
  type TimeStrategyInput,
} from './shape.ts'

const LISTS = { time: 'TimeAutoScaleStrategies', load: 'LoadAutoScaleStrategies' } as const

export const modifyAutoScaleStrategy = action({
  name: 'ModifyAutoScaleStrategy',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidStrategy'),
    StrategyType: integer(),
    LoadAutoScaleStrategies: optional(list(loadStrategy, { max: 30 })),
    TimeAutoScaleStrategies: optional(list(timeStrategy, { max: 30 })),
    GroupId: optional(integer({ min: 0 })),
  },
  output: {},
  faults: ['ClusterNotFound', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, StrategyType, GroupId, ...lists }) {
    const kind = kindOfType(StrategyType)
    const path = LISTS[kind]
    checkGroup(id, GroupId)
    const requests = requestsOf(kind, lists, core.clock.now())
    if (requests.length === 0) throw missing(path)
    await core.scalingStrategies.put(call, id, requests).catch((problem: unknown) => {
      if (!(problem instanceof Fault) || problem.code !== 'ScalingRuleNotFound') throw problem
      const { id: number } = (problem as Fault<'ScalingRuleNotFound'>).facts
      const lost = requests.findIndex((each) => String(each.number) === number)
      throw strategyNotFound(`${path}.${lost}.StrategyId`, Number(number), id)
    })
    return {}
  },
})

function requestsOf(
  kind: StrategyKind,
  it: {
    readonly LoadAutoScaleStrategies?: readonly LoadStrategyInput[] | undefined
    readonly TimeAutoScaleStrategies?: readonly TimeStrategyInput[] | undefined
  },
  nowMs: number,
): readonly StrategyRequest[] {
  if (kind === 'load')
    return (it.LoadAutoScaleStrategies ?? []).map((input, at) => {
      const path = `${LISTS.load}.${at}`
      return { kind, number: numberOf(path, input), decide: decideLoad(path, input) }
    })
  return (it.TimeAutoScaleStrategies ?? []).map((input, at) => {
    const path = `${LISTS.time}.${at}`
    return { kind, number: numberOf(path, input), decide: decideTime({ path, input, nowMs }) }
  })
}

function numberOf(
  path: string,
  { StrategyId }: { readonly StrategyId?: number | undefined },
): number {
  if (StrategyId !== undefined) return StrategyId
  throw missing(`${path}.StrategyId`)
}
