/**
 * Cluster documents as they are loaded: those of earlier versions are brought to the present one, and what a dialect adds is
 * checked by its decoder. A document is rewritten with its next save.
 *
 * Versions: until 0.1 a cluster was one flat document; since then it has a spec and a status. Nothing marks the difference but
 * the members themselves.
 */
import type { Backup } from '../domain/backup.ts'
import type { Cluster } from '../domain/cluster/cluster.ts'
import type { ExtensionDecoder } from '../domain/cluster/extension.ts'
import type { Node, NodeGroup } from '../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../domain/cluster/spec.ts'
import type { ClusterStatus, NodeStatus } from '../domain/cluster/status.ts'

type Members = Readonly<Record<string, unknown>>

/** By API product. A product without one keeps its extensions as they are. */
export type ExtensionDecoders = ReadonlyMap<string, ExtensionDecoder>

export function clusterDecoder(decoders: ExtensionDecoders): (body: unknown) => Cluster {
  return (body) => {
    const members = body as Members
    const cluster = (isFlat(members)
      ? fromFlat(members as unknown as FlatCluster)
      : members) as unknown as Cluster
    const decoder = decoders.get(cluster.product)
    return decoder ? withExtensions(cluster, decoder) : cluster
  }
}

/** What a backup keeps of its cluster is brought to the present version as the cluster is. */
export function backupDecoder(decoders: ExtensionDecoders): (body: unknown) => Backup {
  return (body) => {
    const backup = body as Backup
    const decoder = decoders.get(backup.product)
    if (!decoder) return backup
    const { origin } = backup
    const extension = decoder.cluster(origin.extension)
    return { ...backup, origin: { ...origin, extension, spec: decodedSpec(origin.spec, decoder) } }
  }
}

function isFlat(members: Members): boolean {
  return !('spec' in members)
}

function withExtensions(cluster: Cluster, decoder: ExtensionDecoder): Cluster {
  const { change } = cluster
  return {
    ...cluster,
    extension: decoder.cluster(cluster.extension),
    spec: decodedSpec(cluster.spec, decoder),
    ...(change ? { change: { ...change, before: decodedSpec(change.before, decoder) } } : {}),
  }
}

function decodedSpec(spec: ClusterSpec, decoder: ExtensionDecoder): ClusterSpec {
  const groups = spec.groups.map((group) => ({
    ...group,
    extension: decoder.group(group.extension),
  }))
  return { ...spec, groups }
}

/** A cluster as it was stored until 0.1. */
interface FlatCluster
  extends
    Omit<Cluster, 'spec' | 'status' | 'resourceGroup' | 'extension' | 'change'>,
    Omit<ClusterSpec, 'groups' | 'running' | 'configuration'>,
    Omit<ClusterStatus, 'nodes'> {
  readonly scope: string
  readonly groups: readonly FlatGroup[]
  readonly traits: Members
}

interface FlatGroup extends Omit<NodeGroup, 'machine' | 'nodes' | 'extension' | 'description'> {
  readonly spec: string
  readonly nodes: readonly FlatNode[]
  readonly traits: Members
}

interface FlatNode extends Omit<Node, 'restarts' | 'size'> {
  readonly ready: boolean
}

function fromFlat(it: FlatCluster): Cluster {
  const { scope, traits, charge } = it
  const stop = charge.stop as { readonly why: string; readonly releaseMs: number } | undefined
  const givenUp = stop?.why === 'given-up'
  return {
    id: it.id,
    account: it.account,
    region: it.region,
    product: it.product,
    name: it.name,
    createdMs: it.createdMs,
    substrate: it.substrate,
    resourceGroup: scope,
    tags: it.tags,
    charge: givenUp
      ? { ...charge, stop: { why: 'owner-isolated', releaseMs: stop.releaseMs } }
      : charge,
    ...(it.reservations ? { reservations: it.reservations } : {}),
    spec: specOf(it),
    status: statusOf(it),
    secrets: it.secrets,
    extension: traits as unknown as Cluster['extension'],
  }
}

function specOf(it: FlatCluster): ClusterSpec {
  const { generation, software, network, state, encryption, scripts, traits } = it
  return {
    generation,
    running: state !== 'suspended' && state !== 'isolated',
    software,
    network,
    groups: it.groups.map(groupOf),
    // One dialect kept settings among what it had added.
    configuration: (traits['configuration'] ?? []) as ClusterSpec['configuration'],
    ...(encryption ? { encryption } : {}),
    ...(scripts ? { scripts } : {}),
  }
}

function groupOf({ spec: machine, nodes, traits, ...group }: FlatGroup): NodeGroup {
  const description = traits['description']
  return {
    ...group,
    machine,
    description: typeof description === 'string' ? description : '',
    nodes: nodes.map(({ ready: _seen, ...node }) => ({ ...node, restarts: 0 })),
    extension: traits as unknown as NodeGroup['extension'],
  }
}

function statusOf(it: FlatCluster): ClusterStatus {
  const { state, reason, stateSinceMs, observedGeneration } = it
  const { startedMs, releasedMs, denied, endpoints } = it
  const nodes = it.groups.flatMap((group) => group.nodes)
  const seen = nodes.flatMap(({ id, address, publicAddress, ready }): [string, NodeStatus][] => {
    if (address === undefined) return []
    return [[id, { address, ready, ...(publicAddress === undefined ? {} : { publicAddress }) }]]
  })
  return {
    state,
    reason,
    stateSinceMs,
    observedGeneration,
    nodes: Object.fromEntries(seen),
    ...(startedMs === undefined ? {} : { startedMs }),
    ...(releasedMs === undefined ? {} : { releasedMs }),
    ...(denied === undefined ? {} : { denied }),
    ...(endpoints === undefined ? {} : { endpoints }),
  }
}
