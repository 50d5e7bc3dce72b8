/** AddNodeResourceConfig: more specifications that nodes of a role may be added in (reference: tencent-emr.md 3.7, appendix B). */
import { choice, integer, list, optional } from '../../../../shape/shape.ts'
import { zoneOf } from '../../catalogue/region.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { resource } from '../cluster/create-shape.ts'
import { clusterExtension } from '../cluster/extension.ts'
import { unsupported } from '../refusal.ts'
import { specsOf, type NodeSpec, type SpecRole } from './node-spec.ts'
import {
  hardware,
  readSpec,
  refuseElsewhere,
  roleName,
  sharedInput,
  withSpec,
  zone,
} from './rule.ts'

export const addNodeResourceConfig = action({
  name: 'AddNodeResourceConfig',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    ResourceType: roleName,
    ResourceConfig: resource,
    PayMode: integer({ allowed: [0, 1] }),
    IsDefault: choice(['DEFAULT', 'BACKUP'], { default: 'BACKUP' }),
    ...zone,
    MultipleResourceConfig: optional(list(resource, { max: 2 })),
    ...sharedInput,
    ...hardware,
  },
  output: {},
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    refuseElsewhere(asked)
    const role = asked.ResourceType.toLowerCase() as SpecRole
    const inputs = [
      { name: 'ResourceConfig', input: asked.ResourceConfig },
      ...(asked.MultipleResourceConfig ?? []).map((input, at) => ({
        name: `MultipleResourceConfig.${at}`,
        input,
      })),
    ]
    await core.clusters.setExtension(call, asked.InstanceId, {
      verb: 'change-node-specs',
      extension(was) {
        const place = asked.ZoneId ?? 0
        if (place !== 0 && zoneOf(place)?.zone.name !== was.spec.network.zone)
          throw unsupported('ZoneId', 'the nodes of a cluster stand in one zone')
        const nowMs = core.clock.now()
        const nodeSpecs = inputs.reduce<readonly NodeSpec[]>((specs, { name, input }, at) => {
          const described = readSpec({
            cluster: was,
            role,
            prepaid: asked.PayMode === 1,
            name,
            input,
          })
          const added = {
            ...described,
            id: Number(core.random.decimal(8)) + 1,
            isDefault: at === 0 && asked.IsDefault === 'DEFAULT',
            createdMs: nowMs,
            updatedMs: nowMs,
          }
          return withSpec(specs, added, name)
        }, specsOf(was))
        return { ...clusterExtension(was), nodeSpecs: [...nodeSpecs] }
      },
    })
    return {}
  },
})
