/** DisableSSLConnection: clients are offered no TLS any more; those that are connected stay so. Facts: reference alibaba-starrocks.md 3.2 (SSL). */
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { accessAsks, accessFaults, accessOf, refused } from '../instance/access.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'

export const disableSSLConnection = action({
  name: 'DisableSSLConnection',
  input: { InstanceId: instanceId, RegionId: optional(regionId) },
  output: { Data: flag() },
  faults: accessFaults,
  asks: accessAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId }) {
    await core.clusters.setAccess(call, InstanceId, (was) => {
      const before = accessOf(was)
      if (typeof before.encryption !== 'object') throw refused('InstanceId', 'SSL is not enabled')
      const access = { ...before, encryption: 'off' } as const
      return { action: { kind: 'access', aspect: 'encryption' }, access }
    })
    return { Data: true }
  },
})
