/** DeleteAutoScaleStrategy: a strategy goes, and with it the nodes that came by it (reference: appendix B, api.json). */
import { Fault } from '../../../../domain/fault.ts'
import { integer, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { byLoad, byTime, checkGroup, strategyNotFound } from './rule.ts'

export const deleteAutoScaleStrategy = action({
  name: 'DeleteAutoScaleStrategy',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidStrategyType'),
    StrategyType: integer({
      allowed: [byLoad, byTime],
      code: 'InvalidParameter.InvalidStrategyType',
    }),
    StrategyId: integer({ min: 0 }),
    GroupId: optional(integer({ min: 0 })),
  },
  output: {},
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, StrategyType, StrategyId, GroupId }) {
    checkGroup(id, GroupId)
    const lost = () => strategyNotFound('StrategyId', StrategyId, id)
    // All that are here are by time.
    if (StrategyType === byLoad) {
      await core.clusters.get(call, id)
      throw lost()
    }
    await core.scalingStrategies.remove(call, id, StrategyId).catch((problem: unknown) => {
      const isLost = problem instanceof Fault && problem.code === 'ScalingRuleNotFound'
      throw isLost ? lost() : problem
    })
    return {}
  },
})
