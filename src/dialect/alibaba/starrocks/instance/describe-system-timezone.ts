/** DescribeSystemTimezone: the time zone that the instance's engine was made with. Facts: reference alibaba-starrocks.md 3.2. */
import { integer, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { TIME_ZONE } from './new-cluster.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'

export const describeSystemTimezone = action({
  name: 'DescribeSystemTimezone',
  input: { InstanceId: instanceId, RegionId: optional(regionId) },
  output: { Data: text(), Total: integer() },
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId }) {
    const { spec } = await core.clusters.get(call, InstanceId)
    return { Data: spec.software.timeZone ?? TIME_ZONE, Total: 1 }
  },
})
