/**
 * What of a StarRocks instance cannot be carried out on Kubernetes, by name and with the reason: refused when it is asked for. What is
 * not in here has its effect in the objects (objects.ts). Pure.
 */
import type { UnmetRequirement, Prospect } from '../../../domain/cluster/capability.ts'
import { dataGib, type NodeGroup } from '../../../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../../domain/cluster/spec.ts'
import { unmetSetting } from './configuration.ts'
import { unmetAccess } from './exposure.ts'
import { unmetClass, localClassOf, storageClassOf, unmetZone } from '../provision.ts'
import { unmetEncryption } from './encryption.ts'
import { unmetGiven } from './given-object.ts'
import { runVersion, type Provision } from './objects.ts'
import { partOf, volumesOf } from './part.ts'

/** A front end that has less left than 5 GiB on its disk stops (StarRocks, FE configuration). */
const FRONTEND_GIB = 10
/** Machines that come with a network that no container can be promised. */
const UNMATCHED = 'networkEnhanced'

export function unmetRequirement(
  { spec, before, keepsObjects }: Prospect,
  provision: Provision,
): UnmetRequirement | undefined {
  return (
    unmetGroups(spec) ??
    unmetStorage(spec, keepsObjects) ??
    unmetAspect(spec) ??
    unmetAccess(spec, provision.exposure ?? {}) ??
    unmetEncryption(spec.access, runVersion(spec.software.version, provision)) ??
    unmetGiven(spec, runVersion(spec.software.version, provision)) ??
    unmetSize(spec, provision) ??
    (before && unmetChange(before, spec))
  )
}

function unmetGroups({ groups }: ClusterSpec): UnmetRequirement | undefined {
  const strange = groups.find((group) => partOf(group) === undefined)
  if (strange)
    return unmet(
      `a group of ${strange.role}`,
      'kubernetes runs front ends, observers, and back ends or compute nodes',
    )
  const workers = groups.filter(({ role }) => role === 'be' || role === 'cn')
  const frontends = groups.filter(({ role }) => role === 'fe')
  if (frontends.length !== 1)
    return unmet('several groups of front ends', "StarRocks' operator runs one")
  if (workers.length === 0) return unmet('no workers', 'an instance needs a group of them')
  if (new Set(workers.map(({ role }) => role)).size > 1)
    return unmet('back ends beside compute nodes', 'data lie on disks or in object storage')
  const empty = [...frontends, ...workers.slice(0, 1)].find(({ nodes }) => nodes.length === 0)
  return empty && unmet('a group without nodes', `${empty.name} has none`)
}

function unmetStorage({ groups }: ClusterSpec, keepsObjects = true): UnmetRequirement | undefined {
  if (keepsObjects || !groups.some(({ role }) => role === 'cn')) return undefined
  return unmet(
    'compute nodes',
    'nothing keeps the objects of its cloud; `object-storage` in the file of the environment does',
  )
}

function unmetAspect(spec: ClusterSpec): UnmetRequirement | undefined {
  const setting = unmetSetting(spec.configuration)
  if (setting) return unmet(`the setting ${setting.name}`, setting.detail)
  if (spec.origin) return unmet('a backup to begin with', 'kubernetes keeps none')
  return undefined
}

function unmetSize(spec: ClusterSpec, provision: Provision): UnmetRequirement | undefined {
  for (const group of spec.groups) {
    const part = partOf(group)
    const { disks, machine, name, role } = group
    const zone = unmetZone(provision, group)
    if (zone) return zone
    if (machine === UNMATCHED && provision.machines?.[machine] === undefined)
      return unmet(machine, 'machines of the environment name none that have it')
    const isLocal = disks.some(({ level }) => level === undefined || level === '')
    if (isLocal && localClassOf(provision, machine, spec) === undefined)
      return unmet(
        'local disks',
        `the disks of ${name} stay on their machine, and kubernetes.storage-classes names no StorageClass for ${machine}`,
      )
    for (const { level } of part && !isLocal ? volumesOf(part, disks) : [])
      if (storageClassOf(provision, level, spec) === undefined)
        return unmetClass(provision, level, spec)
    if ((role === 'fe' || role === 'observer') && dataGib(group) < FRONTEND_GIB)
      return unmet('a small disk', `a front end stops with less than ${FRONTEND_GIB} GiB`)
  }
  return undefined
}

/** What of a change there is no safe way for. */
function unmetChange(before: ClusterSpec, after: ClusterSpec): UnmetRequirement | undefined {
  const [workers] = before.groups.filter(({ role }) => role === 'be' || role === 'cn')
  const operated = before.groups.filter((group) => group.role === 'fe' || group === workers)
  for (const was of before.groups) {
    const now = after.groups.find(({ id }) => id === was.id)
    if (!now) {
      if (!operated.includes(was)) continue
      return unmet('removing a group', `an instance needs ${was.name}`)
    }
    if (was.role === 'fe' && now.nodes.length < was.nodes.length && now.nodes.length === 1)
      return unmet('one front end', "StarRocks' operator does not go back from several to one")
    if (now.zone !== was.zone) return unmet('another zone', 'volumes do not move between zones')
    if (!areGrown(was, now))
      return unmet('other disks', 'disks of kubernetes grow and become more, and nothing else')
  }
  return undefined
}

function areGrown({ disks: was }: NodeGroup, { disks: now }: NodeGroup): boolean {
  return (
    was.length === now.length &&
    was.every(({ use, level, count, sizeGib }, at) => {
      const disk = now[at]
      if (disk?.use !== use || disk.level !== level) return false
      return disk.count >= count && disk.sizeGib >= sizeGib
    })
  )
}

function unmet(what: string, detail: string): UnmetRequirement {
  return { what, detail }
}
