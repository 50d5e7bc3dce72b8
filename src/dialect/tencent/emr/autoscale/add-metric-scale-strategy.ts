/** AddMetricScaleStrategy: a strategy by which task nodes come or go, by time or by load (reference: tencent-emr.md 4.5, appendix B). */
import type {
  StrategyKind,
  StrategyRequest,
} from '../../../../app/scaling-strategy/scaling-strategies.ts'
import { Fault } from '../../../../domain/fault.ts'
import { integer, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { invalid } from '../refusal.ts'
import { decideLoad } from './load-rule.ts'
import { decideTime, kindOfType, requireStrategy } from './rule.ts'
import {
  loadStrategy,
  timeStrategy,
  type LoadStrategyInput,
  type TimeStrategyInput,
} from './shape.ts'

export const addMetricScaleStrategy = action({
  name: 'AddMetricScaleStrategy',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidStrategy'),
    StrategyType: integer(),
    LoadAutoScaleStrategy: optional(loadStrategy),
    TimeAutoScaleStrategy: optional(timeStrategy),
  },
  output: {},
  faults: ['ClusterNotFound', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, StrategyType, ...strategies }) {
    const kind = kindOfType(StrategyType)
    const path = PATHS[kind]
    const request = { kind, decide: decisionOf(kind, strategies, core.clock.now()) }
    await core.scalingStrategies.put(call, id, [request]).catch((problem: unknown) => {
      throw problem instanceof Fault && problem.code === 'LimitReached'
        ? tooMany(path, (problem as Fault<'LimitReached'>).facts.limit)
        : problem
    })
    return {}
  },
})

const PATHS = { time: 'TimeAutoScaleStrategy', load: 'LoadAutoScaleStrategy' } as const

function decisionOf(
  kind: StrategyKind,
  it: {
    readonly LoadAutoScaleStrategy?: LoadStrategyInput | undefined
    readonly TimeAutoScaleStrategy?: TimeStrategyInput | undefined
  },
  nowMs: number,
): StrategyRequest['decide'] {
  const path = PATHS[kind]
  if (kind === 'time')
    return decideTime({ path, input: requireStrategy(path, it.TimeAutoScaleStrategy), nowMs })
  // Its number is given to it.
  const { StrategyId: _number, ...input } = requireStrategy(path, it.LoadAutoScaleStrategy)
  return decideLoad(path, input)
}

function tooMany(name: string, limit: number) {
  const code = 'FailedOperation.MoreStrategyNotAllowed'
  const rule = `a cluster has at most ${limit} strategies`
  return invalid({ name, code, rule })
}
