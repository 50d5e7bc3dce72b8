/** DescribeDynamicInstanceList: the Ray clusters of a cluster of containers (reference: api.json, appendix B). */
import { list } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { rayClusters } from './ray.ts'
import { viewListedRay } from './view.ts'
import { listedRay, webUi } from './view-shape.ts'

export const describeDynamicInstanceList = action({
  name: 'DescribeDynamicInstanceList',
  input: { InstanceId: clusterId('InvalidParameter.InvalidClusterId') },
  output: { DynamicInstanceList: list(listedRay), WebUIInfos: list(webUi) },
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id }) {
    const cluster = await core.clusters.get(call, id)
    return {
      DynamicInstanceList: rayClusters(cluster).map((ray) => viewListedRay(cluster, ray)),
      // No component that is known here has a page of its own.
      WebUIInfos: [],
    }
  },
})
