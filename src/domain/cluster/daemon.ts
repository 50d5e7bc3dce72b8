/**
 * Daemons: the processes of the services of a cluster. The spec says which of them run on the nodes of which roles, a node says what is
 * wanted of its own beside that they run. Pure.
 */
import { sha256Hex } from '../../kernel/digest.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { Node, NodeGroup } from './node-group.ts'
import type { ClusterSpec } from './spec.ts'

/** Unique on a node. */
export interface DaemonName {
  readonly service: string
  readonly name: string
}

/** Where a daemon of a service runs: on every node of these roles. */
export interface DaemonPlacement extends DaemonName {
  readonly roles: readonly string[]
}

/** In maintenance, nobody starts it again when it ends by itself; `unwatched`, nobody looks at it either. */
export type DaemonMaintenance = 'watched' | 'unwatched'

/** What is wanted of a daemon of one node; what is absent is as for every other one. */
export interface DaemonOrder extends DaemonName {
  readonly stopped?: true
  /** Counts the starts that were asked for. */
  readonly restarts?: number
  readonly maintenance?: DaemonMaintenance
}

export interface WantedDaemon extends DaemonName {
  readonly running: boolean
  readonly restarts: number
  readonly maintenance?: DaemonMaintenance
}

export type DaemonState = 'starting' | 'running' | 'stopping' | 'stopped' | 'failed'

/** What a daemon does. */
export interface DaemonStatus extends DaemonName {
  readonly state: DaemonState
  /** When it was last started or stopped; absent for one that never was. */
  readonly sinceMs?: number
}

export type DaemonAct = 'start' | 'stop' | 'restart' | 'enter-maintenance' | 'exit-maintenance'

/** A daemon of a node. */
export interface ChosenDaemon extends DaemonName {
  readonly node: string
}

export interface DaemonRequest {
  readonly act: DaemonAct
  readonly chosen: readonly ChosenDaemon[]
  /** Of those that enter maintenance. */
  readonly maintenance?: DaemonMaintenance
  /** Whether one that shall run does not; it is restarted. */
  readonly isDown?: (daemon: ChosenDaemon) => boolean
}

/** `renew`: what runs is restarted; what is stopped stays so, and begins with what is wanted by then. */
type Ordering = Omit<DaemonRequest, 'act'> & { readonly act: DaemonAct | 'renew' }

/** All that a node shall have, in the order of the spec. Undefined where nobody said what runs there. */
export function daemonsOf(
  { daemons }: Pick<ClusterSpec, 'daemons'>,
  { role }: Pick<NodeGroup, 'role'>,
  node: Node,
): readonly WantedDaemon[] | undefined {
  if (daemons === undefined) return undefined
  const usual = usualDaemons(daemons, role)
  if (node.daemons === undefined) return usual
  return usual.map((daemon) => {
    const order = node.daemons?.find((each) => isSameDaemon(each, daemon))
    if (!order) return daemon
    const { stopped = false, restarts = 0, maintenance } = order
    const { service, name } = daemon
    const attended = maintenance === undefined ? {} : { maintenance }
    return { service, name, running: !stopped, restarts, ...attended }
  })
}

/** Of nodes without orders of their own: one list for all that are alike, of whatever cluster, so that its digest is computed once. */
function usualDaemons(
  placements: readonly DaemonPlacement[],
  role: string,
): readonly WantedDaemon[] {
  if (latest.placements !== placements) latest = { placements, byRole: new Map() }
  const { byRole } = latest
  const asked = byRole.get(role)
  if (asked) return asked
  const own = placements.filter(({ roles }) => roles.includes(role))
  const key = JSON.stringify(own.flatMap(({ service, name }) => [service, name]))
  const daemons =
    usual.get(key) ??
    own.map(({ service, name }) => ({ service, name, running: true, restarts: 0 }))
  if (usual.size >= USUAL_MAX) usual.clear()
  usual.set(key, daemons)
  byRole.set(role, daemons)
  return daemons
}

/** A cluster is asked about node by node. */
let latest: {
  readonly placements: readonly DaemonPlacement[]
  readonly byRole: Map<string, readonly WantedDaemon[]>
} = { placements: [], byRole: new Map() }

/** Most clusters have one of few choices of services. */
const usual = new Map<string, readonly WantedDaemon[]>()
const USUAL_MAX = 500

export function daemonDigest(daemons: readonly WantedDaemon[]): string {
  const known = digests.get(daemons)
  if (known !== undefined) return known
  const digest = sha256Hex(canonicalJson(daemons)).slice(0, 16)
  digests.set(daemons, digest)
  return digest
}

const digests = new WeakMap<readonly WantedDaemon[], string>()

/** What has no such daemon is left out. */
export function withDaemonOrders(spec: ClusterSpec, it: Ordering): ClusterSpec {
  const groups = spec.groups.map((group) => ({
    ...group,
    nodes: group.nodes.map((node): Node => {
      const own = daemonsOf(spec, group, node) ?? []
      const chosen = it.chosen.filter((each) => each.node === node.id)
      const due = own.filter((daemon) => chosen.some((each) => isSameDaemon(each, daemon)))
      if (due.length === 0) return node
      const kept = (node.daemons ?? []).filter(
        (order) => !due.some((each) => isSameDaemon(each, order)),
      )
      const orders = due.flatMap((daemon) => orderOf(ordered(daemon, node.id, it)))
      const { daemons: _before, ...rest } = node
      const daemons = [...kept, ...orders]
      return daemons.length === 0 ? rest : { ...rest, daemons }
    }),
  }))
  return { ...spec, groups }
}

function ordered(daemon: WantedDaemon, node: string, it: Ordering): WantedDaemon {
  const { maintenance: _was, ...attended } = daemon
  const { service, name, restarts } = daemon
  switch (it.act) {
    case 'start': {
      const isDown = daemon.running && (it.isDown?.({ node, service, name }) ?? false)
      return { ...daemon, running: true, restarts: isDown ? restarts + 1 : restarts }
    }
    case 'stop':
      return { ...daemon, running: false }
    case 'restart':
      return { ...daemon, running: true, restarts: restarts + 1 }
    case 'renew':
      return { ...daemon, restarts: restarts + 1 }
    case 'enter-maintenance':
      return { ...daemon, maintenance: it.maintenance ?? 'unwatched' }
    case 'exit-maintenance':
      return attended
  }
}

/** None where it is as every other one. */
function orderOf({
  service,
  name,
  running,
  restarts,
  maintenance,
}: WantedDaemon): readonly DaemonOrder[] {
  if (running && restarts === 0 && maintenance === undefined) return []
  return [
    {
      service,
      name,
      ...(running ? {} : { stopped: true }),
      ...(restarts === 0 ? {} : { restarts }),
      ...(maintenance === undefined ? {} : { maintenance }),
    },
  ]
}

export function isSameDaemon(one: DaemonName, other: DaemonName): boolean {
  return one.service === other.service && one.name === other.name
}
