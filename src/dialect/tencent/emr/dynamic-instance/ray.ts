/**
 * Ray clusters: each is a head group and groups of workers among the groups of its cluster of containers. What was sent is kept with the
 * groups, so that a change that goes back takes it along (reference: tencent-emr.md 1, api.json DynamicInstanceForm).
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { DaemonPlacement } from '../../../../domain/cluster/daemon.ts'
import type { Disk, NodeGroup } from '../../../../domain/cluster/node-group.ts'
import type { Random } from '../../../../kernel/random.ts'
import { groupExtension, newGroupExtension } from '../cluster/extension.ts'
import { newPod } from '../container/pod.ts'
import { numberOf, resourceIdLength } from '../identifier.ts'
import { diskTypeOf, readRayForm } from './form.ts'
import type { RayForm, RayGroupInput, StorageInput } from './shape.ts'

const HEAD = 'ray-head'
const WORKER = 'ray-worker'

export const rayDaemons: readonly DaemonPlacement[] = [
  { service: 'TCRAY', name: 'RayHead', roles: [HEAD] },
  { service: 'TCRAY', name: 'RayWorker', roles: [WORKER] },
]

/** Of what is sent about a whole one, all but its groups. */
export type RayWhole = Omit<RayForm, 'DynamicInstanceGroups'> & {
  readonly createdMs: number
  /** Counts the tokens that it was given; 0 while it asks for none. */
  readonly tokens: number
  /** As it was sent, where it was sent so. */
  readonly yaml?: string
}

export interface RayCluster {
  readonly id: string
  /** What clients know it by. */
  readonly number: number
  readonly name: string
  readonly whole: RayWhole
  readonly updatedMs: number
  readonly head: NodeGroup
  readonly workers: readonly NodeGroup[]
}

export interface RaySite {
  readonly cluster: string
  readonly namespace: string
  readonly zone: string
  readonly subnet: string
  /** Whether its head gets a public address. */
  readonly exposed: boolean
  readonly random: Random
  readonly nowMs: number
}

/** Those of a cluster, the oldest first. */
export function rayClusters({ spec }: Pick<Cluster, 'spec'>): readonly RayCluster[] {
  return spec.groups.flatMap((head) => {
    const ray = groupExtension(head).ray
    if (ray?.whole === undefined) return []
    const own = spec.groups.filter((group) => groupExtension(group).ray?.cluster === ray.cluster)
    const whole = ray.whole as unknown as RayWhole
    return [
      {
        id: ray.cluster,
        number: numberOf(ray.cluster),
        name: whole.DynamicInstanceName ?? '',
        whole,
        updatedMs: Math.max(...own.map((group) => groupExtension(group).ray?.updatedMs ?? 0)),
        head,
        workers: own.filter((group) => group !== head),
      },
    ]
  })
}

/** A whole new one. Throws FailedOperation for what no Ray cluster can be. */
export function rayGroups(
  { form, yaml }: { readonly form: RayForm; readonly yaml?: string },
  site: RaySite,
): readonly NodeGroup[] {
  const { groups, whole } = readRayForm(form, site.namespace)
  const ray = `ray-${site.random.serial.base36(resourceIdLength)}`
  return groups.map((group) => {
    const isHead = group.GroupType === 'headGroup'
    const kept = {
      ...whole,
      createdMs: site.nowMs,
      tokens: form.SupportToken === true ? 1 : 0,
      ...(yaml === undefined ? {} : { yaml }),
    }
    return rayGroup(group, site, { ray, form: whole, ...(isHead ? { whole: kept } : {}) })
  })
}

/** One group; `form` is what is said about all groups of its Ray cluster. */
export function rayGroup(
  group: RayGroupInput,
  site: RaySite,
  it: { readonly ray: string; readonly form: StorageInput; readonly whole?: RayWhole },
): NodeGroup {
  const { ray, form, whole } = it
  const isHead = group.GroupType === 'headGroup'
  const role = isHead ? HEAD : WORKER
  return {
    id: `${site.cluster}.${ray}.${group.GroupName}`,
    role,
    name: group.GroupName ?? '',
    description: '',
    ...sizeOfGroup(group, form),
    zone: site.zone,
    subnet: site.subnet,
    exposed: isHead && site.exposed,
    nodes: Array.from({ length: group.PodNum ?? 0 }, (_, at) =>
      newPod(`${ray}-${group.GroupName}`, at, site.random),
    ),
    extension: newGroupExtension({
      diskType: '',
      tags: [],
      ray: {
        cluster: ray,
        group: { ...group },
        ...(whole ? { whole: { ...whole } } : {}),
        updatedMs: site.nowMs,
      },
    }),
  }
}

/** What one pod of a group has: volumes of its own, and those of the whole. */
export function sizeOfGroup(group: RayGroupInput, form: StorageInput) {
  const volumes = [...(form.CBSVolumes ?? []), ...(group.CBSVolumes ?? [])]
  return {
    cpu: group.PodCpu ?? 1,
    memoryMib: (group.PodMem ?? 1) * 1024,
    machine: '',
    disks: volumes.map(({ DiskType = '', DiskSize = 1, DiskCount = 1 }): Disk => {
      return { use: 'data', type: diskTypeOf(DiskType), sizeGib: DiskSize, count: DiskCount }
    }),
  }
}

export function groupFormOf(group: NodeGroup): RayGroupInput {
  return groupExtension(group).ray?.group ?? {}
}
