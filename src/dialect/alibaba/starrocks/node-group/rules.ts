/**
 * Which node group may be changed how: the rules that all changes of resources share. Limits and sizes are the catalogue's, so
 * that a group can be changed to whatever it could have been created with, and to nothing else.
 * Facts: reference alibaba-starrocks.md 3.2 (Needs), 4.2, 4.3 (X6, X12), 7, 10 (C11, C13).
 */
import { isDeepStrictEqual } from 'node:util'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { dataGib, nodesOf, type NodeGroup as Group } from '../../../../domain/cluster/node-group.ts'
import { groupIn, type ClusterSpec, type Scope } from '../../../../domain/cluster/spec.ts'
import { Fault, refuse } from '../../../../domain/fault.ts'
import {
  checkNodeGroup,
  labelOf,
  type GroupPlace,
  type NodeGroup,
} from '../../catalogue/node-group.ts'
import type { Problem } from '../../catalogue/problem.ts'
import { hasLocalDisks } from '../../catalogue/spec-type.ts'
import { problemsRefused } from '../../faults.ts'
import { groupExtension, instanceExtension } from '../instance/extension.ts'
import { catalogueGroup } from './catalogue-group.ts'

/** A group that may be changed. */
export interface ChangeableGroup {
  readonly group: Group
  /** As it is, in the catalogue's words. */
  readonly now: NodeGroup
  readonly place: GroupPlace
  /** How messages call the component: `fe` or `be`. */
  readonly label: string
}

/** Throws NodeGroupNotFound; NotSupported for observers and agents; ParametersRefused in the trial edition. */
export function changeableGroup(instance: Cluster, id: string): ChangeableGroup {
  const { packageType, architecture } = instanceExtension(instance)
  const group = groupIn(instance.spec.groups, id)
  requireOfficial(instance)
  const { component, defaultGroup } = groupExtension(group)
  if (component === 'OBSERVER' || component === 'AGENT')
    throw new Fault('NotSupported', {
      what: `Changing a node group of ${labelOf(component)}`,
      detail: 'only those of fe and be are changed by themselves',
    })
  const place = { component, packageType, architecture, defaultGroup }
  return { group, now: catalogueGroup(group), place, label: labelOf(component) }
}

/** Throws ParametersRefused in the trial edition. */
export function requireOfficial(instance: Cluster): void {
  if (instanceExtension(instance).packageType !== 'trial') return
  const message = "Can't modify resource config of trial cluster"
  throw refuse({ name: 'InstanceId', problem: 'value', message })
}

/** Throws ParametersRefused for what the group is already (`what` is `target`), or could not have been created as. */
export function requireNext(
  { now, place, label }: ChangeableGroup,
  next: NodeGroup,
  { what, target }: { readonly what: string; readonly target: string | number },
): void {
  if (isDeepStrictEqual(next, now)) {
    const message = `${what} of ${label} is ${target} already`
    throw refuse({ name: 'Target', problem: 'value', message })
  }
  refuseProblems(checkNodeGroup(next, place))
}

/** Throws ParametersRefused for those that there are. */
export function refuseProblems(problems: readonly Problem[]): void {
  if (problems.length > 0)
    throw new Fault('ParametersRefused', { refusals: problemsRefused(problems) })
}

/** Throws NotSupported for a group whose disks are a part of its machines. */
export function requireCloudDisks({ now }: ChangeableGroup, what: string): void {
  if (!hasLocalDisks(now.specType)) return
  const detail = `the disks of spec type ${now.specType} come with their machine`
  throw new Fault('NotSupported', { what, detail })
}

/** Of the room that remains, data may fill so much (11.6). */
const FULL_PERCENT = 70
const BYTES_PER_GIB = 1024 ** 3

/** Throws ParametersRefused where the data of the instance, as they were last seen, do not fit well into the nodes that remain. */
export function requireRoom({ status }: Cluster, { groups }: Pick<ClusterSpec, 'groups'>): void {
  const usedGib = (status.usedBytes ?? 0) / BYTES_PER_GIB
  const gib = groups
    .filter((group) => ['BE', 'CN'].includes(groupExtension(group).component))
    .reduce((sum, group) => sum + group.nodes.length * dataGib(group), 0)
  if (usedGib * 100 <= gib * FULL_PERCENT) return
  const message = `The data of ${usedGib.toFixed(1)} GiB exceed ${FULL_PERCENT}% of the ${gib} GiB that remain`
  throw refuse({ name: 'Target', problem: 'value', message })
}

/** The group; with the frontends go the observers, which are built like them (X6). */
export function scopeOf({ spec }: Cluster, { group, place }: ChangeableGroup): Scope {
  const observers = spec.groups.filter((each) => groupExtension(each).component === 'OBSERVER')
  if (place.component !== 'FE' || observers.length === 0) return { of: 'group', group: group.id }
  return { of: 'nodes', nodes: nodesOf([group, ...observers]).map(({ id }) => id) }
}
