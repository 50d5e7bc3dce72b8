/**
 * The components: names and aliases, what they need, and which process runs on which role of node. Processes and
 * components carry the numbers that clients send in SoftDeployInfo and ServiceNodeInfo; a process without a role under
 * HA or without it is known by number and not placed. Facts: reference tencent-emr.md 2.5, 3.4-3.6.
 */

import data from './components.json' with { type: 'json' }
import type { Component, Process, ProductClass, Role } from './schema.ts'

export interface Place {
  /** Canonical component names of the cluster. */
  readonly components: readonly string[]
  readonly class: ProductClass
  readonly role: Role
  readonly ha: boolean
}

export interface Placement {
  /** What runs on such a node, sorted by name; every node also carries the platform's own processes. */
  readonly processes: readonly PlacedProcess[]
  /** Titles of the components whose client files such a node carries. */
  readonly clients: readonly string[]
}

export interface PlacedProcess {
  readonly component: string
  readonly name: string
  readonly number: number
}

export const components = data.components as unknown as readonly Component[]

const system = components.filter((component) => component.systemVersion !== undefined)
const byName = new Map(
  components.flatMap((component) =>
    [component.name, ...component.aliases].map((name) => [name, component] as const),
  ),
)
const bundles = new Map(data.bundles.map((bundle) => [bundle.name, bundle.members]))

/** By canonical name or alias, in lower case; the platform's own components are found as well. */
export function componentOf(name: string): Component | undefined {
  return byName.get(name)
}

/** What a bundle name such as `hadoop` stands for. */
export function bundleMembers(name: string): readonly string[] | undefined {
  return bundles.get(name)
}

/** By its number; the numbers of HIVESERVER2 and METASTORE lead to hive with only their own processes. */
export function componentByNumber(
  number: number,
): { readonly component: Component; readonly processes: readonly Process[] } | undefined {
  for (const component of components) {
    if (component.number === number) return { component, processes: component.processes }
    const part = component.parts.find((candidate) => candidate.number === number)
    if (part !== undefined) {
      const processes = component.processes.filter((one) => part.processes.includes(one.number))
      return { component, processes }
    }
  }
  return undefined
}

export function processByNumber(number: number): PlacedProcess | undefined {
  for (const component of components) {
    const process = component.processes.find((candidate) => candidate.number === number)
    if (process !== undefined) return placed(component, process)
  }
  return undefined
}

/** Whether these components need a metadata database at creation (2.4 rule 9). */
export function needsMetaDb(names: readonly string[]): boolean {
  return names.some((name) => byName.get(name)?.metaDb === 'create')
}

/** What runs on a node of this role, with and without HA. */
export function processesOf(place: Place): Placement {
  const chosen = [...place.components.map((name) => byName.get(name)), ...system].filter(
    (component) => component !== undefined,
  )
  const here = (roles: readonly Role[]) =>
    roles.some((role) => standIn(role, place.class) === place.role)
  const processes = chosen.flatMap((component) =>
    component.processes
      .filter((process) => here(place.ha ? process.ha : process.single))
      .map((process) => placed(component, process)),
  )
  const clients = chosen.filter((component) => here(component.clients)).map((one) => one.title)
  return {
    processes: processes.sort((one, other) => (one.name < other.name ? -1 : 1)),
    clients,
  }
}

/** ClickHouse and Kafka clusters have no master: what belongs there runs on their core nodes. */
function standIn(role: Role, productClass: ProductClass): Role {
  const masterless = productClass === 'clickhouse' || productClass === 'kafka'
  return masterless && role === 'master' ? 'core' : role
}

function placed(component: Component, process: Process): PlacedProcess {
  return { component: component.name, name: process.name, number: process.number }
}
