/**
 * Which services a cluster has, and which of their processes run on which of its nodes (reference: tencent-emr.md 3.5, 3.6). The spec says
 * so; clusters of before it did have what the catalogue places on them.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import {
  daemonsOf,
  type DaemonPlacement,
  type WantedDaemon,
} from '../../../../domain/cluster/daemon.ts'
import type { Node, NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { componentOf, processesOf, type Place } from '../../catalogue/component.ts'
import type { Role } from '../../catalogue/schema.ts'
import { clusterExtension } from '../cluster/extension.ts'

const ROLES = ['master', 'core', 'task', 'common', 'router'] as const

/** What the components place on the nodes of a cluster, by component and process. */
export function placed(traits: Omit<Place, 'role'>): readonly DaemonPlacement[] {
  const { components, class: productClass, ha } = traits
  const key = JSON.stringify([components, productClass, ha])
  const known = placements.get(key)
  if (known) return known
  const made = madePlacement(traits)
  if (placements.size >= PLACEMENTS_MAX) placements.clear()
  placements.set(key, made)
  return made
}

/** Most clusters have one of few choices of components; clients may make up any number of them. */
const placements = new Map<string, readonly DaemonPlacement[]>()
const PLACEMENTS_MAX = 200

function madePlacement(traits: Omit<Place, 'role'>): readonly DaemonPlacement[] {
  const daemons = new Map<string, DaemonPlacement & { readonly roles: Role[] }>()
  for (const role of ROLES) {
    for (const { component, name } of processesOf({ ...traits, role }).processes) {
      const service = titleOf(component)
      const known = daemons.get(`${service} ${name}`)
      if (known) known.roles.push(role)
      else daemons.set(`${service} ${name}`, { service, name, roles: [role] })
    }
  }
  return [...daemons.values()].sort((one, other) =>
    one.service === other.service
      ? compare(one.name, other.name)
      : compare(one.service, other.service),
  )
}

export function daemonsOfCluster(cluster: Cluster): readonly DaemonPlacement[] {
  return cluster.spec.daemons ?? placed(traitsOf(cluster))
}

export function daemonsOfNode(
  cluster: Cluster,
  group: NodeGroup,
  node: Node,
): readonly WantedDaemon[] {
  return daemonsOf({ daemons: daemonsOfCluster(cluster) }, group, node) ?? []
}

/** Canonical names of what is installed; `software` has the names with versions that clients read. */
export function componentsOf({ spec }: Pick<Cluster, 'spec'>): readonly string[] {
  return spec.software.components.map(componentOfLabel)
}

/** The canonical name of `HDFS-3.2.2`. */
export function componentOfLabel(label: string): string {
  const name = label
    .trim()
    .toLowerCase()
    .replace(/-\d[0-9a-z.]*$/, '')
  return componentOf(name)?.name ?? name
}

/** The service that it is. */
export function titleOfLabel(label: string): string {
  return titleOf(componentOfLabel(label))
}

export function traitsOf(cluster: Cluster): Omit<Place, 'role'> {
  const { class: productClass, highAvailability: ha } = clusterExtension(cluster)
  return { components: componentsOf(cluster), class: productClass, ha }
}

/** `HDFS`. */
function titleOf(component: string): string {
  return componentOf(component)?.title ?? component.toUpperCase()
}

/** The services of a cluster, those of the platform included. */
export function servicesOf(cluster: Cluster): readonly string[] {
  const running = daemonsOfCluster(cluster).map(({ service }) => service)
  return [...new Set([...componentsOf(cluster).map(titleOf), ...running])]
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
