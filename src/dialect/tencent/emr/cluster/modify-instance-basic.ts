/** ModifyInstanceBasic: another name for a cluster, by the rules of a new one (reference: tencent-emr.md 1, appendix B, api.json). */
import { choice, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { given, unsupported } from '../refusal.ts'
import { renaming } from '../renaming.ts'
import { clusterId, clusterResource } from './cluster-id.ts'
import { readName } from './login.ts'

export const modifyInstanceBasic = action({
  name: 'ModifyInstanceBasic',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    ClusterName: text(),
    ResourceBaseType: choice(['EMR', 'ComputeResource'], { default: 'EMR' }),
    ComputeResourceId: optional(text()),
  },
  output: {},
  faults: ['ClusterNotFound', 'NotSupported'],
  asks: ['identity'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    if (input.ResourceBaseType !== 'EMR') throw unsupported('ResourceBaseType')
    if (given(input.ComputeResourceId) !== undefined) throw unsupported('ComputeResourceId')
    const name = renaming({ names: [['InstanceName', 'ClusterName']] }, () =>
      readName(input.ClusterName),
    )
    await core.clusters.rename(call, input.InstanceId, name)
    return {}
  },
})
