/** Groups of nodes as they are wanted: how many, how large, and with which disks. Pure. */
import type { DaemonOrder } from './daemon.ts'
import type { Extension } from './extension.ts'
import type { ConfigurationFile } from './spec.ts'

export interface Disk {
  readonly use: 'system' | 'data'
  readonly type: string
  readonly sizeGib: number
  /** Per node. */
  readonly count: number
  /** Performance level, where the vendor has one. */
  readonly level?: string
}

/** How large a node is. */
export interface NodeSize {
  /** Cores. */
  readonly cpu: number
  readonly memoryMib: number
  /** The vendor's name of the machine type. */
  readonly machine: string
  readonly disks: readonly Disk[]
}

export interface Node {
  readonly id: string
  /** Its place in its group; a group loses the highest first unless nodes are named. */
  readonly index: number
  readonly name: string
  /** Allocated from its subnet; where nodes really run, the substrate reports what it has given them instead. */
  readonly address?: string
  readonly publicAddress?: string
  /** Counts the restarts that were asked for; a substrate restarts what it runs for the node when the number grows. */
  readonly restarts: number
  /** What its client calls it, to tell it apart. */
  readonly mark?: string
  /** The scaling rule that it came by and goes by; absent for those that were ordered. */
  readonly elastic?: string
  /** Its own size, where it was changed alone; the group's otherwise. */
  readonly size?: NodeSize
  /** Its own version, as long as a change of versions has not come to it; the cluster's otherwise. */
  readonly version?: string
  /** Its own settings, as long as a change of them has not come to it; the cluster's otherwise. */
  readonly configuration?: readonly ConfigurationFile[]
  /** Of its daemons, those of which something else is wanted than that they run. */
  readonly daemons?: readonly DaemonOrder[]
}

export interface NodeGroup extends NodeSize {
  readonly id: string
  /** What its nodes do, in the engine's words (`fe`, `core`, …). */
  readonly role: string
  readonly name: string
  readonly description: string
  readonly zone: string
  readonly subnet: string
  /** Whether its nodes get public addresses beside their own. */
  readonly exposed?: boolean
  readonly nodes: readonly Node[]
  readonly extension: Extension
}

export function sizeOf(group: NodeGroup, node: Node): NodeSize {
  if (node.size) return node.size
  const { cpu, memoryMib, machine, disks } = group
  return { cpu, memoryMib, machine, disks }
}

export function nodesOf(groups: readonly NodeGroup[]): readonly Node[] {
  return groups.flatMap((group) => group.nodes)
}

/** In the reason of a cluster that waits for them. */
export function groupShare(some: number, all: number): string {
  return `${some} of ${all} node groups`
}

/** The place of the next node beside these. */
export function nextIndex(nodes: readonly Pick<Node, 'index'>[]): number {
  return 1 + Math.max(-1, ...nodes.map(({ index }) => index))
}

/** The group with the nodes that were ordered, without those that come and go by scaling rules. */
export function residents(group: NodeGroup): NodeGroup {
  return { ...group, nodes: group.nodes.filter(({ elastic }) => elastic === undefined) }
}

/** GiB of data disks of one node. */
export function dataGib({ disks }: Pick<NodeSize, 'disks'>): number {
  return disks
    .filter((disk) => disk.use === 'data')
    .reduce((sum, disk) => sum + disk.sizeGib * disk.count, 0)
}
