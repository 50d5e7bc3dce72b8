/**
 * ModifyMaintainableTime: other hours in which the service may upgrade a running instance by itself.
 * Facts: reference alibaba-starrocks.md 3.2 (Instance lifecycle), 6.1.
 */
import { Fault } from '../../../../domain/fault.ts'
import { choice, flag } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources } from '../shape.ts'
import { maintainablePeriods, maintenanceOf, windowOf } from './maintenance.ts'

export const modifyMaintainableTime = action({
  name: 'ModifyMaintainableTime',
  input: {
    InstanceId: instanceId,
    MaintainableTimePeriod: choice(maintainablePeriods, { label: 'Maintainable time period' }),
  },
  output: { Data: flag() },
  faults: ['ClusterNotFound', 'ClusterBusy'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId, MaintainableTimePeriod }) {
    await core.clusters.setMaintenance(call, InstanceId, (was) => {
      const { state } = was.status
      if (state !== 'running')
        throw new Fault('ClusterBusy', { id: InstanceId, state, event: 'maintain' })
      return { ...maintenanceOf(was), window: windowOf(MaintainableTimePeriod) }
    })
    return { Data: true }
  },
})
