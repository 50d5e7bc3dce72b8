/** DeleteNodeResourceConfig: a specification that nodes are not added in any more (reference: tencent-emr.md 3.7, appendix B). */
import { integer, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { clusterExtension } from '../cluster/extension.ts'
import { specsOf } from './node-spec.ts'
import { refuseElsewhere, roleName, sharedInput, specIn } from './rule.ts'

export const deleteNodeResourceConfig = action({
  name: 'DeleteNodeResourceConfig',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    ResourceConfigId: integer({ min: 0 }),
    ResourceType: optional(roleName),
    ...sharedInput,
  },
  output: {},
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    refuseElsewhere(asked)
    await core.clusters.setExtension(call, asked.InstanceId, {
      verb: 'change-node-specs',
      extension(was) {
        const specs = specsOf(was)
        const gone = specIn(specs, { id: asked.ResourceConfigId, role: asked.ResourceType })
        const nodeSpecs = specs.filter((each) => each !== gone)
        return { ...clusterExtension(was), nodeSpecs }
      },
    })
    return {}
  },
})
