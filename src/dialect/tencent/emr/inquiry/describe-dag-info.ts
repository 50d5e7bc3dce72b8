/** DescribeDAGInfo: the plans of queries by their ids; of a query that never ran there is none (reference: api.json, appendix B). */
import { choice, integer, list, object, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'

export const describeDagInfo = action({
  name: 'DescribeDAGInfo',
  input: {
    InstanceID: clusterId('InvalidParameter.InvalidClusterId'),
    Type: choice(['STARROCKS'], { ignoreCase: true }),
    IDList: list(text({ min: 1, max: 256 }), { min: 1, max: 1 }),
  },
  output: {
    TotalCount: integer(),
    DAGInfoList: list(object({ ID: text(), Type: text(), Content: text() })),
  },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceID: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceID: id }) {
    await core.clusters.get(call, id)
    return { TotalCount: 0, DAGInfoList: [] }
  },
})
