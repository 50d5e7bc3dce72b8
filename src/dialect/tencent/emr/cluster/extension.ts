/** What of a cluster and of its node groups only this cloud's clients read back; the core keeps it without looking inside. */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import type { Json } from '../../../../kernel/json.ts'
import type { ProductClass } from '../../catalogue/schema.ts'
import type { ConfigurationFile } from './configuration.ts'

/** A type, not an interface: it is kept as JSON. */
export type ClusterTraits = {
  readonly productId: number
  readonly class: ProductClass
  /** Empty for products without scenes. */
  readonly scene: string
  readonly highAvailability: boolean
  readonly security: boolean
  /** Canonical names; `software.components` has the names with versions that clients read. */
  readonly components: readonly string[]
  readonly publicMaster: boolean
  readonly remoteLogin: boolean
  readonly encrypted: boolean
  readonly storage: { readonly logPath: string } | null
  readonly publicKeyId: string
  readonly applicationRole: string
  readonly placementGroups: readonly string[]
  /** `database` is the bought or the existing one's id; empty for a client's own. */
  readonly metadata: {
    readonly type: string
    readonly database: string
    readonly bought: boolean
    readonly version: string
    readonly url: string
    readonly user: string
    /** Whether the client's own database answered, or why it was not asked; empty for the other kinds. */
    readonly probe: string
  }
  readonly configuration: readonly ConfigurationFile[]
}

export type GroupTraits = {
  /** As asked for, also where the machine brings its own disks. */
  readonly diskType: string
  readonly tags: readonly { readonly key: string; readonly value: string }[]
}

export function clusterTraits(cluster: Cluster): ClusterTraits {
  return cluster.extension as unknown as ClusterTraits
}

export function groupTraits(group: NodeGroup): GroupTraits {
  return group.extension as unknown as GroupTraits
}

export function asTraits(traits: ClusterTraits | GroupTraits): Readonly<Record<string, Json>> {
  return traits
}
