/** DescribeAutoScaleStrategies: the strategies of a cluster, as they were written (reference: examples.json, appendix B). */
import { integer, list, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { checkGroup } from './rule.ts'
import { loadStrategyView, timeStrategyView } from './shape.ts'
import { viewLoadStrategy, viewTimeStrategy } from './view.ts'

export const describeAutoScaleStrategies = action({
  name: 'DescribeAutoScaleStrategies',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidStrategyType'),
    GroupId: optional(integer({ min: 0 })),
  },
  output: {
    LoadAutoScaleStrategies: list(loadStrategyView),
    TimeBasedAutoScaleStrategies: list(timeStrategyView),
  },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, GroupId }) {
    const { strategies } = await core.scalingStrategies.list(call, id)
    checkGroup(id, GroupId)
    return {
      LoadAutoScaleStrategies: strategies.filter(({ load }) => load).map(viewLoadStrategy),
      TimeBasedAutoScaleStrategies: strategies.filter(({ at }) => at).map(viewTimeStrategy),
    }
  },
})
