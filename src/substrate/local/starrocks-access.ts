/** How clients get in to an engine of StarRocks: its entries, what its configuration says of them, and its certificate. */
import { allowedBlocks, entryName, routesOf, type Access } from '../../domain/cluster/access.ts'
import type { ClusterSpec } from '../../domain/cluster/spec.ts'
import {
  certificateFile,
  type EngineConfiguration,
  type EngineEntry,
} from '../../../engines/starrocks/src/process/configuration.ts'
import type { EntryPlan, RoleWanted } from './component.ts'

/** MySQL, HTTP of the front end, HTTP of the back end. */
export const STANDARD_PORTS = [9030, 8030, 8040] as const

/** A gateway listens for what a frontend answers, a public address of other nodes for what these do. */
const FRONT_PORTS = STANDARD_PORTS.slice(0, 2)
const BACK_PORTS = STANDARD_PORTS.slice(2)

export function entriesOf({ access }: ClusterSpec): readonly EntryPlan[] {
  if (!access) return []
  const gateways = access.gateways.flatMap(({ id, open }, at) => [
    ...(at > 0 ? [{ name: entryName(id, 'internal'), standardPorts: FRONT_PORTS }] : []),
    ...(open ? [{ name: entryName(id, 'public'), standardPorts: FRONT_PORTS }] : []),
  ])
  const groups = access.exposed.map((id) => entryName(id, 'public'))
  return [...gateways, ...groups.map((name) => ({ name, standardPorts: BACK_PORTS }))]
}

export function accessOf(
  { nodes, entries, advertisedHost }: RoleWanted,
  access: Access,
): NonNullable<EngineConfiguration['access']> {
  const frontends = nodes.filter(({ role }) => role === 'fe').map(({ id }) => id)
  const routes = routesOf(access, frontends)
  const allowed = allowedBlocks(access)
  const [back] = entries.filter(({ name }) =>
    access.exposed.some((id) => name === entryName(id, 'public')),
  )
  const redirect = back && { host: advertisedHost ?? back.host, port: back.ports[0] ?? 0 }
  return {
    frontends: [...(routes[0]?.frontends ?? [])],
    ...(allowed ? { allowed: [...allowed] } : {}),
    entries: entries.map(({ name, host, ports }): EngineEntry => {
      const open = name.endsWith('/public')
      const route = routes.find(
        ({ gateway }) => entryName(gateway.id, open ? 'public' : 'internal') === name,
      )
      if (!route) return { name, host, open, frontends: [], backPort: ports[0] ?? 0 }
      const [queryPort = 0, frontPort = 0] = ports
      const at = { name, host, open, frontends: [...route.frontends], queryPort, frontPort }
      // Whoever comes from outside is sent on to where he can go.
      return open && redirect ? { ...at, redirect } : at
    }),
    tls: tlsOf(access),
  }
}

function tlsOf({ encryption }: Access): NonNullable<EngineConfiguration['access']>['tls'] {
  if (encryption === undefined) return 'own'
  return encryption === 'off' ? 'off' : 'given'
}

/** A key with its certificate. */
export function certificateOf({ access, reveal }: RoleWanted): Readonly<Record<string, string>> {
  if (!access) return {}
  const { encryption } = access
  // One that is not in use any more is not left lying about.
  const key = typeof encryption === 'object' ? reveal(encryption.secret) : undefined
  return { [certificateFile]: key ?? '' }
}
