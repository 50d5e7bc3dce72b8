/**
 * DescribeInstanceMetaToken: the secret that metadata services know an instance by, in the form of a UUID. It is kept nowhere: the
 * server's own key makes the same one again. Facts: reference alibaba-starrocks.md 3.2.
 */
import { integer, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'

export const describeInstanceMetaToken = action({
  name: 'DescribeInstanceMetaToken',
  input: { InstanceId: instanceId, RegionId: optional(regionId) },
  output: { Data: text(), Total: integer() },
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId }) {
    return { Data: uuidOf(await core.clusters.token(call, InstanceId)), Total: 1 }
  },
})

/** Version 8 of UUIDs: what its digits mean is our own. */
function uuidOf(digits: string): string {
  const [one, two, three, four, five] = [8, 12, 15, 18, 30]
  const parts = [
    digits.slice(0, one),
    digits.slice(one, two),
    `8${digits.slice(two, three)}`,
    `a${digits.slice(three, four)}`,
    digits.slice(four, five),
  ]
  return parts.join('-')
}
