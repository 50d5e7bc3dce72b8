/**
 * UpdatePublicNetworkStatus: a node group gets a public address, or loses it; the frontends' is that of the default gateway. The group
 * is named, or is the default one of its component. Facts: reference alibaba-starrocks.md 3.2, 5.1, 5.2, 6.6.
 */
import { withGateway, type Access } from '../../../../domain/cluster/access.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { groupIn } from '../../../../domain/cluster/spec.ts'
import { refuse } from '../../../../domain/fault.ts'
import { choice, flag, integer, optional } from '../../../../shape/shape.ts'
import type { Component } from '../../catalogue/schema.ts'
import { action } from '../action.ts'
import { accessAsks, accessFaults, accessOf, refused } from '../instance/access.ts'
import { groupExtension } from '../instance/extension.ts'
import { nodeGroupId } from '../node-group/change.ts'
import { isExposed } from '../node-group/exposure.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'

/** `BE` stands for compute nodes as well, as their host name does. */
const componentsOf = { FE: ['FE'], BE: ['BE', 'CN'], CN: ['CN'] } as const
type Face = keyof typeof componentsOf

export const updatePublicNetworkStatus = action({
  name: 'UpdatePublicNetworkStatus',
  input: {
    ComponentType: optional(
      choice(['FE', 'BE', 'CN'], { label: 'Component type', ignoreCase: true }),
    ),
    InstanceId: instanceId,
    NodeGroupId: optional(nodeGroupId),
    PublicNetworkEnabled: flag(),
    RegionId: optional(regionId),
  },
  output: { Data: flag(), Total: integer() },
  faults: [...accessFaults, 'NodeGroupNotFound'],
  asks: accessAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { ComponentType, InstanceId, NodeGroupId, PublicNetworkEnabled: open }) {
    if (ComponentType === undefined && NodeGroupId === undefined)
      throw refuse({ name: 'ComponentType', problem: 'missing', example: 'FE' })
    await core.clusters.setAccess(call, InstanceId, (was) => {
      const group = groupOf(was, NodeGroupId, ComponentType)
      const before = accessOf(was)
      if (isExposed(before, group) === open) {
        const already = `public network is ${open ? 'enabled' : 'disabled'} already`
        throw refused('PublicNetworkEnabled', already)
      }
      const { component } = groupExtension(group)
      return {
        action: { kind: 'access', aspect: 'network', direction: open ? 'open' : 'close' },
        access: withExposure(before, group, open),
        scope: { of: 'group', group: group.id },
        values: {
          before: `${component} enable = ${!open}`,
          after: `${component} enable = ${open}`,
        },
      }
    })
    return { Data: true, Total: 1 }
  },
})

/** Throws NodeGroupNotFound, and ParametersRefused for a component that the instance has not or that has no address. */
function groupOf({ spec }: Cluster, id: string | undefined, face: Face | undefined): NodeGroup {
  const known: readonly Component[] = face === undefined ? ['FE', 'BE', 'CN'] : componentsOf[face]
  if (id !== undefined) {
    const group = groupIn(spec.groups, id)
    const { component } = groupExtension(group)
    if (known.includes(component)) return group
    throw refused('ComponentType', `node group [${id}] is of ${component}`)
  }
  const found = spec.groups.find((group) => {
    const { component, defaultGroup } = groupExtension(group)
    return defaultGroup && known.includes(component)
  })
  if (!found) throw refused('ComponentType', `the instance has no node group of ${face}`)
  return found
}

function withExposure(access: Access, group: NodeGroup, open: boolean): Access {
  if (groupExtension(group).component === 'FE')
    return withGateway(access, access.gateways[0].id, (gateway) => ({ ...gateway, open }))
  const others = access.exposed.filter((id) => id !== group.id)
  return { ...access, exposed: open ? [...others, group.id] : others }
}
