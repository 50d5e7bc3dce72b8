/** ModifyDynamicInstance: a Ray cluster made different, scope by scope or by another manifest (reference: api.json, appendix B). */
import { integer, optional, text } from '../../../../shape/shape.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { termsOf } from '../node/terms.ts'
import { given, invalid, missing } from '../refusal.ts'
import { changedRay, type RayChange } from './change.ts'
import { podChangeFaults } from '../container/faults.ts'
import { refused } from './form.ts'
import { readManifest } from './manifest.ts'
import { rayFromManifest } from './manifest-change.ts'
import type { RayCluster, RaySite } from './ray.ts'
import { rayIn, requireRay, siteOf, storagesOf, usesOf } from './rule.ts'
import { instanceType, manifest, rayEdit, type RayEdit } from './shape.ts'

export const modifyDynamicInstance = action({
  name: 'ModifyDynamicInstance',
  input: {
    InstanceId: clusterId('FailedOperation'),
    ServiceName: text({ max: 64 }),
    DynamicInstanceType: instanceType,
    DynamicInstanceId: integer({ min: 0 }),
    DynamicInstanceForm: optional(rayEdit),
    DynamicInstanceYaml: optional(manifest),
  },
  output: { FlowId: integer() },
  faults: podChangeFaults,
  asks: ['account', 'identity', 'container-service', 'trade'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    const { InstanceId: id, ServiceName: service, DynamicInstanceId: number } = input
    const cluster = await core.clusters.get(call, id)
    requireRay(cluster, service)
    const wanted = readWanted(input.DynamicInstanceForm, input.DynamicInstanceYaml)
    const uses = await usesOf(core, call, cluster, wanted.storages)
    const nowMs = core.clock.now()
    const { flow } = await core.clusters.regroup(call, id, {
      regroup(was) {
        requireRay(was, service)
        const ray = rayIn(was, { name: 'DynamicInstanceId', number })
        const site = siteOf(was, { call, random: core.random, nowMs })
        const { action: kind, groups } = wanted.change(ray, site)
        return { action: kind, groups: withGroups(was, ray, groups) }
      },
      terms: termsOf(core, uses),
    })
    return { FlowId: flow }
  },
})

function withGroups({ spec }: Cluster, ray: RayCluster, groups: RayChange['groups']) {
  const own = new Set([ray.head, ...ray.workers].map(({ id }) => id))
  const others = spec.groups.filter(({ id }) => !own.has(id))
  return [...others, ...groups]
}

interface Wanted {
  readonly storages: ReturnType<typeof storagesOf>
  readonly change: (ray: RayCluster, site: RaySite) => RayChange
}

function readWanted(edit: RayEdit | undefined, yaml: string | undefined): Wanted {
  const sent = given(yaml)
  if (edit !== undefined && sent !== undefined) {
    const rule = 'it goes without DynamicInstanceForm'
    throw invalid({ name: 'DynamicInstanceYaml', code: 'FailedOperation', rule })
  }
  if (sent !== undefined) {
    const { form, text: kept } = readManifest(sent)
    return {
      storages: storagesOf(form),
      change: (ray, site) => rayFromManifest(ray, { form, yaml: kept }, site),
    }
  }
  if (edit === undefined) throw missing('DynamicInstanceForm')
  const storages = [edit, edit.AddDynamicInstanceGroup, edit.ModifyDynamicInstanceGroup]
  return {
    storages,
    change(ray, site) {
      // What was sent as a manifest is changed by one: it says all that there is.
      if (ray.whole.yaml !== undefined)
        throw refused(
          'DynamicInstanceForm',
          'it was made by a manifest, and is changed by one',
          ray.name,
        )
      return changedRay(ray, edit, site)
    },
  }
}
