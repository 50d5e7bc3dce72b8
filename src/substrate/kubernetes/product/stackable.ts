/** What custom resources of Stackable's operators (…stackable.tech/v1alpha1, SDP 26.x) have in common: role groups, conditions, names of pods. */
import { listOf, recordOf } from '../../../kernel/json.ts'
import type { ClusterSpec } from '../../../domain/cluster/spec.ts'
import { ownLabels } from '../ownership.ts'
import { textOf, type KubernetesObject, type ResourceType } from '../resource.ts'
import {
  amountOf,
  groupName,
  podLabels,
  podMetadata,
  RESOURCE,
  type PlacedDisk,
  type PlacedGroup,
  type ProductCluster,
  type Progress,
} from './product.ts'

export const OPERATOR = "Stackable's operator"

/** The claim of a role's only volume. */
export const claimOf = (pod: string) => `data-${pod}`

export const hostOf = (pod: string, namespace: string) =>
  `${pod}.${pod.replace(/-\d+$/, '')}-headless.${namespace}.svc`

/** Of the set that is made for a group in a role. */
export function podsOf(role: string, spec: ClusterSpec, group: PlacedGroup['group']) {
  const set = `${RESOURCE}-${role}-${groupName(spec, group)}`
  return group.nodes.map((_node, at) => `${set}-${at}`)
}

export function clusterObject(
  type: ResourceType,
  cluster: ProductCluster,
  spec: object,
  name: string = RESOURCE,
): KubernetesObject {
  return plainObject(type, cluster, { clusterOperation: { stopped: false }, ...spec }, name)
}

/** Of a kind that does not run. */
export function plainObject(
  { kind, apiVersion }: ResourceType,
  cluster: ProductCluster,
  spec: object,
  name: string,
): KubernetesObject {
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace: cluster.namespace,
      labels: ownLabels(cluster.installation, cluster.id),
      annotations: { 'emrys.dev/generation': String(cluster.generation) },
    },
    spec,
  }
}

/** A cluster that is removed would lose what it keeps in ZooKeeper. */
export function stop({ spec }: KubernetesObject): object | undefined {
  const { stopped } = recordOf(recordOf(spec)['clusterOperation'])
  return stopped === true ? undefined : { spec: { clusterOperation: { stopped: true } } }
}

/** By the names of the groups; `configOverrides` are what clients set, by file. */
export function roleGroups(
  cluster: ProductCluster,
  groups: readonly PlacedGroup[],
  more: (group: PlacedGroup, at: number) => object = () => ({}),
): object {
  const entries = groups.map((placed, at) => {
    const { group, disks } = placed
    const { cpu, memory } = amountOf(placed).limits
    return [
      groupName(cluster.spec, group),
      {
        replicas: group.nodes.length,
        config: { resources: amounts({ cpu, memory, disk: disks[0] }), ...more(placed, at) },
        podOverrides: { metadata: podMetadata(cluster, placed), ...placeOf(placed) },
      },
    ]
  })
  return Object.fromEntries(entries) as object
}

export interface Helper {
  readonly name: string
  readonly replicas: number
  readonly disk?: PlacedDisk | undefined
  /** Absent for pods that run anywhere. */
  readonly machines?: PlacedGroup['machines'] | undefined
}

/** Pods that nodes of the cluster need beside them: one core and 2 GiB each, and no nodes themselves. */
export function helperGroups(cluster: ProductCluster, helpers: readonly Helper[]): object {
  const labels = podLabels(cluster.installation, cluster.id)
  const entries = helpers.map(({ name, replicas, disk, machines }) => [
    name,
    {
      replicas,
      config: { resources: amounts({ cpu: '1', memory: '2Gi', disk }) },
      podOverrides: { metadata: { labels }, ...placeOf({ machines }) },
    },
  ])
  return Object.fromEntries(entries) as object
}

function amounts(it: {
  readonly cpu: string
  readonly memory: string
  readonly disk: PlacedDisk | undefined
}): object {
  const { cpu, memory, disk } = it
  const volume = disk && { capacity: `${disk.sizeGib}Gi`, storageClass: disk.storageClass }
  return {
    cpu: { min: cpu, max: cpu },
    memory: { limit: memory },
    ...(volume && { storage: { data: volume } }),
  }
}

function placeOf({ machines }: Pick<Helper, 'machines'>): object {
  return machines ? { spec: { nodeSelector: machines } } : {}
}

/** Absent where nothing is set. */
export function overrides(files: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const set = Object.entries(files).filter(([, members]) => Object.keys(members).length > 0)
  return set.length === 0 ? {} : { configOverrides: Object.fromEntries(set) }
}

/** They say nothing of generations: pods, which say what they are made from, have to be looked at beside it. */
export function progress({ status }: KubernetesObject): Progress {
  const conditions = listOf(recordOf(status)['conditions']).map(recordOf)
  const of = (type: string) => conditions.find((each) => each['type'] === type)
  const degraded = of('Degraded')
  if (degraded?.['status'] === 'True') return { refused: textOf(degraded['message']) }
  const isDone = of('Available')?.['status'] === 'True' && of('Progressing')?.['status'] !== 'True'
  return isDone ? 'settled' : 'under-way'
}
