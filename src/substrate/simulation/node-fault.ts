/** Nodes that fail because somebody says so: a process that ends or hangs is started again, as a supervisor does it. Pure. */
import type { NodeFault, SeenIncident } from '../port.ts'
import { restarted } from './daemon.ts'
import type { WorldCluster, WorldNode } from './world-cluster.ts'

/** As many as a local supervisor keeps of an instance. */
const INCIDENTS_MAX = 16

const incidentOf = {
  end: { kind: 'node-ended', reason: 'its process ended by itself and was started again' },
  hang: {
    kind: 'node-unresponsive',
    reason: 'its process did not answer, was ended and started again',
  },
} as const

/** Undefined when the node is not there, or nothing of it runs. One that is lost is missing until it is recreated. */
export function failed(
  was: WorldCluster | undefined,
  { node: id, fault }: { readonly node: string; readonly fault: NodeFault },
  nowMs: number,
): WorldCluster | undefined {
  const node = was?.groups.flatMap(({ nodes }) => nodes).find((each) => each.id === id)
  if (!was || !node || was.removal) return undefined
  if (fault === 'lose') return withNode(was, id, () => [])
  if (node.phase !== 'serving') return undefined
  const incident: SeenIncident = { ...incidentOf[fault], node: id, atMs: nowMs }
  const again = { phase: 'starting', starts: node.starts + 1, sinceMs: nowMs, looks: 0 } as const
  return {
    ...withNode(was, id, (each) => [{ ...each, ...again, ...restarted(each.daemons, nowMs) }]),
    incidents: [...(was.incidents ?? []), incident].slice(-INCIDENTS_MAX),
  }
}

function withNode(
  was: WorldCluster,
  id: string,
  change: (node: WorldNode) => readonly WorldNode[],
): WorldCluster {
  const groups = was.groups.map((group) => ({
    ...group,
    nodes: group.nodes.flatMap((node) => (node.id === id ? change(node) : [node])),
  }))
  return { ...was, groups }
}
