/**
 * Which substrate runs a cluster: by the owner's tag, or else by the family of its engine; and what of a request the chosen one
 * cannot do, which is refused before anything is recorded.
 */
import {
  checkChangeSupported,
  checkJobs,
  checkSupported,
  type SubstrateOffer,
} from '../../domain/cluster/capability.ts'
import type { ChangeAction } from '../../domain/cluster/change.ts'
import type { Cluster, Tag } from '../../domain/cluster/cluster.ts'
import type { ClusterSpec } from '../../domain/cluster/spec.ts'
import type { Job } from '../../domain/job-flow.ts'
import { Fault } from '../../domain/fault.ts'

export interface Placement {
  /**
   * The name of the substrate for a new cluster: where its data are, if it begins with some. Throws NotSupported when it does not
   * exist, lacks something, or is not the one that was chosen, ResourceShort when its machine has not the memory.
   */
  select(cluster: {
    readonly id: string
    readonly product: string
    readonly tags: readonly Tag[]
    readonly spec: ClusterSpec
    readonly holder?: string
  }): string
  /** Throws NotSupported for what the cluster's substrate cannot change, ResourceShort when its machine has not the memory. */
  checkChange(
    cluster: Cluster,
    action: ChangeAction,
    after: ClusterSpec,
    having?: { readonly scripted: boolean },
  ): void
  /** Throws NotSupported for a job that the cluster cannot run. */
  checkJobs(cluster: Cluster, jobs: readonly Job[]): void
  /** Whether a service of the cluster itself may keep its users, and has to be brought to them. */
  keepsUsers(cluster: Pick<Cluster, 'substrate'>): boolean
  /** Throws NotSupported for a cluster whose data cannot be copied. */
  checkSnapshots(cluster: Cluster): void
}

export interface PlacementOptions {
  readonly substrates: ReadonlyMap<string, SubstrateOffer>
  /** Whether anything keeps objects for a product's clusters. */
  readonly keepsObjects?: (product: string) => boolean
  /** Names of substrates by engine family. */
  readonly preferred: Readonly<Record<string, string>> & { readonly default: string }
}

/** How a cluster's owner chooses its substrate; the second spelling is for clouds whose tag keys have no colon. */
const SUBSTRATE_TAGS = ['emrys:substrate', 'emrys.substrate']

export function placement({ substrates, preferred, keepsObjects }: PlacementOptions): Placement {
  /** What runs on this machine only has the server's name behind its own, where there are several servers. */
  const own = (name: string) =>
    substrates.has(name) ? name : [...substrates.keys()].find((key) => baseOf(key) === name)
  const offerOf = (name: string): SubstrateOffer => {
    // One of another server's machine is the same program as this one's.
    const offer = substrates.get(own(name) ?? own(baseOf(name)) ?? '')
    if (offer) return offer
    const known = [...substrates.keys()].join(', ')
    const detail = `there is none called ${name}; there are ${known}`
    throw new Fault('NotSupported', { what: 'emrys:substrate', detail })
  }
  return {
    select({ id, product, tags, spec, holder }) {
      const chosen = tags.find((tag) => SUBSTRATE_TAGS.includes(tag.key))?.value
      const name = chosen ?? holder ?? preferred[spec.software.family] ?? preferred.default
      if (holder !== undefined && (own(name) ?? name) !== holder) {
        const detail = `the data are on ${holder}, and ${name} was chosen`
        throw new Fault('NotSupported', { what: 'emrys:substrate', detail })
      }
      checkSupported(offerOf(name), { id, spec }, keepsObjects?.(product) ?? false)
      return own(name) ?? name
    },
    keepsUsers: ({ substrate }) => offerOf(substrate).directories !== undefined,
    checkSnapshots({ substrate, spec }) {
      if (offerOf(substrate).capabilities(spec.software.family).snapshots) return
      const detail = `${substrate} copies no data`
      throw new Fault('NotSupported', { what: 'a backup', detail })
    },
    checkJobs({ id, substrate, spec }, jobs) {
      checkJobs(offerOf(substrate), { id, family: spec.software.family }, jobs)
    },
    checkChange(cluster, action, after, having) {
      const { id, substrate, spec: before } = cluster
      checkChangeSupported(offerOf(substrate), action, { id, before, after, ...having })
    },
  }
}

function baseOf(name: string): string {
  return name.split('@')[0] ?? name
}
