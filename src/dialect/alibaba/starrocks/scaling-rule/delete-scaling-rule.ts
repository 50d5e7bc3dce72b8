/**
 * DeleteScalingRule: the rule ends, and nodes that are there by it go.
 * Facts: reference alibaba-starrocks.md 3.2 (Elastic scaling rules).
 */
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { nodeGroupId } from '../node-group/change.ts'
import { instanceResources, regionId } from '../shape.ts'
import { scalingRuleId, triggerType } from './shape.ts'

export const deleteScalingRule = action({
  name: 'DeleteScalingRule',
  input: {
    NodeGroupId: nodeGroupId,
    RegionId: optional(regionId),
    ScalingRuleId: scalingRuleId,
    TriggerType: triggerType,
  },
  output: { Data: flag() },
  faults: ['NodeGroupNotFound', 'ScalingRuleNotFound'],
  asks: ['identity'],
  listing: true,
  resources: (call) => instanceResources(call, []),
  async run(core, call, { NodeGroupId, ScalingRuleId }) {
    await core.scalingRules.remove(call, ScalingRuleId, NodeGroupId)
    return { Data: true }
  },
})
