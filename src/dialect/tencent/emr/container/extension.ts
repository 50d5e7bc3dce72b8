/** What is particular to a cluster of containers (reference: tencent-emr.md 1, api.json CreateCloudInstance). */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { Fault } from '../../../../domain/fault.ts'
import { clusterExtension, type ClusterExtension } from '../cluster/extension.ts'

export type ContainerTraits = NonNullable<ClusterExtension['container']>

/** Undefined for clusters of machines. */
export function containerOf(cluster: Pick<Cluster, 'extension'>): ContainerTraits | undefined {
  return clusterExtension(cluster).container
}

/** Throws NotSupported for a cluster whose nodes are pods. */
export function requireMachines(cluster: Cluster): void {
  if (!containerOf(cluster)) return
  const detail = `the nodes of \`${cluster.id}\` are pods, whose number ModifyPodNum changes`
  throw new Fault('NotSupported', { what: 'InstanceId', detail })
}

/** Where its pods live: the account's number and the cluster's id. */
export function namespaceOf(cluster: Pick<Cluster, 'id'>, tenant: string): string {
  return `${tenant}-${cluster.id}`
}
