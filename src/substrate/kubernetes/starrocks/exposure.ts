/**
 * How clients outside the cluster of Kubernetes reach an instance: services of the cluster's own load balancers, or ports of its machines, for
 * the front ends behind the default gateway and for groups of workers; and who may connect inside (a NetworkPolicy, which holds where the
 * cluster's network heeds policies). What there is no place for is refused (lack.ts).
 */
import {
  allowedBlocks,
  entryName,
  type Access,
  type AccessAspect,
} from '../../../domain/cluster/access.ts'
import type { Lack } from '../../../domain/cluster/capability.ts'
import type { ClusterSpec } from '../../../domain/cluster/spec.ts'
import type { Endpoint } from '../../../domain/cluster/status.ts'
import { listOf, recordOf } from '../../../kernel/json.ts'
import type { Trouble } from '../../port.ts'
import { textOf, type KubernetesObject } from '../resource.ts'
import { OWNER } from './pod.ts'
import { parts, QUERY_PORT, setName } from './part.ts'

/** What whoever runs the cluster has for it. */
export interface ExposureProvision {
  /** How services are reached from outside: at an address of their own, or at ports of this host. Absent: not at all. */
  readonly public?:
    | { readonly by: 'load-balancer' }
    | { readonly by: 'node-port'; readonly host: string }
  /** Where this server itself connects from, which no list may leave out. */
  readonly own?: { readonly namespace?: string; readonly blocks: readonly string[] }
}

/** A service for what is outside. */
export interface Exposed {
  readonly service: string
  /** The set whose pods it leads to. */
  readonly set: string
  /** What stands before the names of its endpoints. */
  readonly entry: string
}

const frontPorts = { mysql: QUERY_PORT, 'fe-http': 8030 }
const backPorts = { 'be-http': 8040 }

export function accessAspects({ public: by, own }: ExposureProvision): readonly AccessAspect[] {
  return [
    ...(by ? (['exposure', 'network'] as const) : []),
    ...(own ? (['allow-list'] as const) : []),
  ]
}

/** Undefined where nothing was ever said of the access; `setOf`: by group. */
export function exposedOf(
  { access }: Pick<ClusterSpec, 'access'>,
  setOf: (group: string) => string | undefined,
): readonly Exposed[] | undefined {
  if (!access) return undefined
  const [gateway] = access.gateways
  const ofSet = (set: string, of: string): Exposed => ({
    service: `${set}-public`,
    set,
    entry: entryName(of, 'public'),
  })
  return [
    ...(gateway.open ? [ofSet(setName(parts.fe), gateway.id)] : []),
    ...access.exposed.flatMap((group) => {
      const set = setOf(group)
      return set === undefined ? [] : [ofSet(set, group)]
    }),
  ]
}

function portsOf({ set }: Exposed): Readonly<Record<string, number>> {
  return set === setName(parts.fe) ? frontPorts : backPorts
}

/** Beside its metadata. */
export function publicService(exposed: Exposed, { public: by }: ExposureProvision): object {
  return {
    spec: {
      type: by?.by === 'node-port' ? 'NodePort' : 'LoadBalancer',
      selector: { [OWNER]: exposed.set },
      ports: Object.entries(portsOf(exposed)).map(([name, port]) => ({ name, port })),
    },
  }
}

/** Who may connect from outside the namespace, and to what: everyone, or the blocks of the lists and whoever has to look after it. */
export function ingressOf(
  access: Access | undefined,
  { own }: ExposureProvision,
): readonly object[] {
  const ports = [...new Set(Object.values(parts).flatMap((part) => part.ports))]
    .sort((one, other) => one - other)
    .map((port) => ({ port, protocol: 'TCP' }))
  const allowed = access && allowedBlocks(access)
  if (!allowed) return [{ ports }]
  const blocks = [...new Set([...allowed, ...(own?.blocks ?? [])])]
  const from = [
    ...blocks.map((cidr) => ({ ipBlock: { cidr: cidr.includes('/') ? cidr : `${cidr}/32` } })),
    ...(own?.namespace === undefined
      ? []
      : [
          {
            namespaceSelector: {
              matchLabels: { 'kubernetes.io/metadata.name': own.namespace },
            },
          },
        ]),
  ]
  return [{ ports, from }]
}

/** Undefined as long as it has no address. */
export function publicEndpoints(
  exposed: Exposed,
  service: KubernetesObject | undefined,
  { public: by }: ExposureProvision,
): readonly Endpoint[] | undefined {
  const ports = listOf(recordOf(service?.['spec'])['ports']).map(recordOf)
  const [ingress] = listOf(recordOf(recordOf(service?.['status'])['loadBalancer'])['ingress']).map(
    recordOf,
  )
  const host =
    by?.by === 'node-port' ? by.host : textOf(ingress?.['ip']) || textOf(ingress?.['hostname'])
  const found = ports.flatMap((port) => {
    const number = by?.by === 'node-port' ? port['nodePort'] : port['port']
    return typeof number === 'number'
      ? [{ name: `${exposed.entry}/${textOf(port['name'])}`, host, port: number }]
      : []
  })
  return host === '' || found.length < Object.keys(portsOf(exposed)).length ? undefined : found
}

/** After so long nobody gives it an address. */
const ADDRESS_MS = 10 * 60_000

export function addressTrouble(
  { service }: Exposed,
  { sinceMs, nowMs }: { readonly sinceMs: number; readonly nowMs: number },
): Trouble {
  const reason = `the service ${service} has no address from outside yet`
  return { kind: 'unplaceable', reason, sinceMs, persists: nowMs - sinceMs > ADDRESS_MS }
}

/** Of an access, what has no place here. */
export function accessLack(
  { access }: Pick<ClusterSpec, 'access'>,
  provision: ExposureProvision,
): Lack | undefined {
  if (!access) return undefined
  const lack = (what: string, detail: string) => ({ what, detail })
  if (access.gateways.length > 1 || access.leaderIsolated)
    return lack('several gateways', 'kubernetes spreads clients over all front ends')
  const isOpen = access.gateways[0].open || access.exposed.length > 0
  if (isOpen && !provision.public)
    return lack('a public address', 'kubernetes.public-services says not how services are reached')
  if (access.allowLists.length === 0) return undefined
  if (!provision.own)
    return lack('a list of addresses', 'kubernetes.own-addresses says not where this server is')
  if (isOpen)
    return lack(
      'a list of addresses beside a public address',
      'a NetworkPolicy does not tell by which address somebody comes',
    )
  return undefined
}

/** Whether it is a service of these. */
export function isPublicService(name: string): boolean {
  return /^sr-[a-z0-9-]+-public$/.test(name)
}
