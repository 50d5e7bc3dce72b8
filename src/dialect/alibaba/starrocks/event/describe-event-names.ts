/**
 * DescribeEventNames: the names of the events that can happen to an instance; every instance has the same. Facts: reference
 * alibaba-starrocks.md 3.2 (Operations / events / diagnosis).
 */
import { integer, list, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources } from '../shape.ts'
import { eventNames } from './event-name.ts'

export const describeEventNames = action({
  name: 'DescribeEventNames',
  input: { InstanceId: optional(instanceId) },
  output: { Data: list(text()), Total: integer() },
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId ?? []].flat()),
  async run(core, call, { InstanceId }) {
    if (InstanceId !== undefined) await core.clusters.get(call, InstanceId)
    return { Data: [...eventNames], Total: eventNames.length }
  },
})
