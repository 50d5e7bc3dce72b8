/**
 * ModifyScalingRule: other times, another number or another name for a rule. Nodes that are there by it stay until it ends next.
 * Facts: reference alibaba-starrocks.md 3.2 (Elastic scaling rules), 6.5.
 */
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { nodeGroupId } from '../node-group/change.ts'
import { instanceResources, regionId } from '../shape.ts'
import { membersOf, requireScalable } from './rule.ts'
import { ruleInput, scalingRuleId, triggerType } from './shape.ts'

export const modifyScalingRule = action({
  name: 'ModifyScalingRule',
  input: {
    NewTriggerType: triggerType,
    NodeGroupId: nodeGroupId,
    OldTriggerType: triggerType,
    RegionId: optional(regionId),
    Rule: ruleInput,
    ScalingRuleId: scalingRuleId,
  },
  output: { Data: flag() },
  faults: ['NodeGroupNotFound', 'ScalingRuleNotFound', 'NotSupported'],
  asks: ['identity'],
  listing: true,
  resources: (call) => instanceResources(call, []),
  async run(core, call, { NodeGroupId, ScalingRuleId, Rule }) {
    await core.scalingRules.modify(call, ScalingRuleId, {
      group: NodeGroupId,
      members(instance, group) {
        requireScalable(instance, group)
        return membersOf(Rule, core.clock.now())
      },
    })
    return { Data: true }
  },
})
