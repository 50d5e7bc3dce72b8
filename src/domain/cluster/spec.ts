/**
 * What is wanted of a cluster. The functions here make the spec after a change; `generation` is raised by whoever begins the
 * change (change.ts), once for each. Pure.
 */
import { sha256Hex } from '../../kernel/digest.ts'
import { canonicalJson } from '../../kernel/json.ts'
import { Fault } from '../fault.ts'
import type { Access } from './access.ts'
import { daemonDigest, daemonsOf, type DaemonPlacement } from './daemon.ts'
import type { ClientStorage, ObjectVolume } from '../object-storage.ts'
import type { Script } from '../script.ts'
import { nodesOf, sizeOf, type Node, type NodeGroup, type NodeSize } from './node-group.ts'

export interface Subnet {
  readonly id: string
  readonly zone: string
}

export interface Software {
  readonly family: string
  readonly version: string
  readonly components: readonly string[]
  /** IANA name of the time zone that its engine is made with, where that is chosen. */
  readonly timeZone?: string
  /** Where its components keep their metadata; absent for the database that comes with the cluster. */
  readonly metadata?: MetadataStore
}

/** An existing database of the cloud's, by its id; or one of the client's own, whose password is the secret `metadata.password`. */
export type MetadataStore =
  | { readonly existing: string }
  | {
      readonly host: string
      readonly port: number
      readonly database: string
      readonly user: string
      /** Whether it was asked before the cluster was made, and let the user in. */
      readonly answered: boolean
    }

export interface Network {
  readonly vpc: string
  readonly zone: string
  readonly subnets: readonly Subnet[]
  readonly securityGroups: readonly string[]
}

/** A copy of a cluster's data, as the substrate that keeps it knows it. */
export interface SnapshotKey {
  readonly cluster: string
  readonly snapshot: string
}

/** Tables that lie in object storage, or that nothing here keeps. */
export interface LakeCatalog {
  readonly name: string
  readonly type: string
  /** The folder that its databases are folders of, as an object's name. */
  readonly location?: string
  /** The server of Iceberg's REST protocol that keeps it instead. */
  readonly rest?: string
}

/** Settings of one file of one service, as its client gave them. */
export interface ConfigurationFile {
  readonly service: string
  readonly version: string
  readonly file: string
  /** For the nodes of one group; for all without it. */
  readonly group?: string
  readonly properties: Readonly<Record<string, string>>
}

export interface ClusterSpec {
  /** Counts changes of what is wanted; begins at 1. */
  readonly generation: number
  /** False while it is suspended or isolated: its nodes are to stop and its data stays. */
  readonly running: boolean
  readonly software: Software
  readonly network: Network
  readonly groups: readonly NodeGroup[]
  readonly configuration: readonly ConfigurationFile[]
  /** Its disks are encrypted with a data key of its own, which this key of its account wraps. */
  readonly encryption?: { readonly key: string }
  /** Counts the passwords that its engine was given after its first one: it takes the one that is sealed when this grows. */
  readonly passwordNumber?: number
  /** The copy of another cluster's data that it begins with. */
  readonly origin?: SnapshotKey
  /** A catalog that its engine makes when it first runs. */
  readonly catalog?: LakeCatalog
  /** Likewise a user of its database, by name, who may read that catalog. */
  readonly linkedUser?: string
  /** How clients get in; absent where its vendor has no say in it. */
  readonly access?: Access
  /** It comes to the buckets of its cloud with keys of its client's own; absent where it does not. */
  readonly storage?: ClientStorage
  /** The folder of a declared bucket that its logs are delivered to with the store's own key; absent for none, or one of its client's (`storage`). */
  readonly logs?: ObjectVolume
  /** Run on its nodes while it is created, in this order. */
  readonly scripts?: readonly Script[]
  /** The daemons of its services, by role; absent where its engine has no parts that anybody could name. */
  readonly daemons?: readonly DaemonPlacement[]
}

/** What a change is about. */
export type Scope =
  | { readonly of: 'cluster' }
  | { readonly of: 'group'; readonly group: string }
  | { readonly of: 'nodes'; readonly nodes: readonly string[] }

