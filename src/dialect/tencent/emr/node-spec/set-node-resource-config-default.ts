/**
 * SetNodeResourceConfigDefault: the specification that scaling out takes; for the one that it is already, there is none any more
 * (reference: tencent-emr.md 3.7, appendix B).
 */
import { integer, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { clusterExtension } from '../cluster/extension.ts'
import { specsOf } from './node-spec.ts'
import { hardware, refuseElsewhere, roleName, sharedInput, specIn, withoutDefault } from './rule.ts'

export const setNodeResourceConfigDefault = action({
  name: 'SetNodeResourceConfigDefault',
  input: {
    InstanceId: clusterId('InvalidParameter'),
    ResourceConfigId: integer({ min: 0 }),
    ResourceType: optional(roleName),
    ...sharedInput,
    ...hardware,
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
        const chosen = specIn(specs, { id: asked.ResourceConfigId, role: asked.ResourceType })
        const updatedMs = core.clock.now()
        const nodeSpecs = withoutDefault(specs, chosen.role).map((each) =>
          each.id === chosen.id ? { ...each, isDefault: !chosen.isDefault, updatedMs } : each,
        )
        return { ...clusterExtension(was), nodeSpecs }
      },
    })
    return {}
  },
})
