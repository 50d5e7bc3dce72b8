/** DeleteInnerIpWhitelistGroup: without the last group, everyone may connect again. Facts: reference alibaba-starrocks.md 3.2. */
import { withoutAllowList } from '../../../../domain/cluster/access.ts'
import { optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { accessAsks, accessFaults, accessOf, refused } from '../instance/access.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { whitelistGroupId } from './whitelist.ts'

export const deleteInnerIpWhitelistGroup = action({
  name: 'DeleteInnerIpWhitelistGroup',
  input: {
    InnerIpWhitelistGroupId: whitelistGroupId,
    InstanceId: instanceId,
    RegionId: optional(regionId),
  },
  output: {},
  faults: accessFaults,
  asks: accessAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InnerIpWhitelistGroupId: name, InstanceId }) {
    await core.clusters.setAccess(call, InstanceId, (was) => {
      const before = accessOf(was)
      if (!before.allowLists.some((list) => list.name === name))
        throw refused('InnerIpWhitelistGroupId', `inner ip whitelist group [${name}] not exists`)
      const access = withoutAllowList(before, name)
      return { action: { kind: 'access', aspect: 'allow-list' }, access }
    })
    return {}
  },
})
