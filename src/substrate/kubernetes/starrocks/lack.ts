/**
 * What of a StarRocks instance cannot be carried out on Kubernetes, by name and with the reason: refused when it is asked for. What is
 * not in here has its effect in the objects (objects.ts). Pure.
 */
import type { Lack, Prospect } from '../../../domain/cluster/capability.ts'
import { dataGib, type NodeGroup } from '../../../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../../domain/cluster/spec.ts'
import { settingLack } from './configuration.ts'
import { accessLack } from './exposure.ts'
import { classLack, storageClassOf, zoneLack } from '../provision.ts'
import type { Provision } from './objects.ts'
import { partOf, volumesOf } from './part.ts'

/** A front end that has less left than 5 GiB on its disk stops (StarRocks, FE configuration). */
const FRONTEND_GIB = 10
/** Machines that come with a network that no container can be promised. */
const UNMATCHED = 'networkEnhanced'

export function lackOf(
  { spec, before, keepsObjects }: Prospect,
  provision: Provision,
): Lack | undefined {
  return (
    groupsLack(spec) ??
    storageLack(spec, keepsObjects) ??
    aspectLack(spec) ??
    accessLack(spec, provision.exposure ?? {}) ??
    sizeLack(spec, provision) ??
    (before && changeLack(before, spec))
  )
}

function groupsLack({ groups }: ClusterSpec): Lack | undefined {
  const strange = groups.find((group) => partOf(group) === undefined)
  if (strange)
    return lack(
      `a group of ${strange.role}`,
      'kubernetes runs front ends, observers, and back ends or compute nodes',
    )
  const workers = groups.filter(({ role }) => role === 'be' || role === 'cn')
  const frontends = groups.filter(({ role }) => role === 'fe')
  if (frontends.length !== 1)
    return lack('several groups of front ends', "StarRocks' operator runs one")
  if (workers.length === 0) return lack('no workers', 'an instance needs a group of them')
  if (new Set(workers.map(({ role }) => role)).size > 1)
    return lack('back ends beside compute nodes', 'data lie on disks or in object storage')
  const empty = [...frontends, ...workers.slice(0, 1)].find(({ nodes }) => nodes.length === 0)
  return empty && lack('a group without nodes', `${empty.name} has none`)
}

function storageLack({ groups }: ClusterSpec, keepsObjects = true): Lack | undefined {
  if (keepsObjects || !groups.some(({ role }) => role === 'cn')) return undefined
  return lack(
    'compute nodes',
    'nothing keeps the objects of its cloud; `object-storage` in the file of the environment does',
  )
}

function aspectLack(spec: ClusterSpec): Lack | undefined {
  const setting = settingLack(spec.configuration)
  if (setting) return lack(`the setting ${setting.name}`, setting.detail)
  if (spec.catalog) return lack('a catalog', 'kubernetes makes none in an instance')
  if (spec.linkedUser !== undefined)
    return lack('a linked user', 'kubernetes makes none in an instance')
  if (spec.origin) return lack('a backup to begin with', 'kubernetes keeps none')
  return undefined
}

function sizeLack(spec: ClusterSpec, provision: Provision): Lack | undefined {
  for (const group of spec.groups) {
    const part = partOf(group)
    const { disks, machine, name, role } = group
    const zone = zoneLack(provision, group)
    if (zone) return zone
    if (machine === UNMATCHED && provision.machines?.[machine] === undefined)
      return lack(machine, 'machines of the environment name none that have it')
    if (disks.some(({ level }) => level === undefined || level === ''))
      return lack('local disks', `the disks of ${name} are those of a machine, and pods move`)
    for (const { level } of part ? volumesOf(part, disks) : [])
      if (storageClassOf(provision, level, spec) === undefined)
        return classLack(provision, level, spec)
    if ((role === 'fe' || role === 'observer') && dataGib(group) < FRONTEND_GIB)
      return lack('a small disk', `a front end stops with less than ${FRONTEND_GIB} GiB`)
  }
  return undefined
}

/** What of a change there is no safe way for. */
function changeLack(before: ClusterSpec, after: ClusterSpec): Lack | undefined {
  const [workers] = before.groups.filter(({ role }) => role === 'be' || role === 'cn')
  const operated = before.groups.filter((group) => group.role === 'fe' || group === workers)
  for (const was of before.groups) {
    const now = after.groups.find(({ id }) => id === was.id)
    if (!now) {
      if (!operated.includes(was)) continue
      return lack('removing a group', `an instance needs ${was.name}`)
    }
    if (was.role === 'fe' && now.nodes.length < was.nodes.length && now.nodes.length === 1)
      return lack('one front end', "StarRocks' operator does not go back from several to one")
    if (now.zone !== was.zone) return lack('another zone', 'volumes do not move between zones')
    if (!areGrown(was, now))
      return lack('other disks', 'disks of kubernetes grow and become more, and nothing else')
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

function lack(what: string, detail: string): Lack {
  return { what, detail }
}
