/**
 * How clients get into a cluster: its gateways and the front ends behind each, what of it has a public address, who may connect,
 * how connections are encrypted, and the names that its nodes look up in a table of their own. The functions here make the access
 * after a change. Pure.
 */
import { sha256Hex } from '../../kernel/digest.ts'
import { canonicalJson } from '../../kernel/json.ts'

export interface Access {
  /** The first one is the default: it has the front ends that no other one has, and new ones. */
  readonly gateways: readonly [Gateway, ...Gateway[]]
  /** The leader of the front ends takes no clients. */
  readonly leaderIsolated: boolean
  /** Groups with a public address of their own; that of the front ends is the default gateway's. */
  readonly exposed: readonly string[]
  /** Whoever is in none of them is not let in by internal addresses; without any, everyone is. */
  readonly allowLists: readonly AllowList[]
  /** Absent until it is asked for: then an engine offers what it has of its own. `off`: it offers none. */
  readonly encryption?: 'off' | ServerCertificate
  readonly hostAliases: readonly HostAlias[]
}

export interface Gateway {
  readonly id: string
  readonly name: string
  /** The nodes that it took from the default gateway; of the default one, none. */
  readonly frontends: readonly string[]
  /** Its internal address is a load balancer's, and no mere name. */
  readonly balanced: boolean
  /** It has a public address beside the internal one. */
  readonly open: boolean
}

export interface AllowList {
  readonly name: string
  /** In CIDR notation, as they were given. */
  readonly blocks: readonly string[]
}

export interface ServerCertificate {
  /** The secret of the cluster that has the key. */
  readonly secret: string
  /** In PEM, without its chain. */
  readonly certificate: string
  /** Given by the owner. */
  readonly custom: boolean
}

export interface HostAlias {
  readonly address: string
  readonly names: readonly string[]
}

/** What of the access a change is about; `exposure` is a public address of a gateway, `network` of a group. */
export type AccessAspect =
  | 'gateway'
  | 'exposure'
  | 'network'
  | 'allow-list'
  | 'encryption'
  | 'host-alias'

/** The access of a cluster for which nothing was asked, with this default gateway. */
export function newAccess(gateway: Pick<Gateway, 'id' | 'name' | 'balanced'>): Access {
  const initial = { ...gateway, frontends: [], open: false }
  return {
    gateways: [initial],
    leaderIsolated: false,
    exposed: [],
    allowLists: [],
    hostAliases: [],
  }
}

/** Empty for a cluster whose access is not described. */
export function accessDigest(access: Access | undefined): string {
  return access === undefined ? '' : sha256Hex(canonicalJson(access)).slice(0, 16)
}

/** What stands before the name of an endpoint that is not the default gateway's internal one. */
export function entryName(of: string, kind: 'internal' | 'public'): string {
  return kind === 'internal' ? of : `${of}/public`
}

export interface Route {
  readonly gateway: Gateway
  readonly isDefault: boolean
  /** The nodes that its clients are spread over. */
  readonly frontends: readonly string[]
}

/** `frontends`: all of the cluster, the leader first. */
export function routesOf(access: Access, frontends: readonly string[]): readonly Route[] {
  const taken = new Set(access.gateways.flatMap((gateway) => gateway.frontends))
  const [leader] = frontends
  return access.gateways.map((gateway, at) => {
    const isDefault = at === 0
    const own = frontends.filter((id) =>
      isDefault
        ? !taken.has(id) && !(access.leaderIsolated && id === leader)
        : gateway.frontends.includes(id),
    )
    return { gateway, isDefault, frontends: own }
  })
}

/** With one more gateway of so many front ends; undefined when the default one has not so many to give. */
export function withNewGateway(
  access: Access,
  gateway: Omit<Gateway, 'frontends'>,
  it: { readonly count: number; readonly frontends: readonly string[] },
): Access | undefined {
  const frontends = free(access, it.frontends).slice(-it.count)
  if (frontends.length < it.count) return undefined
  return { ...access, gateways: [...access.gateways, { ...gateway, frontends }] }
}

/** The gateway with so many front ends, taken from the default one or returned to it; undefined when that has too few. */
export function withFrontends(
  access: Access,
  id: string,
  it: { readonly count: number; readonly frontends: readonly string[] },
): Access | undefined {
  const was = access.gateways.find((gateway) => gateway.id === id)?.frontends ?? []
  const more = it.count - was.length
  const added = more > 0 ? free(access, it.frontends).slice(-more) : []
  if (more > 0 && added.length < more) return undefined
  const frontends = [...was, ...added].slice(0, it.count)
  return withGateway(access, id, (gateway) => ({ ...gateway, frontends }))
}

/** Its front ends are the default gateway's again. */
export function withoutGateway(access: Access, id: string): Access {
  const [first, ...others] = access.gateways
  return { ...access, gateways: [first, ...others.filter((gateway) => gateway.id !== id)] }
}

export function withGateway(access: Access, id: string, change: (was: Gateway) => Gateway): Access {
  const changed = (gateway: Gateway) => (gateway.id === id ? change(gateway) : gateway)
  const [first, ...others] = access.gateways
  return { ...access, gateways: [changed(first), ...others.map(changed)] }
}

/** With the list in place of the one of its name, or behind the others. */
export function withAllowList(access: Access, list: AllowList): Access {
  const known = access.allowLists.some(({ name }) => name === list.name)
  const allowLists = known
    ? access.allowLists.map((each) => (each.name === list.name ? list : each))
    : [...access.allowLists, list]
  return { ...access, allowLists }
}

export function withoutAllowList(access: Access, name: string): Access {
  return { ...access, allowLists: access.allowLists.filter((list) => list.name !== name) }
}

/** The blocks of all lists together; undefined when everyone may connect. */
export function allowedBlocks({ allowLists }: Access): readonly string[] | undefined {
  if (allowLists.length === 0) return undefined
  return [...new Set(allowLists.flatMap(({ blocks }) => blocks))]
}

/** Of the front ends of the default gateway those that it can do without: not the leader, and one that takes clients. */
function free(access: Access, frontends: readonly string[]): readonly string[] {
  const taken = new Set(access.gateways.flatMap((gateway) => gateway.frontends))
  const [, ...others] = frontends
  const open = others.filter((id) => !taken.has(id))
  return access.leaderIsolated ? open.slice(1) : open
}
