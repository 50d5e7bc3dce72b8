/** TerminateTasks: removes task nodes by their ids, at once: they hold no data (reference: tencent-emr.md 5.4). */
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { removal } from './removal.ts'
import { resourceIdList } from './selection.ts'

export const terminateTasks = action({
  name: 'TerminateTasks',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidInstanceName'),
    ResourceIds: resourceIdList('InvalidParameter.InvalidResourceIds', { min: 1 }),
  },
  output: {},
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported', 'BalanceShort'],
  asks: ['account', 'identity', 'compute', 'trade'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, ResourceIds: ids }) {
    const selection = {
      name: 'ResourceIds',
      ids,
      idOf: (node: { readonly id: string }) => node.id,
      code: 'ResourceNotFound.ResourceNotFound',
    }
    const request = removal(core, { role: 'task', selection })
    await core.clusters.scale(call, id, { ...request, graceMs: 0 })
    return {}
  },
})
