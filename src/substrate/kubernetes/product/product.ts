/**
 * A product of EMR that an operator runs: what is wanted of a cluster as custom resources, and what they say of it. One file each, pure;
 * everything else (driver.ts) is the same for all of them.
 */
import { labels, type Installation } from '../ownership.ts'
import type { KubernetesObject, ResourceType } from '../resource.ts'
import type { UnmetRequirement } from '../../../domain/cluster/capability.ts'
import type { Disk, NodeGroup } from '../../../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../../domain/cluster/spec.ts'
import type { Endpoint } from '../../../domain/cluster/status.ts'
import type { PublicWay } from '../public-service.ts'
import type { Outside } from './outside.ts'

/** A group as the pods of it are made. */
export interface PlacedGroup {
  readonly group: NodeGroup
  /** Pods say by it what they were made from. */
  readonly template: string
  /** The highest count of its nodes: pods are replaced when it grows. */
  readonly restarts: number
  readonly disks: readonly PlacedDisk[]
  /** Labels of the machines that they run on; absent where they run anywhere. */
  readonly machines?: Readonly<Record<string, string>>
}

export interface PlacedDisk {
  readonly sizeGib: number
  readonly storageClass: string
}

export interface ProductCluster {
  readonly installation: Installation
  readonly id: string
  readonly namespace: string
  readonly generation: number
  readonly spec: ClusterSpec
  readonly groups: readonly PlacedGroup[]
  /** That the operator shall run: of the product, and of what it needs beside. */
  readonly versions: Readonly<Record<string, string>>
  /** Of its administrator; undefined for a cluster that nobody gave one. */
  readonly password: string | undefined
  /** How it is reached from outside; absent where it is not. */
  readonly outside?: PublicWay
}

/** `refused`: in the operator's words, what it does not do. */
export type Progress = 'settled' | 'under-way' | { readonly refused: string }

export interface Product {
  readonly family: string
  /** The component that makes a cluster of the family one of it. */
  readonly name: string
  readonly title: string
  readonly operator: string
  /** Of the operator, whose documents the rest here is by. */
  readonly release: string
  /** Components of such clusters that run in it: why they need none of their own, in a sentence. */
  readonly within: Readonly<Record<string, string>>
  /** What its nodes do; a group of another role is refused. */
  readonly roles: readonly string[]
  /** Its files of settings, by `SERVICE/file`: names in them that it or its operator sets. */
  readonly files: Readonly<Record<string, RegExp>>
  /** Of a node's data disks, what can be changed: `grow` while pods run, `add` by new pods. */
  readonly disks: { readonly most: number; readonly grow: boolean; readonly add: boolean }
  /** Components whose versions the administrator of the Kubernetes cluster has to name. */
  readonly versioned: readonly string[]
  /** Its custom resources, in the order in which they are applied. */
  readonly types: readonly ResourceType[]
  /** Secrets that it makes, by name, as Emrys may not list secrets. */
  readonly secrets: readonly string[]
  /** What of it cannot be, beside what no product can. */
  unmet(after: ClusterSpec, before: ClusterSpec | undefined): UnmetRequirement | undefined
  /** Why a group cannot lose nodes; absent where their data are always lost. */
  unmetWithFewer?(after: ClusterSpec, group: NodeGroup): UnmetRequirement | undefined
  /** Secrets and the like first, then the custom resources. */
  objects(cluster: ProductCluster): readonly KubernetesObject[]
  /** The pods of a group's nodes, in the order of their places. */
  pods(spec: ClusterSpec, group: NodeGroup): readonly string[]
  /** The claim of a pod's data disk, by the disk's place. */
  claim(pod: string, disk: number): string
  /** By the custom resource alone. */
  progress(resource: KubernetesObject, generation: number): Progress
  /** What puts a custom resource away; undefined where nothing has to. Without it they are removed, and made again with their volumes. */
  stop?(resource: KubernetesObject): object | undefined
  /** What has to be said to a new cluster before it is shown as answering; absent where nothing has. */
  readonly seal?: Seal
  /** By which a pod is reached from within the cluster. */
  host(pod: string, namespace: string): string
  endpoints(namespace: string): readonly Endpoint[]
  /** That clients connect to: what a NetworkPolicy lets through. */
  readonly ports: readonly number[]
  /** Absent where clients from outside could not do with one address. */
  readonly outside?: Outside
}

export interface Seal {
  /** Its own Secret, with a `password`; it says when that was done. */
  readonly secret: string
  /** The pod that is given it. */
  readonly pod: string
  run(host: string, password: string): Promise<void>
}

export const podAnnotations = {
  template: 'emrys.dev/template',
  restarts: 'emrys.dev/restarts',
} as const

/** The custom resource of each product, in the cluster's own namespace: short, as other names are made of it. */
export const RESOURCE = 'emr'

/** Operators call themselves the managers of their pods. */
export function podLabels({ id }: Installation, cluster: string) {
  return { [labels.installation]: id, [labels.cluster]: cluster }
}

/** What every pod of a group has, whoever makes it. */
export function podMetadata(cluster: ProductCluster, { group, template, restarts }: PlacedGroup) {
  return {
    labels: { ...podLabels(cluster.installation, cluster.id), [labels.group]: group.id },
    annotations: {
      [podAnnotations.template]: template,
      [podAnnotations.restarts]: String(restarts),
    },
  }
}

/** What clients set in one of its files. */
export function settingsOf(
  { configuration }: Pick<ClusterSpec, 'configuration'>,
  name: string,
): Readonly<Record<string, string>> {
  const files = configuration.filter(({ service, file }) => `${service}/${file}` === name)
  return Object.assign({}, ...files.map(({ properties }) => properties)) as Record<string, string>
}

export function amountOf({ group: { cpu, memoryMib } }: PlacedGroup) {
  const amount = { cpu: String(cpu), memory: `${memoryMib}Mi` }
  return { requests: amount, limits: amount }
}

export function groupsOf<T extends { readonly group: NodeGroup }>(
  groups: readonly T[],
  role: string,
): readonly T[] {
  return groups.filter(({ group }) => group.role === role)
}

/** Short, and the same for as long as the group is there: of two groups of a role, the later one has its place behind it. */
export function groupName({ groups }: ClusterSpec, { id, role }: NodeGroup): string {
  const at = groups.findIndex((group) => group.id === id)
  return groups.findIndex((group) => group.role === role) === at ? role : `${role}-${at}`
}

export function nodesInRole({ groups }: ClusterSpec, role: string): number {
  return groups
    .filter((group) => group.role === role)
    .reduce((sum, { nodes }) => sum + nodes.length, 0)
}

/** Each disk by itself. */
export function dataDisksOf({ disks }: NodeGroup): readonly Disk[] {
  return disks
    .filter(({ use }) => use === 'data')
    .flatMap((disk) => Array.from({ length: disk.count }, () => disk))
}
