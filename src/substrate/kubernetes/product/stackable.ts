/** What custom resources of Stackable's operators (…stackable.tech/v1alpha1, SDP 26.x) have in common: role groups, conditions, names of pods. */
import { listOf, recordOf } from '../../../kernel/json.ts'
import type { ClusterSpec } from '../../../domain/cluster/spec.ts'
import { ownLabels } from '../ownership.ts'
import { textOf, type KubernetesObject, type ResourceType } from '../resource.ts'
import {
  amountOf,
  groupName,
  podMetadata,
  RESOURCE,
  ZONE,
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
  { kind, apiVersion }: ResourceType,
  cluster: ProductCluster,
  spec: object,
): KubernetesObject {
  return {
    apiVersion,
    kind,
    metadata: {
      name: RESOURCE,
      namespace: cluster.namespace,
      labels: ownLabels(cluster.installation, cluster.id),
      annotations: { 'emrys.dev/generation': String(cluster.generation) },
    },
    spec: { clusterOperation: { stopped: false }, ...spec },
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
    const { group, zone } = placed
    const [{ cpu, memory }, [disk]] = [amountOf(placed).limits, placed.disks]
    const storage = disk && {
      data: { capacity: `${disk.sizeGib}Gi`, storageClass: disk.storageClass },
    }
    return [
      groupName(cluster.spec, group),
      {
        replicas: group.nodes.length,
        config: {
          resources: {
            cpu: { min: cpu, max: cpu },
            memory: { limit: memory },
            ...(storage && { storage }),
          },
          ...more(placed, at),
        },
        podOverrides: {
          metadata: podMetadata(cluster, placed),
          ...(zone !== undefined && { spec: { nodeSelector: { [ZONE]: zone } } }),
        },
      },
    ]
  })
  return Object.fromEntries(entries) as object
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
