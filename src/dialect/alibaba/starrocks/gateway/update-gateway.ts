/**
 * UpdateGateway: another name, or another number of frontends; those that it releases are the default gateway's, which has what is
 * left and no number of its own. Facts: reference alibaba-starrocks.md 3.2, 7.
 */
import { withFrontends, withGateway, type Access } from '../../../../domain/cluster/access.ts'
import { refuse } from '../../../../domain/fault.ts'
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import {
  accessAsks,
  accessFaults,
  accessOf,
  frontendsOf,
  gatewayIn,
  refused,
} from '../instance/access.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { feNodeNumber, gatewayId, gatewayName, tooManyFrontends } from './rules.ts'

export const updateGateway = action({
  name: 'UpdateGateway',
  input: {
    FeNodeNumber: optional(feNodeNumber),
    GatewayId: gatewayId,
    GatewayName: optional(gatewayName),
    InstanceId: instanceId,
    RegionId: optional(regionId),
  },
  output: { Data: flag() },
  faults: accessFaults,
  asks: accessAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { FeNodeNumber: count, GatewayId, GatewayName: name, InstanceId }) {
    if (count === undefined && name === undefined)
      throw refuse({ name: 'FeNodeNumber', problem: 'missing' })
    await core.clusters.setAccess(call, InstanceId, (was) => {
      const before = accessOf(was)
      const { id } = gatewayIn(before, GatewayId)
      const named = name === undefined ? before : withGateway(before, id, (it) => ({ ...it, name }))
      const access =
        count === undefined ? named : divided(named, id, { count, frontends: frontendsOf(was) })
      return { action: { kind: 'access', aspect: 'gateway' }, access }
    })
    return { Data: true }
  },
})

function divided(
  access: Access,
  id: string,
  it: { readonly count: number; readonly frontends: readonly string[] },
): Access {
  if (access.gateways[0].id === id)
    throw refused('FeNodeNumber', 'Fe node number of the default gateway is what the others leave')
  const next = withFrontends(access, id, it)
  if (!next) throw tooManyFrontends()
  return next
}