/**
 * What one node shall run. A substrate reports the same of what does run there, so that any difference is seen node by node.
 */
export interface NodeTemplate extends NodeSize {
  readonly version: string
  /** Digest of the configuration that is meant for it. */
  readonly configuration: string
  readonly restarts: number
  /** Digest of what is wanted of its daemons; absent where the spec names none. */
  readonly daemons?: string
}

export function templateOf(spec: ClusterSpec, group: NodeGroup, node: Node): NodeTemplate {
  const daemons = daemonsOf(spec, group, node)
  return {
    ...sizeOf(group, node),
    ...(daemons && { daemons: daemonDigest(daemons) }),
    version: node.version ?? spec.software.version,
    configuration: configurationDigest(node.configuration ?? configurationOf(spec, group.id)),
    restarts: node.restarts,
  }
}

/** What of the configuration is meant for the nodes of a group. */
export function configurationOf(
  { configuration }: Pick<ClusterSpec, 'configuration'>,
  group: string,
): readonly ConfigurationFile[] {
  return configuration.filter((file) => file.group === undefined || file.group === group)
}

/** Empty where there are no settings. */
export function configurationDigest(configuration: readonly ConfigurationFile[]): string {
  if (configuration.length === 0) return ''
  return sha256Hex(canonicalJson(configuration)).slice(0, 16)
}

/** The ids of the nodes that a scope covers. Throws NodeGroupNotFound or NodeNotFound for what the cluster has not. */
export function nodesIn({ groups }: ClusterSpec, scope: Scope): readonly string[] {
  if (scope.of === 'cluster') return nodesOf(groups).map(({ id }) => id)
  if (scope.of === 'group') return groupIn(groups, scope.group).nodes.map(({ id }) => id)
  const known = new Set(nodesOf(groups).map(({ id }) => id))
  const lost = scope.nodes.find((id) => !known.has(id))
  if (lost !== undefined) throw new Fault('NodeNotFound', { id: lost })
  return scope.nodes
}

/** Throws NodeGroupNotFound. */
export function groupIn(groups: readonly NodeGroup[], id: string): NodeGroup {
  const group = groups.find((each) => each.id === id)
  if (!group) throw new Fault('NodeGroupNotFound', { id })
  return group
}

/** Every node of the scope one restart further. */
export function withRestart(spec: ClusterSpec, scope: Scope): ClusterSpec {
  const chosen = new Set(nodesIn(spec, scope))
  return mapNodes(spec, (node) =>
    chosen.has(node.id) ? { ...node, restarts: node.restarts + 1 } : node,
  )
}

/** The group with these nodes behind its own. */
export function withNodes(spec: ClusterSpec, group: string, nodes: readonly Node[]): ClusterSpec {
  return mapGroup(spec, group, (was) => ({ ...was, nodes: [...was.nodes, ...nodes] }))
}

/** With one more group, and with its subnet where that is a new one. */
export function withGroup(spec: ClusterSpec, group: NodeGroup): ClusterSpec {
  const { network } = spec
  const known = network.subnets.some(({ id }) => id === group.subnet)
  const subnet = { id: group.subnet, zone: group.zone }
  const subnets = known ? network.subnets : [...network.subnets, subnet]
  return { ...spec, network: { ...network, subnets }, groups: [...spec.groups, group] }
}

/** Without the group and its nodes; its subnet stays known. Throws NodeGroupNotFound. */
export function withoutGroup(spec: ClusterSpec, group: string): ClusterSpec {
  groupIn(spec.groups, group)
  return { ...spec, groups: spec.groups.filter(({ id }) => id !== group) }
}

/** Without these nodes, whatever groups they are of. Throws NodeNotFound. */
export function withoutNodes(spec: ClusterSpec, nodes: readonly string[]): ClusterSpec {
  const gone = new Set(nodesIn(spec, { of: 'nodes', nodes }))
  const groups = spec.groups.map((group) => ({
    ...group,
    nodes: group.nodes.filter(({ id }) => !gone.has(id)),
  }))
  return { ...spec, groups }
}

