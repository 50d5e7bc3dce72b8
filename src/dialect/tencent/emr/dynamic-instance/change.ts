/** Changes of Ray clusters: each scope of ModifyDynamicInstance as another set of groups (reference: api.json ModifyDynamicInstanceForm). */
import type { ChangeAction } from '../../../../domain/cluster/change.ts'
import { nextIndex, type NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { highestNodes } from '../../../../domain/cluster/spec.ts'
import { groupExtension } from '../cluster/extension.ts'
import { newPod } from '../container/pod.ts'
import { missing } from '../refusal.ts'
import { checkStorage, readCounts, readRayGroup, refuseMissing, refused } from './form.ts'
import {
  groupFormOf,
  rayGroup,
  sizeOfGroup,
  type RayCluster,
  type RaySite,
  type RayWhole,
} from './ray.ts'
import type { RayEdit, RayGroupInput, StorageInput } from './shape.ts'

const FORM = 'DynamicInstanceForm'
const STORAGE = ['SupportPV', 'CBSVolumes', 'COSVolumes', 'VolumeMounts'] as const
const LABELS = ['Labels', 'Tolerations'] as const
const RUNTIME = ['Envs', 'CustomImage', 'ImageInfoV2'] as const
const GROUP = 'ModifyDynamicInstanceGroup'
const ADDED = 'AddDynamicInstanceGroup'
const PODS = { ADD: 1, SIZE: 5, COUNT: 6 }
const WHOLE_STORAGE = 2
const WHOLE_LABELS = 3
const WHOLE_RUNTIME = 4
const GROUP_STORAGE = 7

export interface RayChange {
  readonly action: ChangeAction
  /** All groups of the Ray cluster as they shall be. */
  readonly groups: readonly NodeGroup[]
}

/** Throws FailedOperation, MissingParameter. */
export function changedRay(ray: RayCluster, edit: RayEdit, site: RaySite): RayChange {
  const all = [ray.head, ...ray.workers]
  const { ModifyScope: scope } = edit
  if (scope === PODS.ADD) return withWorkers(ray, edit, site)
  if (scope <= WHOLE_RUNTIME) return { action: CONFIGURE, groups: withWhole(ray, edit, site) }
  const own = edit[GROUP]
  if (own === undefined) throw missing(`${FORM}.${GROUP}`)
  const group = all.find(({ name }) => name === own.GroupName)
  if (!group) {
    const rule = `it must be one of ${all.map(({ name }) => name).join(', ')}`
    throw refused(`${FORM}.${GROUP}.GroupName`, rule, own.GroupName ?? '')
  }
  const { action, next } = changedGroup(group, { own, scope, ray, site })
  return { action, groups: all.map((each) => (each === group ? next : each)) }
}

const CONFIGURE: ChangeAction = { kind: 'configure' }

function withWorkers(ray: RayCluster, edit: RayEdit, site: RaySite): RayChange {
  const name = `${FORM}.${ADDED}`
  const added = edit[ADDED]
  if (added === undefined) throw missing(name)
  const read = readRayGroup({ GroupType: 'workerGroup', ...added }, name, ray.whole)
  if (read.GroupType === 'headGroup')
    throw refused(`${name}.GroupType`, 'there is one head already', read.GroupType)
  const all = [ray.head, ...ray.workers]
  if (all.some((each) => each.name.toLowerCase() === read.GroupName?.toLowerCase()))
    throw refused(`${name}.GroupName`, 'there is such a group', read.GroupName ?? '')
  const group = rayGroup(read, site, { ray: ray.id, form: ray.whole })
  return { action: { kind: 'scale', direction: 'out' }, groups: [...all, group] }
}

/** What is said of the whole is in the manifest of every pod: all of them are recreated. */
function withWhole(ray: RayCluster, edit: RayEdit, site: RaySite): readonly NodeGroup[] {
  const { ModifyScope: scope } = edit
  refuseMissing(edit, FORM)
  const whole = nextWhole(ray.whole, edit)
  if (scope === WHOLE_STORAGE) checkStorage(edit, FORM)
  return [ray.head, ...ray.workers].map((group) =>
    renewed(group, { form: whole, ...(group === ray.head ? { whole } : {}), nowMs: site.nowMs }),
  )
}

function nextWhole(was: RayWhole, edit: RayEdit): RayWhole {
  const { ModifyScope: scope } = edit
  if (scope === WHOLE_STORAGE) return replaced(was, edit, STORAGE)
  if (scope === WHOLE_LABELS) return replaced(was, edit, LABELS)
  const next = replaced(was, edit, RUNTIME)
  return edit.SupportNewToken === true
    ? { ...next, SupportToken: true, tokens: was.tokens + 1 }
    : next
}

interface GroupEdit {
  readonly own: RayGroupInput
  readonly scope: number
  readonly ray: RayCluster
  readonly site: RaySite
}

function changedGroup(group: NodeGroup, { own, scope, ray, site }: GroupEdit) {
  const name = `${FORM}.${GROUP}`
  const before = groupFormOf(group)
  const at = { form: ray.whole, nowMs: site.nowMs }
  if (scope === PODS.COUNT) {
    const counts = readCounts(
      { ...before, ...only(own, ['PodNum', 'MinPodNum', 'MaxPodNum']) },
      name,
    )
    const more = counts.PodNum - group.nodes.length
    const next = kept(group, { ...before, ...counts }, site.nowMs)
    const direction = more < 0 ? 'in' : 'out'
    return {
      action: { kind: 'scale', direction } as const,
      next: { ...next, nodes: resized(group, more, site) },
    }
  }
  if (scope === PODS.SIZE) {
    const form = { ...before, ...only(own, ['PodCpu', 'PodMem']) }
    const isMore =
      (form.PodCpu ?? 0) * (form.PodMem ?? 0) >= (before.PodCpu ?? 0) * (before.PodMem ?? 0)
    const direction = isMore ? 'up' : 'down'
    const action = { kind: 'resize', aspect: 'compute', direction } as const
    return { action, next: { ...kept(group, form, site.nowMs), ...sizeOfGroup(form, ray.whole) } }
  }
  const members = scope === GROUP_STORAGE ? STORAGE : LABELS
  if (scope === GROUP_STORAGE) checkStorage(own, name, ray.whole)
  const form = replaced(before, own, members)
  return { action: CONFIGURE, next: renewed(kept(group, form, site.nowMs), at) }
}

function resized(group: NodeGroup, more: number, site: RaySite): NodeGroup['nodes'] {
  const gone = new Set(highestNodes(group, Math.max(0, -more)))
  const left = group.nodes.filter(({ id }) => !gone.has(id))
  const from = nextIndex(left)
  const ray = groupExtension(group).ray?.cluster ?? ''
  const added = Array.from({ length: Math.max(0, more) }, (_, at) =>
    newPod(`${ray}-${group.name}`, from + at, site.random),
  )
  return [...left, ...added]
}

/** The members as they are sent now: those that are not sent are not wanted any more. */
function replaced<T extends object, K extends string>(
  was: T,
  edit: { readonly [key in K]?: unknown },
  members: readonly K[],
): T {
  const rest = Object.entries(was).filter(([key]) => !(members as readonly string[]).includes(key))
  return { ...Object.fromEntries(rest), ...only(edit, members) } as T
}

function only<K extends string>(from: { readonly [key in K]?: unknown }, members: readonly K[]) {
  return Object.fromEntries(
    members.filter((member) => from[member] !== undefined).map((member) => [member, from[member]]),
  )
}

function kept(group: NodeGroup, form: RayGroupInput, updatedMs: number): NodeGroup {
  const extension = groupExtension(group)
  const { ray } = extension
  if (!ray) return group
  const next = { ...extension, ray: { ...ray, group: { ...form }, updatedMs } }
  return { ...group, extension: next }
}

/** The group with every pod recreated. */
function renewed(
  group: NodeGroup,
  it: { readonly form: StorageInput; readonly whole?: RayWhole; readonly nowMs: number },
): NodeGroup {
  const { form, whole, nowMs } = it
  const next = kept(group, groupFormOf(group), nowMs)
  const extension = groupExtension(next)
  const ray = extension.ray && whole ? { ...extension.ray, whole: { ...whole } } : extension.ray
  return {
    ...next,
    ...sizeOfGroup(groupFormOf(group), form),
    nodes: group.nodes.map((node) => ({ ...node, restarts: node.restarts + 1 })),
    extension: { ...extension, ...(ray ? { ray } : {}) },
  }
}
