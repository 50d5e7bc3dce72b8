/**
 * The node groups of a new instance, and those that it gets later: what the core keeps of each, with fresh ids for groups and nodes.
 * Facts: reference alibaba-starrocks.md 4.2 (1 CU is 1 core and 4 GiB, 8 when memory-enhanced), 11.4.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import {
  nextIndex,
  type Disk,
  type Node,
  type NodeGroup as Group,
  type NodeSize,
} from '../../../../domain/cluster/node-group.ts'
import type { Random } from '../../../../kernel/random.ts'
import type { NodeGroup } from '../../catalogue/node-group.ts'
import type { Component } from '../../catalogue/schema.ts'
import {
  cloudDiskType,
  localTypeOf,
  memoryCpuRatioOf,
  nonLocalStorage,
} from '../../catalogue/spec-type.ts'
import { newGroupExtension } from '../instance/extension.ts'

export interface NamedGroup {
  readonly group: NodeGroup
  readonly component: Component
  readonly defaultGroup: boolean
  readonly name: string
  readonly description: string
}

export interface OrderedGroups {
  readonly frontends: readonly NamedGroup[]
  readonly backends: readonly NamedGroup[]
  readonly observers: readonly NamedGroup[]
  readonly agentCu: number | undefined
}

export interface Placement {
  readonly random: Random
  /** The primary zone. */
  readonly zone: string
  readonly subnetIn: (zone: string) => string
}

/** Beside the groups of an instance that exists: in its zone and subnets, under an id that was drawn already. */
export function furtherGroup(
  named: NamedGroup,
  id: string,
  { instance, random }: { readonly instance: Cluster; readonly random: Random },
): Group {
  const { zone: primary, subnets } = instance.spec.network
  const subnetIn = (zone: string) =>
    (subnets.find((each) => each.zone === zone) ?? subnets[0])?.id ?? ''
  return { ...newGroup(named, { random, zone: primary, subnetIn }), id }
}

export function newGroupId(random: Random): string {
  return `ng-${random.serial.hex(16)}`
}

export function groupsOf(ordered: OrderedGroups, placement: Placement): readonly Group[] {
  const { frontends, backends, observers, agentCu } = ordered
  const agents = agentCu === undefined ? [] : [agentGroup(agentCu)]
  return [...frontends, ...backends, ...observers, ...agents].map((each) =>
    newGroup(each, placement),
  )
}

function newGroup(named: NamedGroup, { random, zone, subnetIn }: Placement): Group {
  const { group, component, defaultGroup, name, description } = named
  const { localStorageInstanceType } = group
  const role = component.toLowerCase()
  const where = group.zoneId ?? zone
  return {
    id: newGroupId(random),
    role,
    name,
    description,
    ...sizeOf(group),
    zone: where,
    subnet: subnetIn(where),
    nodes: newNodes(role, group.residentNodeNumber, random.serial.hex(8)),
    extension: newGroupExtension({ component, defaultGroup, localStorageInstanceType }),
  }
}

/** What each node of such a group is. */
export function sizeOf(group: NodeGroup): NodeSize {
  const { cu, specType: machine, localStorageInstanceType } = group
  const gib = localTypeOf(localStorageInstanceType)?.memoryGb ?? cu * memoryCpuRatioOf(machine)
  return { cpu: cu, memoryMib: gib * 1024, machine, disks: disksOf(group) }
}

function disksOf(group: NodeGroup): readonly Disk[] {
  if (group.diskNumber === 0) return []
  const local = group.localStorageInstanceType !== nonLocalStorage
  return [
    {
      use: 'data',
      type: local ? group.localStorageInstanceType : cloudDiskType,
      sizeGib: group.storageSize,
      count: group.diskNumber,
      level: group.storagePerformanceLevel,
    },
  ]
}

/** `from` is the index of the first one; `middle` sets the nodes of one group apart from all others. */
function newNodes(role: string, count: number, middle: string, from = 0): readonly Node[] {
  return Array.from({ length: count }, (_, at) => {
    const index = from + at
    const id = `${role}-${middle}-${index}`
    return { id, index, name: id, restarts: 0 }
  })
}

/** Nodes for a group that has some already: with its own middle, behind its highest index. */
export function furtherNodes(
  { role, nodes }: Pick<Group, 'role' | 'nodes'>,
  count: number,
  random: Random,
): readonly Node[] {
  const middle = nodes[0]?.id.split('-').at(-2) ?? random.serial.hex(8)
  return newNodes(role, count, middle, nextIndex(nodes))
}

/** An agent is one machine without disks of its own. */
export function agentGroup(cu: number): NamedGroup {
  return {
    component: 'AGENT',
    defaultGroup: false,
    name: 'agent',
    description: '',
    group: {
      cu,
      residentNodeNumber: 1,
      storageSize: 0,
      diskNumber: 0,
      storagePerformanceLevel: '',
      specType: 'standard',
      localStorageInstanceType: nonLocalStorage,
    },
  }
}
