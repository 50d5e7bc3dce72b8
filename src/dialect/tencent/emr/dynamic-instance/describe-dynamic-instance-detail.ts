/** DescribeDynamicInstanceDetail: a Ray cluster in full (reference: api.json, appendix B). */
import { integer } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { rayIn, tokenOf } from './rule.ts'
import { viewRay } from './view.ts'
import { rayDetail } from './view-shape.ts'

const CODE = 'InvalidParameter.InvalidClusterId'

export const describeDynamicInstanceDetail = action({
  name: 'DescribeDynamicInstanceDetail',
  input: { InstanceId: clusterId(CODE), RayClusterId: integer({ code: CODE }) },
  output: rayDetail,
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, RayClusterId: number }) {
    const cluster = await core.clusters.get(call, id)
    const ray = rayIn(cluster, { name: 'RayClusterId', number, code: CODE })
    return viewRay(cluster, ray, await tokenOf(core, call, { cluster, ray }))
  },
})
