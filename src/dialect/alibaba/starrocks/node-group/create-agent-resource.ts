/**
 * CreateAgentResource: a machine for agents beside the engine, which an instance has one of at most. It is no node of the engine.
 * Facts: reference alibaba-starrocks.md 3.2 (Node groups), 4.2, 4.3 (X13).
 */
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup as Group } from '../../../../domain/cluster/node-group.ts'
import { Fault, refuse } from '../../../../domain/fault.ts'
import { choice, integer, object, optional, text } from '../../../../shape/shape.ts'
import { checkAgent } from '../../catalogue/instance-shape.ts'
import { problemsExplained } from '../../faults.ts'
import { action } from '../action.ts'
import { groupExtension, instanceExtension } from '../instance/extension.ts'
import { instanceId, instanceResources, regionId, shortText } from '../shape.ts'
import { changeAsks, changeFaults } from './change.ts'
import { autoRenew, duration, payType, pricingCycle, requireChargeOf } from './charge.ts'
import { agentGroup, furtherGroup, newGroupId } from './new-group.ts'
import { orderOnWire, promotionOf, termsOf } from './terms.ts'

export const createAgentResource = action({
  name: 'CreateAgentResource',
  input: {
    AutoRenew: autoRenew,
    Cu: integer({ min: 0, max: 1000, label: 'Cu of agent', example: 2 }),
    Duration: duration,
    InstanceId: instanceId,
    PayType: payType,
    PricingCycle: pricingCycle,
    PromotionOptionNo: optional(shortText('Promotion option no')),
    RegionId: optional(regionId),
    SpecType: optional(choice(['standard'], { label: 'Spec type of agent', example: 'standard' })),
  },
  output: { Data: object({ NodeGroupId: text(), OrderId: integer() }) },
  faults: [...changeFaults.filter((code) => code !== 'NodeGroupNotFound'), 'ResourceFull'],
  asks: changeAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, input) {
    const promotion = await promotionOf(core, call, input.PromotionOptionNo)
    const id = newGroupId(core.random)
    const started = await core.clusters.addGroup(call, input.InstanceId, {
      kind: 'add-agent',
      group(instance) {
        requireChargeOf(instance, {
          payType: input.PayType,
          duration: input.Duration,
          pricingCycle: input.PricingCycle,
          autoRenew: input.AutoRenew,
        })
        return newAgent(core, instance, { cu: input.Cu, id })
      },
      terms: termsOf(core, promotion),
    })
    return { Data: { NodeGroupId: id, OrderId: orderOnWire(started) } }
  },
})

function newAgent(
  { random }: Core,
  instance: Cluster,
  { cu, id }: { readonly cu: number; readonly id: string },
): Group {
  const { packageType } = instanceExtension(instance)
  if (instance.spec.groups.some((group) => groupExtension(group).component === 'AGENT')) {
    const message = 'Agent node group is there already'
    throw refuse({ name: 'InstanceId', problem: 'value', message })
  }
  const problems = checkAgent({ agentCu: cu }, packageType)
  if (problems.length > 0)
    throw new Fault('ParametersRefused', { refusals: problemsExplained(problems) })
  return furtherGroup(agentGroup(cu), id, { instance, random })
}
