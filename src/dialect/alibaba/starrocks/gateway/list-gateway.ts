/** ListGateway: the gateways of an instance, the default one first. Facts: reference alibaba-starrocks.md 3.2, 6.3. */
import { list, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { gatewayView, viewGateways } from './view.ts'

export const listGateway = action({
  name: 'ListGateway',
  input: { InstanceId: instanceId, RegionId: optional(regionId) },
  output: { Data: list(gatewayView) },
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId }) {
    return { Data: [...viewGateways(await core.clusters.get(call, InstanceId))] }
  },
})
