/** What this dialect's clients read back of an instance and its groups, beside what the core knows; see Cluster.traits. */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import type { Architecture, Component, PackageType } from '../../catalogue/schema.ts'

export type InstanceTraits = {
  /** As it was asked for; it must be read back in the same words. */
  readonly version: string
  readonly runMode: string
  readonly packageType: PackageType
  readonly architecture: Architecture
  readonly encrypted: boolean
  readonly kmsKeyId: string
  readonly ossRole: string
  readonly gatewayType: string
  readonly multiZone: boolean
  /** The id of the cluster behind the AI functions; empty without them. */
  readonly aiClusterId: string
  readonly promotion: string
  readonly catalog: { readonly name: string; readonly type: string } | null
  readonly linkedPrincipal: {
    readonly name: string
    readonly type: string
    readonly id: string
  } | null
}

export type GroupTraits = {
  readonly component: Component
  /** Made with the instance and as old as it: its default warehouse, its frontends. */
  readonly defaultGroup: boolean
  readonly description: string
  readonly localStorageInstanceType: string
}

export function traitsOf(cluster: Cluster): InstanceTraits {
  return cluster.extension as unknown as InstanceTraits
}

export function groupTraitsOf(group: NodeGroup): GroupTraits {
  return group.extension as unknown as GroupTraits
}
