/**
 * A gateway as ListGateway shows it: every documented member; a text about nothing is empty. Of the load balancers and zones behind
 * it only the names are here, each of which stays the same while the gateway is there. Facts: reference alibaba-starrocks.md 6.3, 11.3.
 */
import { routesOf, type Gateway, type Route } from '../../../../domain/cluster/access.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { sha256Hex } from '../../../../kernel/digest.ts'
import { flag, integer, object, text, type Static } from '../../../../shape/shape.ts'
import { accessOf, domainOf, entryHost, frontendsOf } from '../instance/access.ts'

export const gatewayView = object({
  EnablePublicNet: flag(),
  FeNodeNumber: integer(),
  GatewayId: text(),
  GatewayName: text(),
  GatewayType: text(),
  InternalDomain: text(),
  InternalSlbId: text(),
  PrivatezoneId: text(),
  PublicDomain: text(),
  PublicSlbAclId: text(),
  PublicSlbId: text(),
})

export function viewGateways(instance: Cluster): readonly Static<typeof gatewayView>[] {
  return routesOf(accessOf(instance), frontendsOf(instance)).map((route) => view(instance, route))
}

function view(instance: Cluster, route: Route): Static<typeof gatewayView> {
  const { gateway, frontends } = route
  const { id, name, balanced, open } = gateway
  return {
    EnablePublicNet: open,
    FeNodeNumber: frontends.length,
    GatewayId: id,
    GatewayName: name,
    GatewayType: balanced ? 'Slb' : 'Privatezone',
    InternalDomain: addressOf(instance, route, 'internal'),
    InternalSlbId: balanced ? named('lb-', gateway, 'internal') : '',
    PrivatezoneId: balanced ? '' : named('', gateway, 'zone', 32),
    PublicDomain: open ? addressOf(instance, route, 'public') : '',
    PublicSlbAclId: open ? named('acl-', gateway, 'public-acl') : '',
    PublicSlbId: open ? named('lb-', gateway, 'public') : '',
  }
}

/** Where the substrate says that it answers; the documented host name where nothing runs. */
export function addressOf(
  instance: Cluster,
  { gateway, isDefault }: Pick<Route, 'gateway' | 'isDefault'>,
  kind: 'internal' | 'public',
): string {
  const tail = isDefault ? {} : { tail: named('', gateway, 'domain', 6) }
  const real =
    isDefault && kind === 'internal'
      ? instance.status.endpoints?.find(({ name }) => name === 'mysql')?.host
      : entryHost(instance, { of: gateway.id, kind, service: 'mysql' })
  return real ?? domainOf(instance, { face: 'fe', kind, ...tail })
}

/** A name of something of a gateway's own, in letters and digits. */
function named(prefix: string, { id }: Gateway, what: string, length = 20): string {
  const digits = BigInt(`0x${sha256Hex(`${id}/${what}`)}`).toString(36)
  return `${prefix}${digits.slice(-length)}`
}
