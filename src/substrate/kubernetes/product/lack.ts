/** What of a cluster that an operator runs cannot be carried out, whatever its product, by name and with the reason. Pure. */
import type { Lack, Prospect } from '../../../domain/cluster/capability.ts'
import type { NodeGroup } from '../../../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../../domain/cluster/spec.ts'
import { storageClassOf } from '../starrocks/objects.ts'
import { dataDisksOf, type Product } from './product.ts'
import type { ProductProvision } from './driver.ts'

export function lackOf(
  product: Product,
  { spec, before }: Prospect,
  provision: ProductProvision,
): Lack | undefined {
  return (
    componentLack(product, spec, provision) ??
    groupsLack(product, spec, provision) ??
    aspectLack(spec) ??
    (before && changeLack(before, spec)) ??
    product.lack(spec, before)
  )
}

/** `kafka-2.4.1` is kafka of version 2.4.1. */
export function componentsOf({
  software,
}: ClusterSpec): readonly { readonly name: string; readonly version: string }[] {
  return software.components.map((label) => {
    const [, name = label, version = ''] = /^(.+)-(\d[\w.]*)$/.exec(label) ?? []
    return { name, version }
  })
}

function componentLack(
  product: Product,
  spec: ClusterSpec,
  { versions = {} }: ProductProvision,
): Lack | undefined {
  const strange = componentsOf(spec).find(
    ({ name }) => name !== product.name && product.within[name] === undefined,
  )
  if (strange) return lack(strange.name, 'no operator runs it on kubernetes')
  const unnamed = product.versionsOf(spec).find((name) => versions[name] === undefined)
  return unnamed === undefined
    ? undefined
    : lack(unnamed, `kubernetes.versions names no version of it that its operator runs`)
}

function groupsLack(
  { name: product, roles }: Product,
  { groups }: ClusterSpec,
  provision: ProductProvision,
): Lack | undefined {
  for (const group of groups) {
    const { name, role, nodes } = group
    if (!roles.includes(role))
      return lack(`a group of ${role} nodes`, `${product} on kubernetes has none`)
    if (nodes.length === 0) return lack('a group without nodes', `${name} has none`)
    if (nodes.some(({ size }) => size !== undefined))
      return lack('resizing single nodes', 'kubernetes has one size for all nodes of a group')
    const disks = dataDisksOf(group)
    if (disks.length === 0) return lack('nodes without data disks', `${name} keeps data`)
    for (const { level, type } of disks) {
      const wanted = level === undefined || level === '' ? type : level
      if (storageClassOf(provision, wanted) === undefined)
        return lack(
          `disks of ${wanted}`,
          `kubernetes.storage-classes names no StorageClass for ${wanted}`,
        )
    }
  }
  return undefined
}

function aspectLack(spec: ClusterSpec): Lack | undefined {
  if (spec.configuration.length > 0)
    return lack('configuration', 'settings have no effect on kubernetes')
  if (spec.storage) return lack('object storage', 'clusters on kubernetes come to no bucket')
  if (spec.origin) return lack('a backup to begin with', 'kubernetes keeps none')
  return undefined
}

/** What of a change there is no safe way for. */
function changeLack(before: ClusterSpec, after: ClusterSpec): Lack | undefined {
  for (const was of before.groups) {
    const now = after.groups.find(({ id }) => id === was.id)
    if (!now) return lack('removing a group', 'kubernetes does not move the data of its nodes')
    if (now.nodes.length < was.nodes.length)
      return lack('fewer nodes', 'kubernetes does not move the data of nodes that go')
    if (now.zone !== was.zone) return lack('another zone', 'volumes do not move between zones')
    if (shapeOf(now) !== shapeOf(was))
      return lack('other disks', 'disks of kubernetes are not changed')
  }
  return undefined
}

function shapeOf(group: NodeGroup): string {
  return JSON.stringify(
    dataDisksOf(group).map(({ type, level, sizeGib }) => [type, level, sizeGib]),
  )
}

function lack(what: string, detail: string): Lack {
  return { what, detail }
}
