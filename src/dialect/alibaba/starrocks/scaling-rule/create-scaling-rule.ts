/**
 * CreateScalingRule: nodes that a group of compute nodes has from one time to another. The request names no instance: the group is
 * found among those of the instances that the caller may see. Facts: reference alibaba-starrocks.md 3.2 (Elastic scaling rules), 6.5, 11.4.
 */
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { nodeGroupId } from '../node-group/change.ts'
import { instanceResources, regionId } from '../shape.ts'
import { membersOf, requireScalable } from './rule.ts'
import { ruleInput, triggerType } from './shape.ts'

export const createScalingRule = action({
  name: 'CreateScalingRule',
  input: {
    NodeGroupId: nodeGroupId,
    RegionId: optional(regionId),
    Rule: ruleInput,
    TriggerType: triggerType,
  },
  output: { Data: flag() },
  faults: ['NodeGroupNotFound', 'NotSupported', 'LimitReached'],
  asks: ['identity'],
  listing: true,
  resources: (call) => instanceResources(call, []),
  async run(core, call, { NodeGroupId, Rule }) {
    await core.scalingRules.create(call, `r-${core.random.serial.hex(16)}`, {
      group: NodeGroupId,
      members(instance, group) {
        requireScalable(instance, group)
        return membersOf(Rule, core.clock.now())
      },
    })
    return { Data: true }
  },
})
