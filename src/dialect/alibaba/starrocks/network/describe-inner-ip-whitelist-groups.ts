/** DescribeInnerIpWhitelistGroups: who may connect, as it was given. Facts: reference alibaba-starrocks.md 3.1, 3.2. */
import { list, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { accessOf } from '../instance/access.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'

export const describeInnerIpWhitelistGroups = action({
  name: 'DescribeInnerIpWhitelistGroups',
  input: { InstanceId: instanceId, RegionId: optional(regionId) },
  output: { Data: list(object({ CidrIpList: list(text()), InnerIpWhitelistGroupId: text() })) },
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId }) {
    const { allowLists } = accessOf(await core.clusters.get(call, InstanceId))
    const Data = allowLists.map(({ name, blocks }) => ({
      CidrIpList: [...blocks],
      InnerIpWhitelistGroupId: name,
    }))
    return { Data }
  },
})
