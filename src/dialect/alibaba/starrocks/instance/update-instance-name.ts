/**
 * UpdateInstanceName: the new name travels as ClusterName. The name it already has is accepted, because Terraform sends it after
 * every create. Instances that are unpaid, disabled or under another change refuse it; one that is being created has its name
 * already, and may have another. Facts: reference alibaba-starrocks.md 3.2, 7, 9.3.
 */
import { Fault } from '../../../../domain/fault.ts'
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceName, instanceResources, regionId } from '../shape.ts'

export const updateInstanceName = action({
  name: 'UpdateInstanceName',
  input: { ClusterName: instanceName, InstanceId: instanceId, RegionId: optional(regionId) },
  output: { Data: flag() },
  faults: ['ClusterNotFound', 'ClusterBusy'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, input) {
    await core.clusters.rename(
      call,
      input.InstanceId,
      input.ClusterName,
      ({ id, status: { state } }) => {
        if (state !== 'running' && state !== 'creating')
          throw new Fault('ClusterBusy', { id, state, event: 'rename' })
      },
    )
    return { Data: true }
  },
})
