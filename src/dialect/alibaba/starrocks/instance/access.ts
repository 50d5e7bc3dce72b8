/** How clients get into an instance, as requests about it find and change it. Facts: reference alibaba-starrocks.md 3.2, 11.3, 11.4. */
import {
  entryName,
  newAccess,
  type Access,
  type Gateway,
} from '../../../../domain/cluster/access.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { nodesOf } from '../../../../domain/cluster/node-group.ts'
import type { DependencyName } from '../../../../domain/dependency.ts'
import { refuse, type Fault, type FaultCode } from '../../../../domain/fault.ts'
import { groupExtension, instanceExtension } from './extension.ts'

/** Of every request that changes the access. */
export const accessFaults: readonly FaultCode[] = [
  'ClusterNotFound',
  'ClusterBusy',
  'ParametersRefused',
  'NotSupported',
]
export const accessAsks: readonly DependencyName[] = ['identity', 'network']

/** Every instance has its default gateway from the beginning; it is only recorded once something of the access is changed. */
export function accessOf(instance: Cluster): Access {
  if (instance.spec.access) return instance.spec.access
  const balanced = instanceExtension(instance).gatewayType.toLowerCase() === 'slb'
  return newAccess({ id: defaultGatewayId(instance), name: 'default', balanced })
}

/** An instance's id is `c-` with 16 digits, a gateway's `dg-` with 16. */
function defaultGatewayId({ id }: Cluster): string {
  return `dg-${id.replace(/^c-/, '')}`
}

/** The ids of its frontends, the leader first. Observers take no part in an election and stand behind no gateway. */
export function frontendsOf({ spec: { groups } }: Cluster): readonly string[] {
  const frontends = groups.filter((group) => groupExtension(group).component === 'FE')
  return nodesOf(frontends).map(({ id }) => id)
}

/** Throws ParametersRefused for a gateway that the instance has not. */
export function gatewayIn({ gateways }: Access, id: string): Gateway {
  const gateway = gateways.find((each) => each.id === id)
  if (!gateway) throw refused('GatewayId', `gateway [${id}] not exists`)
  return gateway
}

export function refused(name: string, message: string): Fault {
  return refuse({ name, problem: 'value', message })
}

/** Where an entry really answers; undefined where nothing runs. */
export function entryHost(
  { status }: Cluster,
  entry: { readonly of: string; readonly kind: 'internal' | 'public'; readonly service: string },
): string | undefined {
  const name = `${entryName(entry.of, entry.kind)}/${entry.service}`
  return status.endpoints?.find((endpoint) => endpoint.name === name)?.host
}

/** The names that the service gives; `tail` tells a gateway of one's own from the default one. */
export function domainOf(
  { id }: Cluster,
  it: { readonly face: string; readonly kind: 'internal' | 'public'; readonly tail?: string },
): string {
  const tail = it.tail === undefined ? '' : `-${it.tail}`
  const kind = it.kind === 'internal' ? '-internal' : ''
  return `${it.face}-${id}${tail}${kind}.starrocks.aliyuncs.com`
}
