/** DeleteAutoScaleStrategy: a strategy goes, and with it the nodes that came by it (reference: appendix B, api.json). */
import { Fault } from '../../../../domain/fault.ts'
import { integer, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { checkGroup, kindOfType, strategyNotFound } from './rule.ts'

export const deleteAutoScaleStrategy = action({
  name: 'DeleteAutoScaleStrategy',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidStrategyType'),
    StrategyType: integer(),
    StrategyId: integer({ min: 0 }),
    GroupId: optional(integer({ min: 0 })),
  },
  output: {},
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, StrategyType, StrategyId, GroupId }) {
    checkGroup(id, GroupId)
    const lost = () => strategyNotFound('StrategyId', StrategyId, id)
    const which = { kind: kindOfType(StrategyType), number: StrategyId }
    await core.scalingStrategies.remove(call, id, which).catch((problem: unknown) => {
      const isLost = problem instanceof Fault && problem.code === 'ScalingRuleNotFound'
      throw isLost ? lost() : problem
    })
    return {}
  },
})
