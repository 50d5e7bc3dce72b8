/**
 * How clients from outside the cluster of Kubernetes reach a cluster of EMR: by a service that leads to the nodes of one role, or by what its operator
 * makes for that itself. Its owner asks for it with a public address of its masters, or whoever runs the cluster of Kubernetes for all
 * clusters of a product. Pure.
 */
import type { ClusterSpec } from '../../../domain/cluster/spec.ts'
import type { Endpoint } from '../../../domain/cluster/status.ts'
import { labels, ownLabels, type Installation } from '../ownership.ts'
import {
  publicEndpoints,
  publicService,
  type PublicProvision,
  type PublicWay,
} from '../public-service.ts'
import type { KubernetesObject } from '../resource.ts'
import type { ClusterNote } from './note.ts'
import { podLabels, type Product } from './product.ts'

/** For all clusters of a product. */
export interface OutsideProvision {
  readonly exposure?: PublicProvision
  /** Products whose clusters are reached from outside whatever was asked for. */
  readonly publicProducts?: readonly string[]
}

export interface Outside {
  /** Whose nodes clients connect to. */
  readonly role: string
  readonly ports: Readonly<Record<string, number>>
  /** Whether it asks clients for a password. */
  readonly guarded: boolean
  /** What its operator says of what it made for that; undefined as long as it says nothing. Absent where the service is ours. */
  operated?(resources: readonly KubernetesObject[], way: PublicWay): readonly Endpoint[] | undefined
}

/** Why products cannot be reached from outside, behind the name of what says that they shall. */
export function unmetOutside(
  products: readonly Pick<Product, 'name' | 'outside'>[],
  { exposure = {}, publicProducts = [] }: OutsideProvision,
): string | undefined {
  const { public: way } = exposure
  for (const name of publicProducts) {
    const { outside } = products.find((each) => each.name === name) ?? {}
    if (!outside) return `names ${name}, which has no one address that clients could do with`
    if (!way) return 'needs kubernetes.public-services'
    if (!outside.guarded && way.by === 'load-balancer' && !way.sources)
      return `names ${name}, which asks nobody for a password, and kubernetes.public-sources does not say who may come`
  }
  return undefined
}

export const PUBLIC_SERVICE = 'emr-public'
const ENTRY = 'public'

/** The groups that clients from outside come to; undefined where nobody ever wanted any, none where nobody does any more. */
export function outsideGroups(
  { name, outside }: Pick<Product, 'name' | 'outside'>,
  { groups }: Pick<ClusterSpec, 'groups'>,
  it: OutsideProvision & { readonly was: ClusterNote | undefined },
): readonly string[] | undefined {
  const { exposure, publicProducts = [], was } = it
  const inRole = groups.filter(({ role }) => role === outside?.role)
  const isWanted = publicProducts.includes(name) || inRole.some(({ exposed }) => exposed === true)
  if (exposure?.public && isWanted) return inRole.map(({ id }) => id)
  return was?.outside && []
}

/** Of a cluster that has one. */
export function outsideService(
  { outside }: Pick<Product, 'outside'>,
  { id, outside: groups = [], groups: all }: ClusterNote,
  it: {
    readonly installation: Installation
    readonly namespace: string
    readonly exposure: PublicProvision | undefined
  },
): readonly KubernetesObject[] {
  if (!outside || outside.operated || groups.length === 0) return []
  const { installation, namespace, exposure = {} } = it
  const [group = ''] = groups
  // Where there are several, they are all that there is.
  const ofGroup = groups.length < all.length ? { [labels.group]: group } : {}
  const selector = { ...podLabels(installation, id), ...ofGroup }
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: PUBLIC_SERVICE, namespace, labels: ownLabels(installation, id) },
      ...publicService({ selector, ports: outside.ports }, exposure),
    },
  ]
}

/** Undefined as long as it has no address. */
export function outsideEndpoints(
  { outside }: Pick<Product, 'outside'>,
  { outside: groups = [] }: ClusterNote,
  it: {
    readonly exposure?: PublicProvision | undefined
    readonly service: KubernetesObject | undefined
    readonly resources: readonly KubernetesObject[]
  },
): readonly Endpoint[] | undefined {
  const { exposure = {}, service, resources } = it
  if (!outside || groups.length === 0) return []
  if (!outside.operated)
    return publicEndpoints({ ports: outside.ports, entry: ENTRY }, service, exposure)
  const said = exposure.public && outside.operated(resources, exposure.public)
  return said?.map((endpoint) => ({ ...endpoint, name: `${ENTRY}/${endpoint.name}` }))
}
