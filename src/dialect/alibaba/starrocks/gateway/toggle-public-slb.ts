/**
 * TogglePublicSlb: a gateway gets a public address, which everyone may reach, or loses it. It takes a load balancer inside first.
 * Facts: reference alibaba-starrocks.md 3.2, 9.5 (P6, P8).
 */
import { withGateway } from '../../../../domain/cluster/access.ts'
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { accessAsks, accessFaults, accessOf, gatewayIn, refused } from '../instance/access.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { gatewayId } from './rules.ts'

export const togglePublicSlb = action({
  name: 'TogglePublicSlb',
  input: {
    EnablePublicSlb: flag(),
    GatewayId: gatewayId,
    InstanceId: instanceId,
    RegionId: optional(regionId),
  },
  output: { Data: flag() },
  faults: accessFaults,
  asks: accessAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { EnablePublicSlb: open, GatewayId, InstanceId }) {
    await core.clusters.setAccess(call, InstanceId, (was) => {
      const before = accessOf(was)
      const gateway = gatewayIn(before, GatewayId)
      if (gateway.open === open)
        throw refused('EnablePublicSlb', `public slb is ${open ? 'enabled' : 'disabled'} already`)
      if (open && !gateway.balanced)
        throw refused('GatewayId', 'public slb needs the internal slb first')
      const access = withGateway(before, gateway.id, (it) => ({ ...it, open }))
      const values = { before: `FE enable = ${!open}`, after: `FE enable = ${open}` }
      return { action: { kind: 'access', aspect: 'exposure' }, access, values }
    })
    return { Data: true }
  },
})
