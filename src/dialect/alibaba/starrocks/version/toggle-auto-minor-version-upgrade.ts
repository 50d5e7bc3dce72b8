/**
 * ToggleAutoMinorVersionUpgrade: whether an instance is brought to the newest minor version of its major one in its maintainable
 * hours. Facts: reference alibaba-starrocks.md 3.2 (Instance lifecycle), 6.1.
 */
import { flag } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources } from '../shape.ts'
import { maintenanceOf } from './maintenance.ts'

export const toggleAutoMinorVersionUpgrade = action({
  name: 'ToggleAutoMinorVersionUpgrade',
  input: { AutoUpgrade: flag(), InstanceId: instanceId },
  output: { Data: flag() },
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { AutoUpgrade: autoUpgrade, InstanceId }) {
    await core.clusters.setMaintenance(call, InstanceId, (was) => ({
      ...maintenanceOf(was),
      autoUpgrade,
    }))
    return { Data: true }
  },
})
