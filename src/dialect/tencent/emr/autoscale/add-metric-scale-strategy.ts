/** AddMetricScaleStrategy: a strategy by which task nodes come or go, by time (reference: tencent-emr.md 4.5, appendix B). */
import { Fault } from '../../../../domain/fault.ts'
import { integer, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { invalid } from '../refusal.ts'
import { checkType, decide, requireStrategy } from './rule.ts'
import { loadStrategy, timeStrategy } from './shape.ts'

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
  async run(core, call, { InstanceId: id, StrategyType, TimeAutoScaleStrategy }) {
    checkType(StrategyType)
    const path = 'TimeAutoScaleStrategy'
    const input = requireStrategy(path, TimeAutoScaleStrategy)
    const request = { decide: decide({ path, input, nowMs: core.clock.now() }) }
    await core.scalingStrategies.put(call, id, [request]).catch((problem: unknown) => {
      throw problem instanceof Fault && problem.code === 'LimitReached'
        ? tooMany((problem as Fault<'LimitReached'>).facts.limit)
        : problem
    })
    return {}
  },
})

function tooMany(limit: number) {
  const code = 'FailedOperation.MoreStrategyNotAllowed'
  const rule = `a cluster has at most ${limit} strategies`
  return invalid({ name: 'TimeAutoScaleStrategy', code, rule })
}
