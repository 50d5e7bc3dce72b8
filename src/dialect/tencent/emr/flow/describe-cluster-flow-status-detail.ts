/** DescribeClusterFlowStatusDetail: how far one operation has come (reference: tencent-emr.md 4.2, 5.9). */
import { choice, flag, object, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { flowOutput } from './shape.ts'
import { unknownFlow, viewFlow } from './view.ts'

export const describeClusterFlowStatusDetail = action({
  name: 'DescribeClusterFlowStatusDetail',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidInstanceName'),
    FlowParam: object({
      FKey: choice(['FlowId', 'TraceId']),
      FValue: text({ trim: true, min: 1, max: 64 }),
    }),
    NeedExtraDetail: flag({ default: false }),
  },
  output: flowOutput,
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    const { FKey: key, FValue: value } = input.FlowParam
    const handle = key === 'TraceId' ? { trace: value } : { flow: flowNumber(value) }
    const id = input.InstanceId
    // Whoever follows a flow looks at its cluster, which matters where clusters move by being looked at.
    await core.clusters.list(call, { ids: [id], order: 'id', limit: 1, offset: 0 })
    const operation = await core.operations.find(call, id, handle)
    if (!operation) return unknownFlow
    return viewFlow(operation, { language: call.language, extra: input.NeedExtraDetail })
  },
})

/** Flows count from 1: anything that is no number of one finds nothing, as an unknown number does. */
function flowNumber(value: string): number {
  return /^\d{1,15}$/.test(value) ? Number(value) : 0
}
