/** Whether a node group has a public address, and which. Facts: reference alibaba-starrocks.md 6.2, 11.3. */
import type { Access } from '../../../../domain/cluster/access.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { addressOf } from '../gateway/view.ts'
import { accessOf, domainOf, entryHost } from '../instance/access.ts'
import { groupExtension } from '../instance/extension.ts'

/** That of the frontends is the default gateway's. */
export function isExposed(access: Access, group: NodeGroup): boolean {
  const { component } = groupExtension(group)
  return component === 'FE' ? access.gateways[0].open : access.exposed.includes(group.id)
}

/** Empty without one. */
export function publicAddressOf(instance: Cluster, group: NodeGroup): string {
  const access = accessOf(instance)
  if (!isExposed(access, group)) return ''
  const { component, defaultGroup } = groupExtension(group)
  if (component === 'FE')
    return addressOf(instance, { gateway: access.gateways[0], isDefault: true }, 'public')
  const tail = defaultGroup ? {} : { tail: group.id.slice(-6) }
  return (
    entryHost(instance, { of: group.id, kind: 'public', service: 'be-http' }) ??
    domainOf(instance, { face: 'be', kind: 'public', ...tail })
  )
}
