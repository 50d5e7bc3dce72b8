/**
 * EnableMultiAz: observers in other zones for a running instance with separate storage. The answer names the first of their groups, and
 * the order by which a subscription pays for them. Facts: reference alibaba-starrocks.md 3.2 (Multi-AZ), 5.3 (enable_ha_cluster).
 */
import { integer, object, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { changeAsks } from '../node-group/change.ts'
import { orderOnWire, promotionOf, termsOf } from '../node-group/terms.ts'
import { instanceResources } from '../shape.ts'
import { multiZoneFaults, multiZoneMembers, observersAdded } from './observer.ts'

export const enableMultiAz = action({
  name: 'EnableMultiAz',
  input: multiZoneMembers,
  output: { Data: object({ NodeGroupId: text(), OrderId: integer() }) },
  faults: multiZoneFaults,
  asks: changeAsks,
  resources: (call, input) => instanceResources(call, [input.instanceId]),
  async run(core, call, input) {
    const added = await observersAdded(core, call, input)
    const terms = termsOf(core, await promotionOf(core, call, added.promotion))
    const started = await core.clusters.scale(call, added.instance, added.request(terms))
    return { Data: { NodeGroupId: added.groupId(), OrderId: orderOnWire(started) } }
  },
})
