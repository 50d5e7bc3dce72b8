/**
 * RestartInstance: new processes for all nodes of a running instance, on the same data; one node after the other unless it shall be
 * fast. Facts: reference alibaba-starrocks.md 3.2, 5.1, 11.6.
 */
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'

export const restartInstance = action({
  name: 'RestartInstance',
  input: { FastMode: optional(flag()), InstanceId: instanceId, RegionId: optional(regionId) },
  output: { Data: flag() },
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  asks: ['identity', 'compute'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { FastMode = false, InstanceId }) {
    await core.clusters.restart(call, InstanceId, { scope: { of: 'cluster' }, rolling: !FastMode })
    return { Data: true }
  },
})
