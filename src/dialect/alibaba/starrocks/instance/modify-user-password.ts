/**
 * ModifyUserPassword: another password for the user `admin` of a running instance, whose engine takes it over without a restart. It
 * travels in the query. Facts: reference alibaba-starrocks.md 3.2, 4.1 (AdminPassword).
 */
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { ADMIN_PASSWORD_SECRET, adminPassword } from './password.ts'

export const modifyUserPassword = action({
  name: 'ModifyUserPassword',
  input: { InstanceId: instanceId, Password: adminPassword, RegionId: optional(regionId) },
  output: { Data: flag() },
  faults: ['ClusterNotFound', 'ClusterBusy'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId, Password: password }) {
    await core.clusters.setPassword(call, InstanceId, { secret: ADMIN_PASSWORD_SECRET, password })
    return { Data: true }
  },
})
