/**
 * A node group by itself: its defaults and its limits, by component, edition, architecture and run mode. Where sources
 * contradict each other a policy decides, with the milder choice as its default. Sizes in GiB. Facts: reference
 * alibaba-starrocks.md 4.2, 4.3, 10 (C1-C4, C8).
 */

import data from './node-groups.json' with { type: 'json' }
import { notIn, notWithin, within, type Problem } from './problem.ts'
import type {
  Architecture,
  Component,
  Level,
  NodeGroupData,
  PackageType,
  SpecTypeName,
} from './schema.ts'
import {
  hasLocalDisks,
  localTypeOf,
  localTypesFor,
  nonLocalStorage,
  specTypesFor,
} from './spec-type.ts'

export interface CataloguePolicy {
  /** C1: 100, as clients send; 200 in one source. */
  readonly minimumStorageGb: number
  /** C4: whether a shared_nothing group needs three nodes. */
  readonly strictBackendNumber: boolean
  /** C6: whether instances may be created in the run mode `lakehouse`, else it is for reading only. */
  readonly lakehouse: boolean
  /** X13: whether an agent group may be ordered. */
  readonly agent: boolean
}

export const defaultPolicy: CataloguePolicy = {
  minimumStorageGb: 100,
  strictBackendNumber: false,
  lakehouse: false,
  agent: true,
}

/** A group whose every member is decided. */
export interface NodeGroup {
  readonly cu: number
  readonly residentNodeNumber: number
  readonly storageSize: number
  readonly diskNumber: number
  readonly storagePerformanceLevel: string
  readonly specType: string
  /** A machine type with local disks, or `non_local_storage`. */
  readonly localStorageInstanceType: string
  readonly zoneId?: string
}

/** What clients send; members in any case are read before. */
export type NodeGroupRequest = { readonly [K in keyof NodeGroup]?: NodeGroup[K] | undefined }

export interface GroupPlace {
  readonly component: Exclude<Component, 'AGENT'>
  readonly packageType: PackageType
  readonly architecture: Architecture
  /** Only the default group may never be empty. */
  readonly defaultGroup: boolean
}

export interface Range {
  readonly min: number
  readonly max: number
  readonly step: number
  readonly default: number
}

export const nodeGroupData = data as unknown as NodeGroupData

/** The CU sizes that can be chosen; empty where a component is not sold. */
export function cuSizes(
  component: Component,
  packageType: PackageType,
  architecture: Architecture,
): readonly number[] {
  const row = nodeGroupData.cuSizes.find(
    (one) =>
      one.component === component &&
      one.packageType === packageType &&
      one.architecture === architecture,
  )
  return row?.cu ?? []
}

export function nodeNumberRange(
  place: Pick<GroupPlace, 'component' | 'packageType' | 'defaultGroup'>,
  policy: CataloguePolicy = defaultPolicy,
): Range | undefined {
  const row = nodeGroupData.counts.find(
    (one) => one.component === place.component && one.packageType === place.packageType,
  )
  if (row === undefined) return undefined
  const { max, step } = row
  if (!place.defaultGroup) return { min: 0, max, step, default: row.default }
  const min = policy.strictBackendNumber ? (row.strictMin ?? row.min) : row.min
  return { min, max, step, default: row.default }
}

export function storageRange(
  component: Component,
  level: string,
  policy: CataloguePolicy = defaultPolicy,
): Range | undefined {
  const row = nodeGroupData.storage.find(
    (one) => one.component === component && one.level === level,
  )
  if (row === undefined) return undefined
  const min = Math.max(row.min, policy.minimumStorageGb)
  return { min, max: row.max, step: row.step, default: Math.max(row.default, min) }
}

export function levelsFor(component: Component): readonly Level[] {
  return nodeGroupData.storage.filter((one) => one.component === component).map((one) => one.level)
}

