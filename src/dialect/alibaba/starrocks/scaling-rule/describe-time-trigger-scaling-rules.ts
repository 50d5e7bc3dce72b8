/**
 * DescribeTimeTriggerScalingRules: the rules of one group, the oldest first. A group that does not exist has none, and a listing of
 * nothing is no error. Facts: reference alibaba-starrocks.md 3.2 (Elastic scaling rules), 6.5.
 */
import { Fault, refuse } from '../../../../domain/fault.ts'
import { list, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { nodeGroupId } from '../node-group/change.ts'
import { instanceResources, regionId } from '../shape.ts'
import { viewRule } from './rule.ts'
import { ruleView } from './shape.ts'

export const describeTimeTriggerScalingRules = action({
  name: 'DescribeTimeTriggerScalingRules',
  input: { NodeGroupId: optional(nodeGroupId), RegionId: optional(regionId) },
  output: { Data: list(ruleView) },
  faults: [],
  asks: ['identity'],
  listing: true,
  resources: (call) => instanceResources(call, []),
  async run(core, call, { NodeGroupId }) {
    if (NodeGroupId === undefined) throw refuse({ name: 'NodeGroupId', problem: 'missing' })
    try {
      const { cluster, rules } = await core.scalingRules.list(call, NodeGroupId)
      return { Data: rules.map((rule) => viewRule(rule, cluster)) }
    } catch (problem) {
      if (problem instanceof Fault && problem.code === 'NodeGroupNotFound') return { Data: [] }
      throw problem
    }
  },
})
