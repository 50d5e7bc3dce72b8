/**
 * AddGateway: one more address of its own, a load balancer's, with frontends that the default gateway gives away. The default one
 * keeps the leader. Facts: reference alibaba-starrocks.md 3.2, 7, 11.3.
 */
import { withNewGateway } from '../../../../domain/cluster/access.ts'
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { accessAsks, accessFaults, accessOf, frontendsOf } from '../instance/access.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { feNodeNumber, gatewayName, requireDivisible, tooManyFrontends } from './rules.ts'

export const addGateway = action({
  name: 'AddGateway',
  input: {
    FeNodeNumber: feNodeNumber,
    GatewayName: gatewayName,
    InstanceId: instanceId,
    RegionId: optional(regionId),
  },
  output: { Data: flag() },
  faults: accessFaults,
  asks: accessAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { FeNodeNumber: count, GatewayName: name, InstanceId }) {
    const id = `dg-${core.random.serial.base36(16)}`
    await core.clusters.setAccess(call, InstanceId, (was) => {
      const frontends = frontendsOf(was)
      requireDivisible(was, frontends)
      const gateway = { id, name, balanced: true, open: false }
      const access = withNewGateway(accessOf(was), gateway, { count, frontends })
      if (!access) throw tooManyFrontends()
      return { action: { kind: 'access', aspect: 'gateway' }, access }
    })
    return { Data: true }
  },
})
