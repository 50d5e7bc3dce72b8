/**
 * The nodes of the instance: those that its control plane declares, and behind them those that were added by SQL. All are one process. What
 * it keeps counts as held by the first worker that is not to go.
 */
import type { NodeEntry } from '../catalog/record-kind.ts'
import type { EngineContext, NodeDescription } from './engine-context.ts'

type Role = NodeDescription['role']

export interface ListedNode extends NodeDescription {
  /** Of one that was added by SQL. */
  readonly added?: NodeEntry
  /** That it is called by: of its heartbeats or its edit log. */
  readonly port: number
}

const ports: Readonly<Record<Role, number>> = { fe: 9010, observer: 9010, be: 9050, cn: 9050 }

export function nodesOf(
  { identity, store }: Pick<EngineContext, 'identity' | 'store'>,
  roles: readonly Role[],
): readonly ListedNode[] {
  const declared = identity.nodes.map((node) => ({ ...node, port: ports[node.role] }))
  const added = store.current.records('node').map((entry): ListedNode => {
    const { role, host, port } = entry
    const { version } = identity
    const [name = host] = host.split('.')
    return { name, role, host, port, group: '', zone: '', version, added: entry }
  })
  return [...declared, ...added].filter(({ role }) => roles.includes(role))
}

export const isDecommissioned = ({ added }: ListedNode): boolean => added?.decommissioned === true

/** Undefined where there is no worker. */
export const holderOf = (nodes: readonly ListedNode[]): ListedNode | undefined =>
  nodes.find((node) => !isDecommissioned(node)) ?? nodes[0]
