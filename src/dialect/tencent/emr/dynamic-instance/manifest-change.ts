/** A Ray cluster after another manifest: groups of the same name keep their pods as far as they can. */
import type { Node, NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { canonicalJson } from '../../../../kernel/json.ts'
import { groupExtension } from '../cluster/extension.ts'
import type { RayChange } from './change.ts'
import { readRayForm, refused } from './form.ts'
import { groupFormOf, rayGroup, type RayCluster, type RaySite, type RayWhole } from './ray.ts'
import type { RayForm, RayGroupInput } from './shape.ts'

/** Throws FailedOperation. */
export function rayFromManifest(
  ray: RayCluster,
  { form, yaml }: { readonly form: RayForm; readonly yaml: string },
  site: RaySite,
): RayChange {
  if (form.DynamicInstanceName !== ray.name)
    throw refused('DynamicInstanceYaml', `its name must be ${ray.name}`, form.DynamicInstanceName)
  const { groups, whole } = readRayForm(form, site.namespace)
  const { createdMs, tokens } = ray.whole
  const kept: RayWhole = { ...whole, createdMs, tokens, yaml }
  const before = new Map([ray.head, ...ray.workers].map((group) => [group.name, group]))
  return {
    action: { kind: 'configure' },
    groups: groups.map((group) => {
      const isHead = group.GroupType === 'headGroup'
      const of = { ray: ray.id, form: kept, ...(isHead ? { whole: kept } : {}) }
      const made = rayGroup(group, site, of)
      const was = before.get(made.name)
      return was ? taken(was, made) : made
    }),
  }
}

/** The new group with the pods of the old one; again where the manifest has other words for them. */
function taken(was: NodeGroup, made: NodeGroup): NodeGroup {
  const isSame = sentOf(was) === sentOf(made)
  const nodes = made.nodes.map((node, at): Node => {
    const old = was.nodes[at]
    if (!old) return node
    return isSame ? old : { ...old, restarts: old.restarts + 1 }
  })
  return { ...made, id: was.id, nodes, extension: { ...groupExtension(made) } }
}

/** What its pods are made of, however many. */
function sentOf(group: NodeGroup): string {
  const {
    PodNum: _count,
    MinPodNum: _min,
    MaxPodNum: _max,
    ...rest
  }: RayGroupInput = groupFormOf(group)
  return canonicalJson(rest)
}
