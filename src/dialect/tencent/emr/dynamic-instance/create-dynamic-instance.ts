/** CreateDynamicInstance: a Ray cluster in a cluster of containers, by a form or a manifest (reference: api.json, appendix B). */
import { integer, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { given, invalid, missing } from '../refusal.ts'
import { termsOf } from '../node/terms.ts'
import { refused } from './form.ts'
import { readManifest, type ReadManifest } from './manifest.ts'
import { rayClusters, rayGroups } from './ray.ts'
import { requireRay, siteOf, storagesOf, usesOf } from './rule.ts'
import { instanceType, manifest, rayForm, type RayForm } from './shape.ts'
import { podChangeFaults } from '../container/faults.ts'

const RAYS_MAX = 20

export const createDynamicInstance = action({
  name: 'CreateDynamicInstance',
  input: {
    InstanceId: clusterId('FailedOperation'),
    ServiceName: text({ max: 64 }),
    DynamicInstanceType: instanceType,
    DynamicInstanceForm: optional(rayForm),
    DynamicInstanceYaml: optional(manifest),
  },
  output: { FlowId: integer() },
  faults: podChangeFaults,
  asks: ['account', 'identity', 'container-service', 'trade'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    const { InstanceId: id, ServiceName: service } = input
    const cluster = await core.clusters.get(call, id)
    requireRay(cluster, service)
    const { form, text: yaml } = readWanted(input.DynamicInstanceForm, input.DynamicInstanceYaml)
    const uses = await usesOf(core, call, cluster, storagesOf(form))
    const nowMs = core.clock.now()
    const { flow } = await core.clusters.regroup(call, id, {
      regroup(was) {
        requireRay(was, service)
        const rays = rayClusters(was)
        if (rays.some(({ name }) => name === form.DynamicInstanceName))
          throw refused(
            'DynamicInstanceForm.DynamicInstanceName',
            'there is one',
            form.DynamicInstanceName,
          )
        if (rays.length >= RAYS_MAX) throw refused('InstanceId', `at most ${RAYS_MAX} are kept`, id)
        const site = siteOf(was, { call, random: core.random, nowMs })
        const sent = yaml === undefined ? {} : { yaml }
        const added = rayGroups({ form, ...sent }, site)
        return {
          action: { kind: 'scale', direction: 'out' },
          groups: [...was.spec.groups, ...added],
        }
      },
      terms: termsOf(core, uses),
    })
    return { FlowId: flow }
  },
})

function readWanted(
  form: RayForm | undefined,
  yaml: string | undefined,
): { readonly form: RayForm; readonly text?: string } {
  const sent = given(yaml)
  if (form !== undefined && sent !== undefined) {
    const rule = 'it goes without DynamicInstanceForm'
    throw invalid({ name: 'DynamicInstanceYaml', code: 'FailedOperation', rule })
  }
  if (sent !== undefined) return readManifest(sent) satisfies ReadManifest
  if (form === undefined) throw missing('DynamicInstanceForm')
  return { form }
}
