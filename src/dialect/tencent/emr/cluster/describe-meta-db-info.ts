/** DescribeMetaDBInfo: where the components of a cluster keep their metadata (reference: the Python SDK 3.1.192, which names it first). */
import { list } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from './cluster-id.ts'
import { clusterExtension } from './extension.ts'
import { metaDatabasesOf } from './view.ts'
import { metaDatabase } from './view-shape.ts'

export const describeMetaDbInfo = action({
  name: 'DescribeMetaDBInfo',
  input: { InstanceId: clusterId('InvalidParameter.InvalidClusterId') },
  output: { MetaDBGroupInfo: list(metaDatabase) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id }) {
    const cluster = await core.clusters.get(call, id)
    return { MetaDBGroupInfo: metaDatabasesOf(clusterExtension(cluster)) ?? [] }
  },
})
