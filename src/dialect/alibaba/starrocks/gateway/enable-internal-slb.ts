/**
 * EnableInternalSlb: the default gateway's address becomes a load balancer's, and cannot go back. Whoever is connected stays so.
 * Facts: reference alibaba-starrocks.md 3.2, 9.5 (P9).
 */
import { withGateway } from '../../../../domain/cluster/access.ts'
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { accessAsks, accessFaults, accessOf, refused } from '../instance/access.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'

export const enableInternalSlb = action({
  name: 'EnableInternalSlb',
  input: { InstanceId: instanceId, RegionId: optional(regionId) },
  output: { Data: flag() },
  faults: accessFaults,
  asks: accessAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId }) {
    await core.clusters.setAccess(call, InstanceId, (was) => {
      const before = accessOf(was)
      const [gateway] = before.gateways
      if (gateway.balanced) throw refused('InstanceId', 'internal slb is enabled already')
      const access = withGateway(before, gateway.id, (it) => ({ ...it, balanced: true }))
      return { action: { kind: 'access', aspect: 'gateway' }, access }
    })
    return { Data: true }
  },
})
