/**
 * ResumeInstance: an instance that was disabled in arrears runs again as soon as its account can pay. One whose subscription ended is
 * renewed instead (renew-instance.ts). Facts: reference alibaba-starrocks.md 3.2, 5.1 (disable, enabling), 11.5.
 */
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'

export const resumeInstance = action({
  name: 'ResumeInstance',
  input: { InstanceId: instanceId, RegionId: optional(regionId) },
  output: { Data: flag() },
  faults: ['ClusterNotFound', 'ClusterBusy', 'BalanceShort'],
  asks: ['identity', 'compute', 'trade'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId }) {
    await core.clusters.resume(call, InstanceId)
    return { Data: true }
  },
})
