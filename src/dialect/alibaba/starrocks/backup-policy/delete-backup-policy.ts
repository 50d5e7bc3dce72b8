/** DeleteBackupPolicy: no more backups; those that were taken stay until their time. Facts: reference alibaba-starrocks.md 3.2. */
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { policyId } from './shape.ts'

export const deleteBackupPolicy = action({
  name: 'DeleteBackupPolicy',
  input: { InstanceId: instanceId, PolicyId: policyId, RegionId: optional(regionId) },
  output: { Data: flag() },
  faults: ['ClusterNotFound', 'BackupPolicyNotFound'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId, PolicyId }) {
    await core.backups.removePolicy(call, { cluster: InstanceId, policy: PolicyId })
    return { Data: true }
  },
})
