/** ModifySLInstanceBasic: another name for a serverless HBase instance (reference: tencent-emr.md appendix B, api.json). */
import { text } from '../../../../shape/shape.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { readName } from '../cluster/login.ts'
import { renaming } from '../renaming.ts'
import { action } from './action.ts'

export const modifySLInstanceBasic = action({
  name: 'ModifySLInstanceBasic',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    ClusterName: text(),
  },
  output: {},
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    const names = [['InstanceName', 'ClusterName']] as const
    const name = renaming({ names }, () => readName(input.ClusterName))
    await core.clusters.rename(call, input.InstanceId, name)
    return {}
  },
})
