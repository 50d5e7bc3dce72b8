/**
 * DeleteGateway: its address refuses connections from now on, and its frontends are the default gateway's again, which itself stays.
 * Facts: reference alibaba-starrocks.md 3.2, 11.3.
 */
import { withoutGateway } from '../../../../domain/cluster/access.ts'
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { accessAsks, accessFaults, accessOf, gatewayIn, refused } from '../instance/access.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { gatewayId } from './rules.ts'

export const deleteGateway = action({
  name: 'DeleteGateway',
  input: { GatewayId: gatewayId, InstanceId: instanceId, RegionId: optional(regionId) },
  output: { Data: flag() },
  faults: accessFaults,
  asks: accessAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { GatewayId, InstanceId }) {
    await core.clusters.setAccess(call, InstanceId, (was) => {
      const before = accessOf(was)
      const { id } = gatewayIn(before, GatewayId)
      if (before.gateways[0].id === id)
        throw refused('GatewayId', 'the default gateway cannot be deleted')
      const access = withoutGateway(before, id)
      return { action: { kind: 'access', aspect: 'gateway' }, access }
    })
    return { Data: true }
  },
})
