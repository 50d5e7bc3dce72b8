/** DescribeSLInstance: a serverless HBase instance (reference: tencent-emr.md 4.1, api.json). */
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { action } from './action.ts'
import { instanceDetail } from './shape.ts'
import { viewInstance } from './view.ts'

export const describeSLInstance = action({
  name: 'DescribeSLInstance',
  input: { InstanceId: clusterId('InvalidParameter.InvalidClusterId') },
  output: instanceDetail,
  faults: ['ClusterNotFound'],
  asks: ['identity', 'tag'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id }) {
    const view = viewInstance(await core.clusters.get(call, id))
    const { DeployRole: _, ...own } = view
    return { ...own, SLInstance: [view] }
  },
})
