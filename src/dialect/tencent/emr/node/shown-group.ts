/** The groups of a cluster with the nodes that clients are shown: those that are being removed stand there until they are gone. */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'

export function shownGroups({ spec, status, change }: Cluster): readonly NodeGroup[] {
  if (change?.kind !== 'scale' || change.direction !== 'in') return spec.groups
  const before = new Map(change.before.groups.map((group) => [group.id, group]))
  const kept = new Set(spec.groups.map(({ id }) => id))
  const gone = change.before.groups
    .filter(({ id }) => !kept.has(id))
    .map((group) => ({
      ...group,
      nodes: group.nodes.filter(({ id }) => status.nodes[id] !== undefined),
    }))
  const shown = spec.groups.map((group) => {
    const wanted = new Set(group.nodes.map(({ id }) => id))
    const leaving = (before.get(group.id)?.nodes ?? []).filter(
      ({ id }) => !wanted.has(id) && status.nodes[id] !== undefined,
    )
    if (leaving.length === 0) return group
    return { ...group, nodes: [...group.nodes, ...leaving].sort((a, b) => a.index - b.index) }
  })
  return [...shown, ...gone]
}