/** The highest nodes of a group: those that it loses when none are named. */
export function highestNodes({ nodes }: NodeGroup, count: number): readonly string[] {
  return [...nodes]
    .sort((one, other) => other.index - one.index)
    .slice(0, count)
    .map(({ id }) => id)
}

/** What a group is said to be is no part of what its nodes run. Throws NodeGroupNotFound. */
export function withDescription(
  spec: ClusterSpec,
  group: string,
  description: string,
): ClusterSpec {
  return mapGroup(spec, group, (was) => ({ ...was, description }))
}

/** Whole groups take the size as their own; nodes that are chosen alone keep it beside their group's. */
export function withSize(
  spec: ClusterSpec,
  scope: Scope,
  resize: (was: NodeSize) => NodeSize,
): ClusterSpec {
  const chosen = new Set(nodesIn(spec, scope))
  const groups = spec.groups.map((group): NodeGroup => {
    const inside = group.nodes.filter(({ id }) => chosen.has(id))
    // One without nodes is still resized when it is meant itself.
    const isMeant = scope.of === 'cluster' || (scope.of === 'group' && scope.group === group.id)
    if (inside.length === 0 && !isMeant) return group
    if (inside.length < group.nodes.length) {
      const nodes = group.nodes.map((node) =>
        chosen.has(node.id) ? { ...node, size: resize(sizeOf(group, node)) } : node,
      )
      return { ...group, nodes }
    }
    const { cpu, memoryMib, machine, disks } = group
    const nodes = group.nodes.map(({ size, ...node }): Node =>
      size ? { ...node, size: resize(size) } : node,
    )
    return { ...group, ...resize({ cpu, memoryMib, machine, disks }), nodes }
  })
  return { ...spec, groups }
}

export function withConfiguration(
  spec: ClusterSpec,
  configuration: readonly ConfigurationFile[],
): ClusterSpec {
  return { ...spec, configuration }
}

/**
 * Zones change places: what was in the active one moves to the other one and the other way round, each node to the subnet there, as a
 * process of its own with an address that is still to be allocated. A zone without a subnet shares the one that there is.
 */
export function withZonesSwitched(spec: ClusterSpec, zone: string): ClusterSpec {
  const { zone: active, subnets } = spec.network
  const moved = new Map([
    [active, zone],
    [zone, active],
  ])
  const groups = spec.groups.map((group): NodeGroup => {
    const to = moved.get(group.zone)
    if (to === undefined) return group
    const subnet = subnets.find((each) => each.zone === to)?.id ?? group.subnet
    const nodes = group.nodes.map(({ address, ...node }): Node => {
      const kept = subnet === group.subnet && address !== undefined ? { address } : {}
      return { ...node, ...kept, restarts: node.restarts + 1 }
    })
    return { ...group, zone: to, subnet, nodes }
  })
  return { ...spec, network: { ...spec.network, zone }, groups }
}

export function withNewPassword(spec: ClusterSpec): ClusterSpec {
  return { ...spec, passwordNumber: (spec.passwordNumber ?? 0) + 1 }
}

export function withAccess(spec: ClusterSpec, access: Access): ClusterSpec {
  return { ...spec, access }
}

/** With more components, and the daemons that come with them. */
export function withComponents(
  spec: ClusterSpec,
  {
    components,
    daemons,
  }: { readonly components: readonly string[]; readonly daemons: readonly DaemonPlacement[] },
): ClusterSpec {
  const all = [...spec.software.components, ...components]
  return {
    ...spec,
    software: { ...spec.software, components: all },
    daemons: [...(spec.daemons ?? []), ...daemons],
  }
}

export function withVersion(spec: ClusterSpec, version: string): ClusterSpec {
  return { ...spec, software: { ...spec.software, version } }
}

function mapGroup(
  spec: ClusterSpec,
  id: string,
  change: (group: NodeGroup) => NodeGroup,
): ClusterSpec {
  groupIn(spec.groups, id)
  const groups = spec.groups.map((group) => (group.id === id ? change(group) : group))
  return { ...spec, groups }
}

function mapNodes(spec: ClusterSpec, change: (node: Node) => Node): ClusterSpec {
  const groups = spec.groups.map((group) => ({ ...group, nodes: group.nodes.map(change) }))
  return { ...spec, groups }
}
