/**
 * DeleteBackup: deletes a backup and its data, irrevocably. One that is being taken cannot be interrupted; one that an instance is being
 * made of goes when that is done. Facts: reference alibaba-starrocks.md 3.2, 11.6.
 */
import { flag } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { backupTaskId } from './shape.ts'

export const deleteBackup = action({
  name: 'DeleteBackup',
  input: { BackupTaskId: backupTaskId, InstanceId: instanceId, RegionId: regionId },
  output: { Data: flag() },
  faults: ['ClusterNotFound', 'BackupNotFound', 'BackupUnfit'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId, BackupTaskId }) {
    await core.backups.remove(call, InstanceId, BackupTaskId)
    return { Data: true }
  },
})
