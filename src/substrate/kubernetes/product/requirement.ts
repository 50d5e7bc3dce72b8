/** What of a cluster that an operator runs cannot be carried out, whatever its product, by name and with the reason. Pure. */
import type { UnmetRequirement, Prospect } from '../../../domain/cluster/capability.ts'
import type { NodeGroup } from '../../../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../../domain/cluster/spec.ts'
import { listed } from '../../../kernel/enumeration.ts'
import { unmetClass, storageClassOf, unmetZone } from '../provision.ts'
import { dataDisksOf, type Product } from './product.ts'
import type { ProductProvision } from './driver.ts'

export function unmetRequirement(
  product: Product,
  { spec, before }: Prospect,
  provision: ProductProvision,
): UnmetRequirement | undefined {
  return (
    unmetComponent(product, spec, provision) ??
    unmetGroups(product, spec, provision) ??
    unmetAspect(spec) ??
    unmetSetting(product, spec) ??
    (before && unmetChange(product, before, spec)) ??
    product.unmet(spec, before)
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

function unmetComponent(
  product: Product,
  spec: ClusterSpec,
  { versions = {} }: ProductProvision,
): UnmetRequirement | undefined {
  const others = componentsOf(spec).filter(
    ({ name }) => name !== product.name && product.within[name] === undefined,
  )
  // Hadoop clusters always have it.
  const strange = others.find(({ name }) => name === 'yarn') ?? others[0]
  if (strange) return unmet(strange.name, 'no operator runs it on kubernetes')
  return unmetVersion(product, versions)
}

export function unmetVersion(
  { versioned }: Product,
  versions: ProductProvision['versions'] = {},
): { readonly what: string; readonly detail: string } | undefined {
  const unnamed = versioned.find((name) => versions[name] === undefined)
  return unnamed === undefined
    ? undefined
    : unmet(unnamed, 'kubernetes.versions names no version of it that its operator runs')
}

function unmetGroups(
  { title, roles, disks: { most } }: Product,
  spec: ClusterSpec,
  provision: ProductProvision,
): UnmetRequirement | undefined {
  for (const group of spec.groups) {
    const { name, role, nodes } = group
    if (!roles.includes(role))
      return unmet(`a group of ${role} nodes`, `${title} on kubernetes has none`)
    if (nodes.length === 0) return unmet('a group without nodes', `${name} has none`)
    if (nodes.some(({ size }) => size !== undefined))
      return unmet('resizing single nodes', 'kubernetes has one size for all nodes of a group')
    const zone = unmetZone(provision, group)
    if (zone) return zone
    const disks = dataDisksOf(group)
    if (disks.length === 0) return unmet('nodes without data disks', `${name} keeps data`)
    if (disks.length > most)
      return unmet('several data disks', `nodes of ${title} on kubernetes have ${most}`)
    for (const { level, type } of disks) {
      const wanted = level === undefined || level === '' ? type : level
      if (storageClassOf(provision, wanted, spec) === undefined)
        return unmetClass(provision, wanted, spec)
    }
  }
  return undefined
}

function unmetAspect(spec: ClusterSpec): UnmetRequirement | undefined {
  if (spec.storage) return unmet('object storage', 'clusters on kubernetes come to no bucket')
  if (spec.origin) return unmet('a backup to begin with', 'kubernetes keeps none')
  return undefined
}

/** Values stand in custom resources, which more people may read than may read Secrets. */
const SECRET = /password|secret|credential|token/i
/** Of properties, XML paths and the like. */
const NAME = /^[\w./-]+$/

function unmetSetting(
  { operator, files }: Product,
  { configuration }: ClusterSpec,
): UnmetRequirement | undefined {
  for (const { service, file, group, properties } of configuration) {
    const own = files[`${service}/${file}`]
    if (!own) {
      const known = Object.keys(files)
      const others = known.length === 0 ? 'none have' : `those of ${listed(known)} have`
      return unmet(`settings of ${service}/${file}`, `on kubernetes ${others} an effect`)
    }
    if (group !== undefined) return unmet('settings of one group', `${operator} has them for all`)
    for (const [name, value] of Object.entries(properties)) {
      if (own.test(name)) return unmet(`the setting ${name}`, `${operator} sets it`)
      if (SECRET.test(name)) return unmet(`the setting ${name}`, 'secrets in settings are not kept')
      if (!NAME.test(name) || /[\r\n]/.test(value))
        return unmet(`the setting ${name}`, 'it is no line of a file of settings')
    }
  }
  return undefined
}

/** What of a change there is no safe way for. */
function unmetChange(
  product: Product,
  before: ClusterSpec,
  after: ClusterSpec,
): UnmetRequirement | undefined {
  for (const was of before.groups) {
    const now = after.groups.find(({ id }) => id === was.id)
    if (!now) return unmet('removing a group', 'kubernetes does not move the data of its nodes')
    const kept = new Set(now.nodes.map(({ id }) => id))
    if (was.nodes.some(({ id }) => !kept.has(id))) {
      if (!product.unmetWithFewer)
        return unmet('fewer nodes', `${product.operator} does not move the data of nodes that go`)
      const why = product.unmetWithFewer(after, now)
      if (why) return why
    }
    if (now.zone !== was.zone) return unmet('another zone', 'volumes do not move between zones')
    const disks = unmetDisk(product, was, now)
    if (disks) return disks
  }
  return undefined
}

function unmetDisk(
  { operator, disks }: Product,
  was: NodeGroup,
  now: NodeGroup,
): UnmetRequirement | undefined {
  const [before, after] = [dataDisksOf(was), dataDisksOf(now)]
  for (const [at, disk] of before.entries()) {
    const next = after[at]
    if (!next) return unmet('fewer disks', 'kubernetes does not move the data of disks that go')
    if (next.type !== disk.type || next.level !== disk.level)
      return unmet('other disks', 'kubernetes does not move data between disks')
    if (next.sizeGib < disk.sizeGib) return unmet('smaller disks', 'volumes do not shrink')
    if (next.sizeGib > disk.sizeGib && !disks.grow)
      return unmet('larger disks', `${operator} does not enlarge volumes`)
  }
  if (after.length > before.length && !disks.add)
    return unmet('more disks', `${operator} does not add volumes`)
  return undefined
}

function unmet(what: string, detail: string) {
  return { what, detail }
}