/** Fills in what a request leaves open. The literal `null` that some clients send for a machine type means none. */
export function completeNodeGroup(
  request: NodeGroupRequest,
  place: GroupPlace,
  policy: CataloguePolicy = defaultPolicy,
): NodeGroup {
  const specType = request.specType ?? 'standard'
  const level = request.storagePerformanceLevel?.toLowerCase() ?? 'pl1'
  const asked = request.localStorageInstanceType ?? 'null'
  const local = hasLocalDisks(specType) ? localTypeOf(asked) : undefined
  const kept = hasLocalDisks(specType) && asked !== 'null' ? asked : nonLocalStorage
  const range = nodeNumberRange(place, policy)
  const sizes = cuSizes(place.component, place.packageType, place.architecture)
  return {
    cu: request.cu ?? local?.cpu ?? sizes[0] ?? 0,
    residentNodeNumber: request.residentNodeNumber ?? range?.default ?? 0,
    storageSize:
      request.storageSize ??
      local?.storageSize ??
      storageRange(place.component, level, policy)?.default ??
      0,
    diskNumber: request.diskNumber ?? local?.diskNumber ?? nodeGroupData.diskNumber.default,
    storagePerformanceLevel: level,
    specType,
    localStorageInstanceType: kept,
    ...(request.zoneId === undefined ? {} : { zoneId: request.zoneId }),
  }
}

/** Everything that is wrong with a group by itself, in the order of the documented members. */
export function checkNodeGroup(
  group: NodeGroup,
  place: GroupPlace,
  policy: CataloguePolicy = defaultPolicy,
): readonly Problem[] {
  const { component, packageType } = place
  const of = ` of ${labelOf(component)}`
  const range = nodeNumberRange(place, policy)
  if (range === undefined) {
    const when = `package type is ${packageType}`
    return [{ what: `Number${of}`, rule: 'unsupported', when, value: packageType, example: null }]
  }
  const specs: readonly SpecTypeName[] = specTypesFor(component, packageType).map((one) => one.name)
  const local = specs.some((name) => name === group.specType) && hasLocalDisks(group.specType)
  return [
    ...(local ? checkMachine(group, of) : checkCloud(group, place, policy)),
    ...within('residentNodeNumber', checkNumber(group.residentNodeNumber, range, of)),
    ...within('specType', notIn(`Spec type${of}`, group.specType, specs)),
  ]
}

/** How the service's messages call a component: compute nodes are backends there. */
export function labelOf(component: Component): string {
  return component === 'CN' ? 'be' : component.toLowerCase()
}

function checkCloud(
  group: NodeGroup,
  place: GroupPlace,
  policy: CataloguePolicy,
): readonly Problem[] {
  const { component, packageType, architecture } = place
  const of = ` of ${labelOf(component)}`
  const level = group.storagePerformanceLevel
  const storage = storageRange(component, level, policy)
  const disks = component === 'FE' || component === 'OBSERVER' ? [1] : undefined
  const sizes = cuSizes(component, packageType, architecture)
  return [
    ...within('cu', notIn(`Cu${of}`, group.cu, sizes)),
    ...(storage === undefined
      ? within(
          'storagePerformanceLevel',
          notIn(`Storage performance level${of}`, level, levelsFor(component)),
        )
      : within('storageSize', notWithin(`Storage size${of}`, group.storageSize, storage))),
    ...within(
      'diskNumber',
      disks === undefined
        ? notWithin(`Disk number${of}`, group.diskNumber, nodeGroupData.diskNumber)
        : notIn(`Disk number${of}`, group.diskNumber, disks),
    ),
  ]
}

/** X4: a machine type is needed, and it decides the cores and the disks; what is said of them must be so. */
function checkMachine(group: NodeGroup, of: string): readonly Problem[] {
  const types = localTypesFor(group.specType)
  const type = types.find((one) => one.instanceType === group.localStorageInstanceType)
  if (type === undefined) {
    const allowed = types.map((one) => one.instanceType)
    const what = `Local storage instance type${of}`
    const asked = group.localStorageInstanceType
    const value = asked === nonLocalStorage ? null : asked
    const facts = { value, example: allowed[0] }
    return [{ what, rule: 'set', allowed, path: 'localStorageInstanceType', ...facts }]
  }
  return [
    ...within('cu', notIn(`Cu${of}`, group.cu, [type.cpu])),
    ...within('storageSize', notIn(`Storage size${of}`, group.storageSize, [type.storageSize])),
    ...within('diskNumber', notIn(`Disk number${of}`, group.diskNumber, [type.diskNumber])),
  ]
}

/** Frontends come in odd numbers, which the service can only say as a set. */
function checkNumber(value: number, range: Range, of: string): readonly Problem[] {
  const what = `Number${of}`
  const { min, max, step } = range
  if (step === 1 || !(value >= min && value <= max)) return notWithin(what, value, range)
  const size = Math.floor((max - min) / step) + 1
  return notIn(
    what,
    value,
    Array.from({ length: size }, (_, at) => min + at * step),
  )
}
