/**
 * The specifications that nodes of a role may be added in: up to three, one of them the default, which scaling out takes (reference:
 * tencent-emr.md 3.7). As long as nobody says anything, a role has the one that its nodes have.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import {
  clusterExtension,
  groupExtension,
  newGroupExtension,
  type ClusterExtension,
} from '../cluster/extension.ts'
import { numberOf } from '../identifier.ts'

export const specRoles = ['core', 'task', 'router'] as const
export type SpecRole = (typeof specRoles)[number]

export type NodeSpec = NonNullable<ClusterExtension['nodeSpecs']>[number]

export function specsOf(cluster: Cluster): readonly NodeSpec[] {
  const { nodeSpecs } = clusterExtension(cluster)
  return nodeSpecs ?? specRoles.flatMap((role) => ownSpec(cluster, role) ?? [])
}

/** That of the nodes which the role was made with. */
function ownSpec(cluster: Cluster, role: SpecRole): NodeSpec | undefined {
  const group = cluster.spec.groups.find((each) => each.role === role)
  if (!group) return undefined
  const { machine, cpu, memoryMib, disks } = group
  const { diskType, tags } = groupExtension(group)
  return {
    id: numberOf(`spec ${group.id}`),
    role,
    prepaid: cluster.charge.mode === 'prepaid',
    isDefault: true,
    createdMs: cluster.createdMs,
    updatedMs: cluster.createdMs,
    machine,
    cpu,
    memoryMib,
    disks: [...disks],
    diskType,
    tags,
  }
}

/** A group of the role, of its default specification; it may be one that the cluster does not have yet. */
export function specifiedGroup(cluster: Cluster, role: string): NodeGroup | undefined {
  const own = cluster.spec.groups.find((group) => group.role === role)
  if (!clusterExtension(cluster).nodeSpecs) return own
  const spec = specsOf(cluster).find((each) => each.role === role && each.isDefault)
  const [first] = cluster.spec.groups
  if (!spec || !first) return isSpecified(role) ? undefined : own
  const { machine, cpu, memoryMib, disks, diskType, tags } = spec
  const { exposed: _masters, ...base } = own ?? {
    ...first,
    id: `${cluster.id}.${role}`,
    role,
    name: role,
  }
  const extension = own
    ? { ...groupExtension(own), diskType }
    : newGroupExtension({ diskType, tags })
  return { ...base, machine, cpu, memoryMib, disks, extension }
}

function isSpecified(role: string): boolean {
  return specRoles.some((each) => each === role)
}
