/**
 * New nodes of a role, of its default size. Those that stand elsewhere than the role's first ones, or have other tags, are a
 * group of their own; clients see the role.
 */
import type { NodesToAdd } from '../../../../app/cluster/scale.ts'
import type { Cluster, Tag } from '../../../../domain/cluster/cluster.ts'
import {
  nextIndex,
  nodesOf,
  type Node,
  type NodeGroup,
  type NodeSize,
} from '../../../../domain/cluster/node-group.ts'
import { canonicalJson } from '../../../../kernel/json.ts'
import type { Random } from '../../../../kernel/random.ts'
import { groupExtension, newGroupExtension, placementGroupsOf } from '../cluster/extension.ts'
import { resourceIdLength } from '../identifier.ts'

export interface Addition {
  /** The first of the role, whose size is the default. */
  readonly group: NodeGroup
  readonly count: number
  readonly subnet: string
  readonly placementGroups: readonly string[]
  readonly tags: readonly Tag[]
  /** Names by which a client tells them apart; none, or one for each. */
  readonly marks: readonly string[]
  /** Another size than the role's. */
  readonly own?: OwnSpec
}

export interface OwnSpec {
  readonly size: NodeSize
  readonly diskType: string
}

export function nodesToAdd(cluster: Cluster, it: Addition, random: Random): NodesToAdd {
  const { role } = it.group
  const groups = cluster.spec.groups.filter((each) => each.role === role)
  const found = groups.find((each) => placeOf(cluster, each) === placeWanted(it))
  const group = found ?? newGroup(cluster, it)
  const from = nextIndex(nodesOf(groups))
  const nodes = Array.from({ length: it.count }, (_, at): Node => {
    const index = from + at
    const id = `emr-vm-${random.serial.base36(resourceIdLength)}`
    return { id, index, name: `${role}.${index}`, restarts: 0, ...markOf(it.marks[at]) }
  })
  return { ...(found ? {} : { groups: [group] }), add: [{ group: group.id, nodes }] }
}

export function markOf(mark: string | undefined): Pick<Node, 'mark'> {
  return mark === undefined || mark === '' ? {} : { mark }
}

function newGroup(
  cluster: Cluster,
  { group, subnet, placementGroups, tags, own }: Addition,
): NodeGroup {
  const taken = new Set(cluster.spec.groups.map(({ id }) => id))
  let id = group.id
  for (let number = 2; taken.has(id); number++) id = `${group.id}.${number}`
  const { diskType } = own ?? groupExtension(group)
  const extension = newGroupExtension({
    diskType,
    tags: [...tags],
    placementGroups: [...placementGroups],
  })
  return { ...group, ...own?.size, id, subnet, nodes: [], extension }
}

/** What the nodes of a group have in common, of what a request for more of them can choose. */
function placeOf(cluster: Cluster, group: NodeGroup): string {
  const { tags } = groupExtension(group)
  const { subnet } = group
  return canonicalJson({
    subnet,
    tags,
    placementGroups: placementGroupsOf(cluster, group),
    ...sizeIn(group),
  })
}

function placeWanted({ group, own, subnet, tags, placementGroups }: Addition): string {
  return canonicalJson({ subnet, tags, placementGroups, ...sizeIn(own?.size ?? group) })
}

function sizeIn({ cpu, memoryMib, machine, disks }: NodeSize) {
  return { cpu, memoryMib, machine, disks }
}
