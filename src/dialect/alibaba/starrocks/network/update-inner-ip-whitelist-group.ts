/**
 * UpdateInnerIpWhitelistGroup: who may connect, under the name of a group that may be a new one. Sessions of addresses that are in no
 * group any more end. Facts: reference alibaba-starrocks.md 3.2.
 */
import { withAllowList } from '../../../../domain/cluster/access.ts'
import { Fault } from '../../../../domain/fault.ts'
import { limits } from '../../../../limits.ts'
import { optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { accessAsks, accessFaults, accessOf, refused } from '../instance/access.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { cidrIpList, unreadable, whitelistGroupId } from './whitelist.ts'

export const updateInnerIpWhitelistGroup = action({
  name: 'UpdateInnerIpWhitelistGroup',
  input: {
    CidrIpList: cidrIpList,
    InnerIpWhitelistGroupId: whitelistGroupId,
    InstanceId: instanceId,
    RegionId: optional(regionId),
  },
  output: {},
  faults: [...accessFaults, 'LimitReached'],
  asks: accessAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { CidrIpList: blocks, InnerIpWhitelistGroupId: name, InstanceId }) {
    const [wrong] = unreadable(blocks)
    if (wrong !== undefined) throw refused('CidrIpList', `Cidr ip ${wrong} is no IPv4 block`)
    await core.clusters.setAccess(call, InstanceId, (was) => {
      const access = withAllowList(accessOf(was), { name, blocks })
      const limit = limits.allowLists
      if (access.allowLists.length > limit)
        throw new Fault('LimitReached', { what: 'inner ip whitelist groups', limit })
      return { action: { kind: 'access', aspect: 'allow-list' }, access }
    })
    return {}
  },
})
