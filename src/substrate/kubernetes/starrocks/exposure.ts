/**
 * How clients outside the Kubernetes cluster reach an instance: services of the cluster's own load balancers, or ports of its machines, for
 * the front ends behind the default gateway and for groups of workers; and who may connect inside (a NetworkPolicy, which holds where the
 * cluster's network heeds policies). What there is no place for is refused (requirement.ts).
 */
import {
  allowedBlocks,
  entryName,
  type Access,
  type AccessAspect,
} from '../../../domain/cluster/access.ts'
import type { UnmetRequirement } from '../../../domain/cluster/capability.ts'
import type { ClusterSpec } from '../../../domain/cluster/spec.ts'
import type { PublicEntry, PublicProvision } from '../public-service.ts'
import { OWNER } from './pod.ts'
import { parts, QUERY_PORT, setName } from './part.ts'

/** What whoever runs the cluster has for it. */
export interface ExposureProvision extends PublicProvision {
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
    'encryption',
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

export function publicEntry({ service, set, entry }: Exposed): PublicEntry {
  const ports = set === setName(parts.fe) ? frontPorts : backPorts
  return { service, entry, ports, selector: { [OWNER]: set } }
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

/** Of an access, what has no place here. */
export function unmetAccess(
  { access }: Pick<ClusterSpec, 'access'>,
  provision: ExposureProvision,
): UnmetRequirement | undefined {
  if (!access) return undefined
  const unmet = (what: string, detail: string) => ({ what, detail })
  if (access.gateways.length > 1 || access.leaderIsolated)
    return unmet('several gateways', 'kubernetes spreads clients over all front ends')
  const isOpen = access.gateways[0].open || access.exposed.length > 0
  if (isOpen && !provision.public)
    return unmet('a public address', 'kubernetes.public-services says not how services are reached')
  if (access.allowLists.length === 0) return undefined
  if (!provision.own)
    return unmet('a list of addresses', 'kubernetes.own-addresses says not where this server is')
  if (isOpen)
    return unmet(
      'a list of addresses beside a public address',
      'a NetworkPolicy does not tell by which address somebody comes',
    )
  return undefined
}

/** Whether it is a service of these. */
export function isPublicService(name: string): boolean {
  return /^sr-[a-z0-9-]+-public$/.test(name)
}
